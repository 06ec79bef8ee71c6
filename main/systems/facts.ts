import { m } from '../messages/index.ts';
import type { Fact } from './system.ts';

type Words = Readonly<Record<string, () => string>>;

const LABELS: Words = {
  'Full name': m.full_name,
  'User name': m.user_name,
  'User number': m.user_number,
  License: m.license,
  'May change the password': m.may_change_password,
  'Server version': m.server_version,
  Schema: m.schema,
  'Projects in all': m.projects_in_all,
};

const VALUES: Readonly<Record<string, Words>> = {
  License: { Write: m.license_write, 'Read only': m.license_read_only },
  'May change the password': { Yes: m.yes, No: m.no },
};

/** A fact as the user reads it. What no system's code says is the server's own word. */
export const factWords = ({ label, value }: Fact): Fact => ({
  label: LABELS[label]?.() ?? label,
  value: VALUES[label]?.[value]?.() ?? value,
});
