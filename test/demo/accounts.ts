import { defaultMinutes } from '../../main/sessions/rhythm.ts';
import type { AccountForm } from '../../main/bridge/contract.ts';
import { systems } from '../../main/systems/index.ts';
import { CLIENT_ID, TENANT_ID } from '../simulators/entra.ts';

/** This user and these secrets are invented. */
export const USER = {
  username: 'isolheim',
  password: 'Fjord-and-Ferry-27',
  apiKey: '7C1E90B2-44D8-4E0B-9F5A-3D2B6A81C0EF',
  emailToken: 'B57F20C39A6E41D8',
  name: 'Ingrid Solheim',
  id: 1042,
  license: 'write',
} as const;

/** The same person as a user of Microsoft. At RIB CX she has no password. */
export const MICROSOFT_USER = {
  email: 'ingrid.solheim@nordfjord.example',
  password: 'Glacier-and-Gangway-31',
  name: USER.name,
} as const;

/** A program that writes reports at night, and has its own password at RIB CX. */
export const REPORTS_USER = {
  email: 'reports@nordfjord.example',
  password: 'Harbour-and-Heather-12',
} as const;

export interface DemoAccount {
  readonly system: 'NEXUS IC' | 'RIB CX';
  readonly name: string;
  readonly method: string;
  /** What the user types, by the field's label. All other fields keep their initial values. */
  readonly values: Readonly<Record<string, string>>;
}

/** One account for each method of NEXUS IC that the demo shows. */
export const NEXUS_ACCOUNTS = [
  {
    system: 'NEXUS IC',
    name: 'Plant model, production',
    method: 'User name and password',
    values: { 'User name': USER.username, Password: USER.password },
  },
  {
    system: 'NEXUS IC',
    name: 'Site office',
    method: 'API key',
    values: { 'API key': USER.apiKey },
  },
  {
    system: 'NEXUS IC',
    name: 'Test server',
    method: 'Email token',
    values: { 'Email token': USER.emailToken },
  },
] as const satisfies readonly DemoAccount[];

export const REPORTS = {
  system: 'RIB CX',
  name: 'Nightly reports',
  method: 'Email and password',
  values: { Email: REPORTS_USER.email, Password: REPORTS_USER.password },
} as const satisfies DemoAccount;

export const MICROSOFT = {
  system: 'RIB CX',
  name: 'Fjord crossing',
  method: 'Microsoft account',
  values: { 'Client ID': CLIENT_ID, Tenant: TENANT_ID },
} as const satisfies DemoAccount;

/** @returns a method's label as it is written within a sentence */
export const inSentence = (method: string) =>
  /^(API|Microsoft)/.test(method) ? method : method.toLowerCase();

/** @returns the form as the popup sends it */
export function formOf(account: DemoAccount, address: string, remember: boolean): AccountForm {
  const system = systems.find(({ name }) => name === account.system);
  const method = system?.methods.find(({ label }) => label() === account.method);
  if (!system || !method) {
    throw new Error(`${account.system} has no method “${account.method}”.`);
  }
  const values = Object.fromEntries(
    method.fields.map(({ id, label, initial }) => [id, account.values[label()] ?? initial ?? '']),
  );
  const host = method.hostToTrust?.(address);
  return {
    system: system.id,
    name: account.name,
    address,
    method: method.id,
    values: { ...values, ...(host !== undefined && { trustedHost: host }) },
    remember,
    keepAliveMinutes: defaultMinutes(system),
  };
}
