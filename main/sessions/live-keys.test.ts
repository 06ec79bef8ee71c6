import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { SECOND_MS } from '../clock.ts';
import { LiveKeys } from './live-keys.ts';

async function setUp() {
  const world = await createWorld();
  const account = await world.add();
  const keys = new LiveKeys(world.clock);
  return { ...world, account, keys, requests: () => world.server.journal.entries.length };
}

describe('a key for a program', () => {
  it('is handed out without a request within 30 s after it was verified', async () => {
    const { account, keys, clock, requests } = await setUp();
    const before = requests();
    await clock.advance(29 * SECOND_MS);
    expect(await keys.getVerified(account)).toEqual({ ok: true, value: account.sessionKey });
    expect(requests()).toBe(before);
  });

  it('is verified first if it was verified longer ago', async () => {
    const { account, keys, clock, server } = await setUp();
    await clock.advance(30 * SECOND_MS);
    expect(await keys.getVerified(account)).toMatchObject({ ok: true });
    expect(server.journal.count('version')).toBe(1);
  });

  it('is renewed first if it has expired', async () => {
    const { account, keys, clock, server } = await setUp();
    server.forgetSessions();
    await clock.advance(30 * SECOND_MS);
    const key = await keys.getVerified(account);
    expect([...server.sessions.keys()]).toEqual([key.ok && key.value.key]);
  });

  it('costs one login for 50 programs at the same moment', async () => {
    const { account, keys, clock, server } = await setUp();
    server.forgetSessions();
    await clock.advance(30 * SECOND_MS);
    const all = await Promise.all(Array.from({ length: 50 }, () => keys.getVerified(account)));
    expect(new Set(all.map((key) => key.ok && key.value.key))).toEqual(
      new Set(server.sessions.keys()),
    );
    expect(server.loginRequests).toBe(2);
    expect(server.journal.count('version')).toBe(1);
  });

  it('is a new key if the server has refused the old one, also within 30 s', async () => {
    const { account, keys, server } = await setUp();
    const rejected = account.sessionKey!.key;
    server.forgetSessions();
    const all = await Promise.all(
      Array.from({ length: 50 }, () => keys.getVerified(account, rejected)),
    );
    expect(new Set(all.map((key) => key.ok && key.value.key))).toEqual(
      new Set(server.sessions.keys()),
    );
    expect(server.loginRequests).toBe(2);
  });
});

describe('no key', () => {
  it('is handed out if only the user can sign in, and the server is not asked again', async () => {
    const { account, keys, clock, server, requests } = await setUp();
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(30 * SECOND_MS);
    expect(await keys.getVerified(account)).toMatchObject({ error: { kind: 'sign-in-needed' } });
    const before = requests();
    for (let i = 0; i < 20; i++) await keys.getVerified(account);
    expect(requests()).toBe(before);
  });

  it('is handed out after signing out', async () => {
    const { account, keys } = await setUp();
    await account.signOut();
    expect(await keys.getVerified(account)).toMatchObject({ error: { kind: 'sign-in-needed' } });
  });

  it('is handed out while the server does not respond, but the last key is named', async () => {
    const { account, keys, clock, server } = await setUp();
    const lastKey = account.sessionKey!.key;
    server.faults.always(faults.connectionRefused());
    await clock.advance(30 * SECOND_MS);
    expect(await keys.getVerified(account)).toMatchObject({ error: { kind: 'offline', lastKey } });
  });

  it('causes a request to a server that does not respond at most every 5 s', async () => {
    const { account, keys, clock, server, requests } = await setUp();
    server.faults.always(faults.connectionRefused());
    await clock.advance(30 * SECOND_MS);
    await keys.getVerified(account);
    const before = requests();
    for (let i = 0; i < 10; i++) await keys.getVerified(account);
    expect(requests() - before).toBe(1);
    server.faults.clear();
    await clock.advance(5 * SECOND_MS);
    expect(await keys.getVerified(account)).toMatchObject({ ok: true });
  });
});
