import type { AccountForm } from '../../main/bridge/contract.ts';
import { nexusIc } from '../../main/systems/nexus-ic/index.ts';

/** Who signs in. Made up, as are the secrets; the simulator knows nobody else. */
export const USER = {
  username: 'isolheim',
  password: 'Fjord-and-Ferry-27',
  apiKey: '7C1E90B2-44D8-4E0B-9F5A-3D2B6A81C0EF',
  emailToken: 'B57F20C39A6E41D8',
  name: 'Ingrid Solheim',
  id: 1042,
  license: 'write',
} as const;

export interface DemoAccount {
  readonly name: string;
  readonly method: string;
  /** What is typed, by the label of the field. */
  readonly values: Readonly<Record<string, string>>;
}

/** One for each method. */
export const ACCOUNTS = [
  {
    name: 'Plant model, production',
    method: 'User name and password',
    values: { 'User name': USER.username, Password: USER.password },
  },
  { name: 'Site office', method: 'API key', values: { 'API key': USER.apiKey } },
  { name: 'Test server', method: 'Email token', values: { 'Email token': USER.emailToken } },
] as const satisfies readonly DemoAccount[];

/** A method's label as it reads within a sentence. */
export const inSentence = (method: string) =>
  method.startsWith('API') ? method : method.toLowerCase();

/** The form as the popup would send it. */
export function formOf(account: DemoAccount, address: string, remember: boolean): AccountForm {
  const { id: system, keepAliveMinutes, methods } = nexusIc;
  const method = methods.find(({ label }) => label === account.method);
  if (!method) throw new Error(`NEXUS IC has no method “${account.method}”.`);
  const values = Object.fromEntries(
    method.fields.map(({ id, label }) => [id, account.values[label] ?? '']),
  );
  return {
    system,
    name: account.name,
    address,
    method: method.id,
    values,
    remember,
    keepAliveMinutes,
  };
}
