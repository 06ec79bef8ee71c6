/** The simulated servers, the people that they know, and the accounts that these people add. */
import { CLIENT_ID, startEntra, type Entra } from '../simulators/entra.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import { startRibCx, type RibCx } from '../simulators/rib-cx.ts';
import type { FilledForm } from './popup.ts';

/** Real time. */
const clock = { now: () => Date.now() };

/** The mark makes a secret easy to find, wherever it is. */
export const USER = {
  username: 'engineer1',
  password: 'MARKED-password-7f3a',
  apiKey: 'MARKED-api-key-7f3a',
  emailToken: 'MARKED-email-token-7f3a',
  name: 'Zoë Engineer',
};
export const ADA = { email: 'ada@example.com', password: 'MARKED-ada-7f3a' };
export const BEN = { email: 'ben@example.com', password: 'MARKED-ben-7f3a' };

export const PROJECTS = Array.from({ length: 37 }, (_, i) => ({ Name: `Tunnel section ${i + 1}` }));
/** The Return URL that is registered; the simulated RIB CX is there, and counts requests. */
export const RETURN_URL = 'http://rib-cx.test/cxR/Authentication';

export function startNexus(options: Partial<Parameters<typeof startNexusIc>[0]> = {}) {
  return startNexusIc({ clock, users: [USER], ...options });
}

export function startMicrosoft(): Promise<Entra> {
  return startEntra({
    clock,
    users: [ADA, BEN],
    deviceIntervalSeconds: 0.2,
    applications: [{ clientId: CLIENT_ID, redirectUris: ['http://localhost', RETURN_URL] }],
  });
}

export function startCx({ verifyToken }: Entra): Promise<RibCx> {
  return startRibCx({ clock, users: [ADA, BEN], projects: PROJECTS, verifyToken });
}

const NEXUS_VALUES = {
  'User name and password': { 'User name': USER.username, Password: USER.password },
  'API key': { 'API key': USER.apiKey },
  'Email token': { 'Email token': USER.emailToken },
} as const;
type NexusMethod = keyof typeof NEXUS_VALUES;
export const NEXUS_METHODS = Object.keys(NEXUS_VALUES) as NexusMethod[];

export function nexusAccount(
  { origin }: NexusIc,
  changes: Partial<FilledForm> & { readonly method?: NexusMethod } = {},
): FilledForm {
  const { method = 'User name and password' } = changes;
  return {
    system: 'NEXUS IC',
    name: 'Plant model',
    address: origin,
    method,
    values: NEXUS_VALUES[method],
    ...changes,
  };
}

export function cxAccount({ origin }: RibCx): FilledForm {
  return {
    system: 'RIB CX',
    name: 'Harbour Tunnel',
    address: origin,
    method: 'Email and password',
    values: { Email: ADA.email, Password: ADA.password },
  };
}

/** The key of the server's only session. */
export function onlyKey({ sessions }: NexusIc | RibCx): string {
  const [key, ...others] = sessions.keys();
  if (key === undefined || others.length > 0) throw new Error('Not exactly one session exists.');
  return key;
}
