import { expect, it, vi } from 'vitest';
import { startAccounts } from '../../test/support/account-world.ts';
import { ADA, RETURN_URL } from '../../test/support/microsoft-world.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { CLIENT_ID, MICROSOFT, startEntra, TENANT_ID } from '../../test/simulators/entra.ts';
import { startRibCx } from '../../test/simulators/rib-cx.ts';
import { HOUR_MS } from '../clock.ts';
import { Prompts } from './prompts.ts';

const ADDRESS = 'https://microsoft.com/devicelogin';

it('each sign-in has its own prompt, and ends no other', () => {
  const prompts = new Prompts({
    openBrowser: async () => {},
    openWindow: async () => undefined,
    onChange: () => {},
    onReturn: () => {},
  });
  const [one, other] = ['a', 'b'].map((id) => prompts.interactionFor({ id, name: 'Tunnel' }));
  const { signal } = new AbortController();
  one?.showCode('FIRST', ADDRESS, 1, signal);
  other?.showCode('SECOND', ADDRESS, 1, signal);
  expect(prompts.all).toMatchObject([{ code: 'FIRST' }, { code: 'SECOND' }]);
  other?.end();
  expect(prompts.all).toMatchObject([{ id: 'a', code: 'FIRST' }]);
});

/** Starts a sign-in whose user never answers. */
async function startSignIn(style: string) {
  let asked = 0;
  let returned = 0;
  const prompts = new Prompts({
    openBrowser: async () => void asked++,
    openWindow: (_url, _returnUrl, signal) => {
      asked++;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
    },
    onChange: () => {
      if (style === 'device-code') asked++;
    },
    onReturn: () => void returned++,
  });
  const clock = new VirtualClock();
  const entra = await startEntra({ users: [ADA], clock, listen: false });
  const { verifyToken } = entra;
  const ribCx = await startRibCx({ clock, users: [ADA], listen: false, verifyToken });
  const { list } = startAccounts({
    clock,
    fetch: (url, init) => {
      if (url.startsWith(MICROSOFT)) return entra.fetch(url, init);
      return url.startsWith(ribCx.origin) ? ribCx.fetch(url, init) : fetch(url, init);
    },
    interaction: (account) => prompts.interactionFor(account),
  });
  const values = {
    ...{ clientId: CLIENT_ID, tenant: TENANT_ID, style, returnUrl: RETURN_URL },
    ...{ cloud: 'global', apiVersion: 'latest', trustedHost: new URL(ribCx.origin).host },
  };
  list.addSignedOut([
    {
      ...{ system: 'rib-cx', name: 'Tunnel', address: ribCx.origin, method: 'microsoft' },
      ...{ values, remember: true, keepAliveMinutes: 10 },
    },
  ]);
  const { id } = list.all[0]!.saved;
  list.get(id).update({ values });
  const ended = list.signIn(id);
  await vi.waitFor(() => expect(asked).toBe(1));
  return { list, clock, id, prompts, ended, returned: () => returned };
}

const STYLES = ['browser', 'window', 'device-code'];

it.each(STYLES)('a cancelled sign-in (%s) does not bring its user back', async (style) => {
  const { list, id, prompts, ended, returned } = await startSignIn(style);
  list.cancelSignIn(id);
  await ended;
  expect([prompts.all, returned()]).toEqual([[], 0]);
});

it.each(STYLES)('a sign-in (%s) that quitting cancels does not open the popup', async (style) => {
  const { list, ended, returned } = await startSignIn(style);
  list.stop();
  await ended;
  expect(returned()).toBe(0);
});

it.each(STYLES)('a sign-in (%s) whose time is over brings its user back', async (style) => {
  const { list, clock, ended, returned } = await startSignIn(style);
  await clock.advance(HOUR_MS);
  await ended;
  expect(returned()).toBe(1);
  list.stop();
});
