import type { AccountForm } from '../../main/sessions/account-form.ts';
import type { Fetch, Interaction } from '../../main/systems/system.ts';
import {
  CLIENT_ID,
  MICROSOFT,
  startEntra,
  TENANT_ID,
  type Entra,
  type EntraOptions,
} from '../simulators/entra.ts';
import { replyIn, signInAt, submit } from '../simulators/person.ts';
import { startRibCx, type RibCx } from '../simulators/rib-cx.ts';
import { startAccounts, type Accounts } from './account-world.ts';
import { VirtualClock } from './virtual-clock.ts';

export const ADA = { email: 'ada@example.com', password: 'correct horse' };
export const RETURN_URL = 'https://au.itwocx.com/cxR/Authentication';

export interface MicrosoftWorld {
  readonly clock: VirtualClock;
  readonly entra: Entra;
  readonly ribCx: RibCx;
  readonly accounts: Accounts;
  readonly asked: string[];
  form(values?: Readonly<Record<string, string>>): AccountForm;
}

/** Makes the real list of accounts with a simulated RIB CX, which trusts a simulated Microsoft. A user signs in when asked. */
export async function createMicrosoftWorld(
  options: Partial<EntraOptions> = {},
  answers: Partial<Interaction> = {},
): Promise<MicrosoftWorld> {
  const clock = new VirtualClock();
  const entra = await startEntra({ deviceIntervalSeconds: 0.01, ...options, clock, listen: false });
  const users = options.users ?? [ADA];
  const ribCx = await startRibCx({ clock, users, listen: false, verifyToken: entra.verifyToken });
  // MSAL's own loopback server is real, so it needs a real request.
  const fetchAnywhere: Fetch = (url, init) => {
    if (url.startsWith(MICROSOFT)) return entra.fetch(url, init);
    return new URL(url).hostname === '127.0.0.1' && !url.startsWith(ribCx.origin)
      ? fetch(url, init)
      : ribCx.fetch(url, init);
  };
  const asked: string[] = [];
  const user: Interaction = {
    async openBrowser(url, expiresAt, signal) {
      asked.push('browser');
      if (answers.openBrowser) return answers.openBrowser(url, expiresAt, signal);
      const reply = await replyIn(await signInAt(entra.fetch, url, ADA));
      await submit(fetch, { ...reply, action: reply.action.replace('localhost', '127.0.0.1') });
    },
    async openWindow(url, returnUrl, expiresAt, signal) {
      asked.push('window');
      if (answers.openWindow) return answers.openWindow(url, returnUrl, expiresAt, signal);
      const answer = await signInAt(entra.fetch, url, ADA);
      return answer.headers.get('location') ?? undefined;
    },
    showCode(code, address, expiresAt, signal) {
      asked.push('code');
      if (answers.showCode) answers.showCode(code, address, expiresAt, signal);
      else entra.approveDevice(code, ADA.email);
    },
  };
  const interaction = () => ({ ...user, end: () => undefined });
  return {
    clock,
    entra,
    ribCx,
    asked,
    accounts: startAccounts({ clock, fetch: fetchAnywhere, interaction }),
    form: (values = {}) => ({
      system: 'rib-cx',
      name: 'Harbour Tunnel',
      address: ribCx.origin,
      method: 'microsoft',
      values: {
        clientId: CLIENT_ID,
        tenant: TENANT_ID,
        style: 'browser',
        returnUrl: RETURN_URL,
        cloud: 'global',
        apiVersion: 'latest',
        trustedHost: new URL(ribCx.origin).host,
        ...values,
      },
      remember: true,
      keepAliveMinutes: 10,
    }),
  };
}
