import { expect, test } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { SECOND_MS } from '../clock.ts';
import { DEFAULT_SETTINGS } from '../storage/settings.ts';
import { Removals } from './removals.ts';

async function setUp() {
  const { accounts, add, clock, server } = await createWorld();
  const { saved } = await add();
  let changes = 0;
  const removals = new Removals({
    accounts: accounts.list,
    settings: { get: () => DEFAULT_SETTINGS, save: () => undefined },
    clock,
    onChange: () => (changes += 1),
  });
  return { id: saved.id, accounts, clock, server, removals, changes: () => changes };
}

test('a removed account is not shown, and its session ends after 10 s', async () => {
  const { id, removals, clock, accounts, server, changes } = await setUp();
  removals.remove(id);
  expect(removals.shown).toEqual([]);
  expect(changes()).toBe(1);
  await clock.advance(10 * SECOND_MS - 1);
  expect(server.sessions.size).toBe(1);
  await clock.advance(1);
  expect(accounts.list.all).toEqual([]);
  expect(server.sessions.size).toBe(0);
});

test('an account whose removal is undone is as it was', async () => {
  const { id, removals, clock, server } = await setUp();
  removals.remove(id);
  removals.undo(id);
  await clock.advance(20 * SECOND_MS);
  expect(removals.shown.map(({ session }) => session.state)).toEqual(['live']);
  expect(server.sessions.size).toBe(1);
});

test('a removal cancels the sign-in that runs', async () => {
  const { id, removals, accounts, server } = await setUp();
  await accounts.list.get(id).signOut();
  server.faults.next(faults.held(), { route: 'login' });
  const signIn = accounts.list.signIn(id);
  await settle();
  removals.remove(id);
  expect((await signIn).ok).toBe(false);
});

test('a managed account is not removed, whoever asks', async () => {
  const { id, removals, accounts } = await setUp();
  accounts.list.get(id).update({ managed: { fields: [] } });
  expect(() => removals.remove(id)).toThrow('Only the administrator');
  expect(removals.shown).toHaveLength(1);
});

test('an account that is being removed when Keyvigil quits does not come back', async () => {
  const { id, removals, accounts } = await setUp();
  removals.remove(id);
  removals.finishAll();
  expect(accounts.storage.accounts).toEqual([]);
});
