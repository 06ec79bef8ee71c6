/** Proves that a new system needs only one module: this file adds a system, and changes nothing else. */
import { expect, it } from 'vitest';
import { failed, success } from '../../main/result.ts';
import { withoutValue, type Outcome } from '../../main/systems/failure.ts';
import { send } from '../../main/systems/http.ts';
import type { System } from '../../main/systems/system.ts';
import { startAccounts } from '../support/account-world.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { readUrl } from '../../main/systems/url.ts';

/** A system whose keys never change. The user types the key. */
const staticKey: System = {
  id: 'static-key',
  name: 'Static key',
  addressExample: 'api.example.com',
  addressMark: 'third.example.com',
  keyParameter: { in: 'header', name: 'key' },
  signInPaths: [],
  exampleCall: { path: 'ping', query: {}, listName: 'items' },
  keepAliveRhythm: { sessionMinutes: 30 },
  methods: [
    {
      id: 'key',
      label: () => 'Key',
      fields: [{ id: 'key', label: () => 'Key', secret: true }],
      refusedField: 'key',
    },
  ],
  readAddress(typed) {
    const reading = readUrl(typed);
    return reading.ok ? success(reading.value.origin) : reading;
  },
  connect({ address }, services) {
    const ping = async (key: string, signal: AbortSignal): Promise<Outcome<void>> => {
      const request = { url: `${address}/ping`, method: 'GET', headers: { key } } as const;
      const sent = await send(request, services, signal);
      if (!sent.ok) return sent;
      return sent.value.status === 200
        ? success(undefined)
        : failed({ kind: 'refused', message: 'Refused.' });
    };
    return {
      async logIn({ key = '' }, { signal }) {
        const outcome = await ping(key, signal);
        return outcome.ok ? success({ key, facts: [], learned: {} }) : outcome;
      },
      identify: async (signal) => {
        const request = { url: address, method: 'GET', headers: {} } as const;
        return withoutValue(await send(request, services, signal));
      },
      keepAlive: ping,
      async verify(key, signal) {
        const outcome = await ping(key, signal);
        return outcome.ok ? success({ facts: [] }) : outcome;
      },
      logOut: async () => success(undefined),
    };
  },
  apiBase: ({ address }) => address,
  copyFormats: () => [],
  explorer: ({ address }) => ({ address, mustPasteKey: false }),
};

it('is kept alive like any other', async () => {
  const clock = new VirtualClock();
  let pings = 0;
  const accounts = startAccounts({
    clock,
    systems: [staticKey],
    fetch: async (_url, { headers }) => {
      pings++;
      const { key } = headers as { key: string };
      return new Response('pong', { status: key === 'right' ? 200 : 401 });
    },
  });
  const form = {
    system: 'static-key',
    name: '',
    address: 'api.example.com',
    method: 'key',
    remember: true,
    keepAliveMinutes: 30,
  };
  expect(await accounts.tryAdd({ ...form, values: { key: 'wrong' } })).toMatchObject({
    ok: false,
  });
  const account = await accounts.add({ ...form, values: { key: 'right' } });
  await clock.advance(3 * 60 * 60_000);
  expect(account.session).toMatchObject({ state: 'live', sessionKey: { key: 'right' } });
  expect(pings).toBe(2 + 6);
});
