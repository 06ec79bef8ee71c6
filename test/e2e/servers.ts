/** Starts the simulated servers, and makes the users that they know and the accounts that these users add. */
import { CLIENT_ID, startEntra, type Entra } from '../simulators/entra.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import { startRibCx, type RibCx } from '../simulators/rib-cx.ts';
import { markedRandom, TYPED_MARK } from '../support/canary.ts';
import type { FilledForm } from './popup.ts';

/** The servers use the real time. */
const clock = { now: () => Date.now() };

export const USER = {
  username: 'engineer1',
  password: `password-${TYPED_MARK}`,
  apiKey: `api-key-${TYPED_MARK}`,
  emailToken: `email-token-${TYPED_MARK}`,
  name: 'Zoë Engineer',
};
export const ADA = { email: 'ada@example.com', password: `ada-${TYPED_MARK}` };
export const BEN = { email: 'ben@example.com', password: `ben-${TYPED_MARK}` };

export const PROJECTS = Array.from({ length: 37 }, (_, i) => ({ Name: `Tunnel section ${i + 1}` }));
/** The registered Return URL. The simulated RIB CX serves it, and counts the requests to it. */
export const RETURN_URL = 'http://rib-cx.test/cxR/Authentication';

export function startNexus(options: Partial<Parameters<typeof startNexusIc>[0]> = {}) {
  return startNexusIc({ clock, random: markedRandom, users: [USER], ...options });
}

export function startMicrosoft(): Promise<Entra> {
  return startEntra({
    clock,
    random: markedRandom,
    users: [ADA, BEN],
    deviceIntervalSeconds: 0.2,
    applications: [{ clientId: CLIENT_ID, redirectUris: ['http://localhost', RETURN_URL] }],
  });
}

export function startCx({ verifyToken }: Entra): Promise<RibCx> {
  return startRibCx({
    clock,
    random: markedRandom,
    users: [ADA, BEN],
    projects: PROJECTS,
    verifyToken,
  });
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

/**
 * @returns the key of the server's only session
 * @throws if there is not exactly one session
 */
export function onlyKey({ sessions }: NexusIc | RibCx): string {
  const [key, ...others] = sessions.keys();
  if (key === undefined || others.length > 0) throw new Error('Not exactly one session exists.');
  return key;
}
