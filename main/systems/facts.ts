import { m } from '../messages/index.ts';
import type { Fact } from './system.ts';

/** A map, not an object, because a server may send a word such as `constructor`. */
type Words = ReadonlyMap<string, () => string>;

const LABELS: Words = new Map([
  ['Full name', m.full_name],
  ['User name', m.user_name],
  ['User number', m.user_number],
  ['License', m.license],
  ['May change the password', m.may_change_password],
  ['Server version', m.server_version],
  ['Schema', m.schema],
  ['Projects in all', m.projects_in_all],
]);

const VALUES: ReadonlyMap<string, Words> = new Map([
  [
    'License',
    new Map([
      ['Write', m.license_write],
      ['Read only', m.license_read_only],
    ]),
  ],
  [
    'May change the password',
    new Map([
      ['Yes', m.yes],
      ['No', m.no],
    ]),
  ],
]);

/** The English words with which facts are stored. */
export const FACT_CODES: readonly string[] = [
  ...LABELS.keys(),
  ...[...VALUES.values()].flatMap((words) => [...words.keys()]),
];

/** Translates a fact for the user. Values that `VALUES` lacks stay in the server's own words. */
export const factWords = ({ label, value }: Fact): Fact => ({
  label: LABELS.get(label)?.() ?? label,
  value: VALUES.get(label)?.get(value)?.() ?? value,
});
