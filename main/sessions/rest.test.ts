import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts';
import { LiveKeys } from './live-keys.ts';
import { isNeeded, type Presence, type Rest } from './rest.ts';

const PRESENT: Presence = { idleMs: 0, isLocked: false };
const LOCKED: Presence = { idleMs: 0, isLocked: true };
const AWAY: Rest = { when: 'away', afterMinutes: 15, signOut: false };
const OFF_HOURS: Rest = { when: 'off-hours', from: '08:00', to: '17:30', signOut: false };

/** @returns this time on a Monday, or `days` later, in local time */
const at = (time: string, days = 0) => {
  const [hours, minutes] = time.split(':').map(Number);
  return new Date(2026, 0, 5 + days, hours, minutes).getTime();
};

describe('a session is needed', () => {
  const needed = (rest: Rest | undefined, presence: Presence, wall = at('03:00')) =>
    isNeeded(rest, presence, Infinity, wall);

  it('always, unless its account may rest', () => {
    expect(needed(undefined, LOCKED)).toBe(true);
  });

  it('while its user uses the computer, until the computer is locked or idle for the set time', () => {
    expect(needed(AWAY, PRESENT)).toBe(true);
    expect(needed(AWAY, { ...PRESENT, idleMs: 15 * MINUTE_MS - 1 })).toBe(true);
    expect(needed(AWAY, { ...PRESENT, idleMs: 15 * MINUTE_MS })).toBe(false);
    expect(needed(AWAY, LOCKED)).toBe(false);
  });

  it('in working hours, from Monday to Friday', () => {
    const times = ['07:59', '08:00', '17:29', '17:30'];
    expect(times.map((time) => needed(OFF_HOURS, LOCKED, at(time)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([4, 5, 6, 7].map((days) => needed(OFF_HOURS, PRESENT, at('12:00', days)))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('for a quarter of an hour after its user or a script asked for it', () => {
    expect(isNeeded(AWAY, LOCKED, 15 * MINUTE_MS - 1, 0)).toBe(true);
    expect(isNeeded(AWAY, LOCKED, 15 * MINUTE_MS, 0)).toBe(false);
  });
});

/** Makes an account whose user has not asked for its session for an hour. */
async function createResting(rest: Rest) {
  let presence = PRESENT;
  const world = await createWorld({ presence: () => presence });
  const account = await world.add({ rest });
  await world.clock.advance(HOUR_MS);
  return {
    ...world,
    account,
    keys: new LiveKeys(world.clock),
    see(seen: Presence) {
      const isUnlocked = presence.isLocked && !seen.isLocked;
      presence = seen;
      // The operating system announces that the screen is unlocked.
      if (isUnlocked) world.accounts.scheduler.resume();
    },
    seeUntold: () => (presence = PRESENT),
    requests: () => world.server.journal.entries.length,
  };
}

describe('a resting session', () => {
  it('is not kept alive, and keeps its key and its state', async () => {
    const { account, clock, see, requests } = await createResting(AWAY);
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    expect(account.isResting).toBe(true);
    const before = requests();
    await clock.advance(30 * MINUTE_MS);
    expect(requests()).toBe(before);
    expect(account.session.state).toBe('live');
  });

  it('loses its key when the server must have ended it', async () => {
    const { account, clock, see } = await createResting(AWAY);
    see(LOCKED);
    await clock.advance(2 * HOUR_MS);
    expect(account.session).toEqual({
      state: 'signed-out',
      problem: 'The session rests while you are away.',
    });
  });

  it('is renewed within 10 s when its user is back', async () => {
    const { account, clock, see, server } = await createResting(AWAY);
    see({ idleMs: 16 * MINUTE_MS, isLocked: false });
    await clock.advance(3 * HOUR_MS);
    expect(server.sessions.size).toBe(0);
    see(PRESENT);
    await clock.advance(10 * SECOND_MS);
    expect(account.session.state).toBe('live');
    expect([...server.sessions.keys()]).toEqual([account.sessionKey?.key]);
  });

  it('is renewed when its user unlocks the computer', async () => {
    const { account, clock, see } = await createResting(AWAY);
    see(LOCKED);
    await clock.advance(2 * HOUR_MS);
    see(PRESENT);
    await clock.advance(3 * SECOND_MS);
    expect(account.session.state).toBe('live');
  });

  it('is renewed within a minute if no event reports that the computer was unlocked', async () => {
    const { account, clock, see, seeUntold } = await createResting(AWAY);
    see(LOCKED);
    await clock.advance(2 * HOUR_MS);
    seeUntold();
    await clock.advance(MINUTE_MS + 3 * SECOND_MS);
    expect(account.session.state).toBe('live');
  });

  it('ends on the server if its user wants that, and comes back by itself', async () => {
    const { account, clock, see, server } = await createResting({ ...AWAY, signOut: true });
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    expect(server.sessions.size).toBe(0);
    expect(account.session.state).toBe('signed-out');
    expect(account.saved.wanted).toBe(true);
    see(PRESENT);
    await clock.advance(10 * SECOND_MS);
    expect(account.session.state).toBe('live');
    expect(server.loginRequests).toBe(2);
  });

  it('is renewed in the minute in which working hours begin', async () => {
    const { account, clock, server } = await createResting({ ...OFF_HOURS, signOut: true });
    await clock.advance(at('20:00') - clock.wall());
    expect(server.sessions.size).toBe(0);
    await clock.advance(at('08:00', 1) - clock.wall());
    await clock.advance(10 * SECOND_MS);
    expect(account.session.state).toBe('live');
  });

  it('does not keep the other sessions of its server from being kept alive', async () => {
    const { add, clock, see, server } = await createResting({ ...AWAY, signOut: true });
    const other = await add({ values: { userName: 'engineer2', password: 'secret pässword' } });
    const { key } = other.sessionKey!;
    see(LOCKED);
    await clock.advance(5 * HOUR_MS);
    expect([...server.sessions.keys()]).toEqual([key]);
  });

  it('is renewed at once for a script, and rests a quarter of an hour later', async () => {
    const { account, clock, keys, see } = await createResting({ ...AWAY, signOut: true });
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    expect(await keys.getVerified(account)).toMatchObject({ ok: true });
    await clock.advance(14 * MINUTE_MS);
    expect(account.session.state).toBe('live');
    await clock.advance(2 * MINUTE_MS);
    expect(account.session.state).toBe('signed-out');
  });

  it('does not log in at a restart, and is renewed later', async () => {
    const { accounts, account, clock, see, server } = await createResting({
      ...AWAY,
      signOut: true,
    });
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    accounts.restart();
    const { id } = account.saved;
    await clock.advance(HOUR_MS);
    expect(accounts.list.get(id).session.state).toBe('signed-out');
    expect(server.loginRequests).toBe(1);
    see(PRESENT);
    await clock.advance(10 * SECOND_MS);
    expect(accounts.list.get(id).session.state).toBe('live');
  });

  it('stays signed out after its user signed out', async () => {
    const { account, clock, see, server } = await createResting({ ...AWAY, signOut: true });
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    await account.signOut();
    see(PRESENT);
    await clock.advance(HOUR_MS);
    expect(account.session).toEqual({ state: 'signed-out' });
    expect(server.loginRequests).toBe(1);
  });

  it('is not logged in again after the server refused a login', async () => {
    const { account, clock, see, server } = await createResting({ ...AWAY, signOut: true });
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    server.changePassword('engineer1', 'another');
    for (let day = 0; day < 3; day++) {
      see(PRESENT);
      await clock.advance(HOUR_MS);
      see(LOCKED);
      await clock.advance(HOUR_MS);
    }
    expect(account.session.state).toBe('sign-in-needed');
    expect(server.loginRequests).toBe(2);
  });

  it('sends nothing to a server that does not respond, and is retried when its user is back', async () => {
    const { account, clock, see, server, requests } = await createResting(AWAY);
    server.faults.always(faults.connectionRefused());
    await clock.advance(20 * MINUTE_MS);
    expect(account.session.state).toBe('offline');
    see(LOCKED);
    await clock.advance(MINUTE_MS);
    const before = requests();
    await clock.advance(20 * MINUTE_MS);
    expect(requests()).toBe(before);
    server.faults.clear();
    see(PRESENT);
    await clock.advance(10 * SECOND_MS);
    expect(account.session.state).toBe('live');
  });

  it('is not ended if only its user could sign in again', async () => {
    const { account, accounts, clock, see, server } = await createResting({
      ...AWAY,
      signOut: true,
    });
    const { id } = account.saved;
    accounts.storage.secrets.set(id, { ...accounts.storage.secrets.get(id)!, values: {} });
    accounts.restart();
    see(LOCKED);
    await clock.advance(2 * MINUTE_MS);
    expect(accounts.list.get(id)).toMatchObject({ isResting: true, session: { state: 'live' } });
    expect(server.sessions.size).toBe(1);
  });

  it('needs no timer of its own, and reads the user’s presence only if an account may rest', async () => {
    let asked = 0;
    const { add, clock } = await createWorld({
      presence: () => {
        asked++;
        return LOCKED;
      },
    });
    await add();
    await clock.advance(HOUR_MS);
    expect(asked).toBe(0);
    await add({ values: { userName: 'engineer2', password: 'secret pässword' }, rest: AWAY });
    await clock.advance(HOUR_MS);
    expect(asked).toBeGreaterThan(0);
    expect(clock.timers).toBe(1);
  });
});
