import { expect, test } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import type { NexusIc } from '../../test/simulators/nexus-ic.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { SECOND_MS, sleep } from '../clock.ts';
import { DEFAULT_SETTINGS } from '../storage/settings.ts';
import type { Fetch } from '../systems/system.ts';
import { ShownAccounts } from './shown-accounts.ts';

async function setUp(options?: Parameters<typeof createWorld>[0]) {
  const { accounts, add, clock, server } = await createWorld(options);
  const { saved } = await add();
  let changes = 0;
  const shownAccounts = new ShownAccounts({
    accounts: accounts.list,
    settings: { get: () => DEFAULT_SETTINGS, save: () => undefined },
    clock,
    onChange: () => (changes += 1),
  });
  return { id: saved.id, accounts, clock, server, shownAccounts, changes: () => changes };
}

test('a removed account is not shown, and its session ends after 10 s', async () => {
  const { id, shownAccounts, clock, accounts, server, changes } = await setUp();
  shownAccounts.remove(id);
  expect(shownAccounts.all).toEqual([]);
  expect(changes()).toBe(1);
  await clock.advance(10 * SECOND_MS - 1);
  expect(server.sessions.size).toBe(1);
  await clock.advance(1);
  expect(accounts.list.all).toEqual([]);
  expect(server.sessions.size).toBe(0);
});

test('an account whose removal is undone is as it was', async () => {
  const { id, shownAccounts, clock, server } = await setUp();
  shownAccounts.remove(id);
  expect(shownAccounts.undo(id)).toBe(true);
  // A second click on Undo changes nothing.
  expect(shownAccounts.undo(id)).toBe(true);
  await clock.advance(20 * SECOND_MS);
  expect(shownAccounts.all.map(({ session }) => session.state)).toEqual(['live']);
  expect(server.sessions.size).toBe(1);
});

test('an account that is gone does not come back, and the user is told so', async () => {
  const { id, shownAccounts, clock } = await setUp();
  shownAccounts.remove(id);
  await clock.advance(10 * SECOND_MS);
  expect(shownAccounts.undo(id)).toBe(false);
});

test('a removal cancels the sign-in that runs', async () => {
  const { id, shownAccounts, accounts, server } = await setUp();
  await accounts.list.get(id).signOut();
  server.faults.next(faults.held(), { route: 'login' });
  const signIn = accounts.list.signIn(id);
  await settle();
  shownAccounts.remove(id);
  expect((await signIn).ok).toBe(false);
});

test('a managed account is not removed, whoever asks', async () => {
  const { id, shownAccounts, accounts } = await setUp();
  accounts.list.get(id).update({ managed: { fields: [] } });
  expect(() => shownAccounts.remove(id)).toThrow('Only the administrator');
  expect(shownAccounts.all).toHaveLength(1);
});

test('an account that is being removed when Keyvigil quits does not come back', async () => {
  const { id, shownAccounts, accounts } = await setUp();
  shownAccounts.remove(id);
  shownAccounts.finishRemovals();
  expect(accounts.storage.accounts).toEqual([]);
});

test('the session of an account that is being removed ends before Keyvigil has quit', async () => {
  const clock = new VirtualClock();
  let delayMs = 0;
  const through: (fetch: Fetch) => Fetch = (fetch) => async (url, init) => {
    if (delayMs > 0) await sleep(clock, delayMs);
    return fetch(url, init);
  };
  const { server, quit } = await quitAfterRemoval({ clock, through }, () => (delayMs = SECOND_MS));
  while (!quit.isDone) await clock.advance(100);
  expect(server.sessions.size).toBe(0);
});

test('quitting waits 5 s for the server of a removed account, and no longer', async () => {
  const { clock, quit } = await quitAfterRemoval({}, (server) =>
    server.faults.always(faults.held()),
  );
  await clock.advance(5 * SECOND_MS - 1);
  expect(quit.isDone).toBe(false);
  await clock.advance(1);
  expect(quit.isDone).toBe(true);
});

/** Removes an account, and quits at once, as `compose.ts` does. */
async function quitAfterRemoval(
  options: Parameters<typeof createWorld>[0],
  onRemoved: (server: NexusIc) => unknown,
) {
  const { id, shownAccounts, accounts, clock, server } = await setUp(options);
  shownAccounts.remove(id);
  onRemoved(server);
  shownAccounts.finishRemovals();
  accounts.list.stop();
  const quit = { isDone: false };
  void accounts.list.endSessions('removed').then(() => (quit.isDone = true));
  return { clock, server, quit };
}
