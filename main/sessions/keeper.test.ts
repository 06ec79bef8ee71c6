import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD } from '../../test/support/keeper-world.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS } from '../clock.ts';

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('keeping alive', () => {
  it('holds one and the same session for three days on a server that logs everyone out after 10 idle minutes', async () => {
    const { add, clock, server } = await createWorld();
    const kept = await add();
    const key = kept.held!.key;
    await clock.advance(3 * DAY_MS);
    expect(kept.session).toMatchObject({ state: 'live', held: { key } });
    expect(server.loginRequests).toBe(1);
    expect(server.journal.count('version')).toBe((3 * DAY_MS) / (8 * MINUTE_MS));
  });

  it('asks as often as the account says', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    await add({ keepAliveMinutes: 55 });
    await clock.advance(10 * 55 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(10);
  });

  it('finds a deadline passed after a sleep in which no timer ran', async () => {
    const { add, clock, server, keeper } = await createWorld();
    const kept = await add();
    clock.sleep(5 * HOUR_MS);
    keeper.wake();
    await clock.advance(3000);
    // Gone with the server's 60 minutes: no need to ask before signing in.
    expect(server.journal.count('version')).toBe(0);
    expect(server.loginRequests).toBe(2);
    expect(kept.session.state).toBe('live');
  });

  it('uses one timer for all accounts', async () => {
    const { add, clock } = await createWorld();
    for (let i = 0; i < 5; i++) await add();
    expect(clock.timers).toBe(1);
  });

  it('makes one request at a time for an account', async () => {
    const { add, keeper, server } = await createWorld();
    const kept = await add();
    const held = faults.held();
    server.faults.next(held, { route: 'version' });
    const both = Promise.all([kept.verify(), kept.verify(), keeper.signIn(kept.account.id)]);
    await settle();
    expect(server.journal.count('version')).toBe(1);
    held.release();
    await both;
    expect(server.loginRequests).toBe(1);
  });
});

describe('a machine that slept', () => {
  it('asks within three seconds of its waking, and signs in where the server has logged everyone out', async () => {
    const { add, clock, server, keeper } = await createWorld();
    const kept = await add();
    keeper.suspend();
    clock.sleep(20 * MINUTE_MS);
    keeper.wake();
    await clock.advance(3000);
    expect(server.journal.count('version')).toBe(1);
    expect(server.loginRequests).toBe(2);
    expect(kept.session.state).toBe('live');
  });

  it('hands out no key that died in the sleep, and asks no more than once', async () => {
    const { add, clock, server, keeper } = await createWorld();
    const { account } = await add();
    for (const minutes of [20, 90]) {
      clock.sleep(minutes * MINUTE_MS);
      keeper.wake();
      const { held } = await keeper.settled(account.id);
      expect([...server.sessions.keys()]).toEqual([held?.key]);
      await clock.advance(3000);
    }
    expect(server.journal.count('version')).toBe(1);
    expect(server.loginRequests).toBe(3);
  });

  it('hands out no key while the server is just being asked', async () => {
    const { add, clock, server, keeper } = await createWorld();
    const accounts = [await add(), await add()];
    clock.sleep(20 * MINUTE_MS);
    const held = faults.held();
    server.faults.next(held, { route: 'version' });
    keeper.wake();
    await clock.advance(3000);
    const settled = Promise.all(accounts.map(({ account }) => keeper.settled(account.id)));
    expect(await Promise.race([settled, settle().then(() => 'waits')])).toBe('waits');
    held.release();
    const keys = (await settled).map((kept) => kept.held!.key);
    expect([...server.sessions.keys()].sort()).toEqual(keys.sort());
  });

  it('is noticed within a minute where nobody tells of its waking', async () => {
    const { add, clock, server } = await createWorld();
    await add();
    await clock.advance(MINUTE_MS / 2);
    clock.sleep(5 * HOUR_MS);
    await clock.advance(MINUTE_MS + 3000);
    expect(server.sessions.size).toBe(1);
  });

  it('and one whose clock was set are two things: the second changes nothing', async () => {
    const { add, clock, server } = await createWorld();
    await add();
    for (const hours of [5, -7, 1, -1, 24, -24]) {
      clock.setWallClock(hours * HOUR_MS);
      await clock.advance(16 * MINUTE_MS);
    }
    expect(server.journal.count('version')).toBe(12);
    expect(server.loginRequests).toBe(1);
  });
});

describe('a session that the server forgot', () => {
  it('is renewed within one keep-alive, without a click', async () => {
    const { add, clock, server } = await createWorld();
    const kept = await add();
    const before = kept.held!.key;
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(kept.session.state).toBe('live');
    expect(kept.held!.key).not.toBe(before);
    expect([...server.sessions.keys()]).toEqual([kept.held!.key]);
    expect(server.loginRequests).toBe(2);
  });

  it('asks for the user where the credentials are refused, and never logs in again by itself', async () => {
    const { add, clock, server, restart } = await createWorld();
    const kept = await add();
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(kept.session.state).toBe('sign-in-needed');
    expect(kept.held).toBeUndefined();
    const refused = server.loginRequests;
    await clock.advance(12 * HOUR_MS);
    const again = restart();
    again.wake();
    await clock.advance(12 * HOUR_MS);
    expect(server.loginRequests).toBe(refused);
    expect(again.accounts[0]!.session.state).toBe('sign-in-needed');
  });

  it('behind a page keeps its key until a login has told a login page from a captive portal', async () => {
    const { add, clock, server } = await createWorld();
    const kept = await add();
    const { key } = kept.held!;
    server.faults.always(faults.htmlPage());
    await clock.advance(9 * MINUTE_MS);
    expect(kept.session).toMatchObject({ state: 'offline', held: { key } });
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(kept.session).toMatchObject({ state: 'live', held: { key } });
  });
});

describe('a server that cannot be reached', () => {
  it('costs no key, and is asked less and less often', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    const kept = await add();
    const { key } = kept.held!;
    server.faults.always(faults.connectionRefused());
    await clock.advance(8 * MINUTE_MS + 30 * MINUTE_MS);
    expect(kept.session).toMatchObject({ state: 'offline', held: { key } });
    const asked = server.journal.count('version');
    expect(asked).toBeGreaterThan(6);
    expect(asked).toBeLessThan(20);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(kept.session).toMatchObject({ state: 'live', held: { key } });
  });

  it('is asked at once when the network is back', async () => {
    const { add, clock, server, keeper } = await createWorld({ serverIdleMs: Infinity });
    const kept = await add();
    server.faults.always(faults.connectionRefused());
    await clock.advance(38 * MINUTE_MS);
    server.faults.clear();
    keeper.wake();
    await clock.advance(3000);
    expect(kept.session.state).toBe('live');
  });

  it('is asked again soon where the first answer after that was lost', async () => {
    const { add, clock, server, keeper } = await createWorld({ serverIdleMs: Infinity });
    const kept = await add();
    server.faults.always(faults.connectionRefused());
    await clock.advance(38 * MINUTE_MS);
    server.faults.clear();
    server.faults.next(faults.connectionReset());
    keeper.networkReturned();
    await clock.advance(1000 + 10_000);
    expect(kept.session.state).toBe('live');
  });

  it.each([
    ['429', faults.tooManyRequests({ retryAfter: 600 })],
    ['503', faults.serviceUnavailable({ retryAfter: 600 })],
  ])('that asked for 10 minutes by %s is left alone for them', async (_name, fault) => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    await add();
    server.faults.always(fault);
    await clock.advance(8 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(1);
    await clock.advance(10 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(1);
    await clock.advance(MINUTE_MS);
    expect(server.journal.count('version')).toBe(2);
  });

  it('that answers what nobody knows is not asked more often for it', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    await add();
    server.faults.always(faults.invalidJson());
    await clock.advance(80 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(10);
  });
});

describe('signing in', () => {
  it('keeps nothing of an account that could not sign in, and blames the field', async () => {
    const { keeper, form, storage, clock, server } = await createWorld();
    const added = await keeper.add(form({ values: { userName: 'engineer1', password: 'wrong' } }));
    expect(added).toMatchObject({ ok: false, problem: { field: 'password' } });
    await clock.advance(DAY_MS);
    expect(keeper.accounts).toEqual([]);
    expect(storage.accounts).toEqual([]);
    expect(server.loginRequests).toBe(1);
  });

  it('is cancelled at once, and leaves nothing behind', async () => {
    const { keeper, form, server } = await createWorld();
    server.faults.always(faults.held());
    const adding = keeper.add(form());
    await settle();
    keeper.cancelSignIn();
    expect(await adding).toMatchObject({ ok: false });
    expect(keeper.accounts).toEqual([]);
  });

  it('again after a refusal takes what was typed', async () => {
    const { add, clock, server, keeper, storage } = await createWorld();
    const kept = await add();
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    const { id } = kept.account;
    expect(await keeper.signIn(id, { password: 'typo' })).toMatchObject({
      ok: false,
      problem: { field: 'password' },
    });
    expect(await keeper.signIn(id, { password: 'another' })).toEqual({ ok: true });
    expect(kept.session.state).toBe('live');
    expect(storage.secrets.get(id)).toMatchObject({
      values: { password: 'another' },
      refused: false,
    });
  });

  it('twice by two clicks is one login', async () => {
    const { add, keeper, server } = await createWorld();
    const kept = await add();
    await kept.signOut();
    const { id } = kept.account;
    await Promise.all([keeper.signIn(id), keeper.signIn(id)]);
    expect(server.loginRequests).toBe(2);
  });
});

describe('signing out, removing, editing', () => {
  it('signs out on the server, and does not sign in again by itself', async () => {
    const { add, clock, server, restart } = await createWorld();
    const kept = await add();
    await kept.signOut();
    expect(server.sessions.size).toBe(0);
    expect(kept.session.state).toBe('signed-out');
    restart();
    await clock.advance(DAY_MS);
    expect(server.loginRequests).toBe(1);
  });

  it('signs out here at once while the server is not to be reached', async () => {
    const { add, server, clock } = await createWorld();
    const kept = await add();
    server.faults.always(faults.connectionRefused());
    await kept.signOut();
    expect(kept.session).toMatchObject({ state: 'signed-out', problem: expect.any(String) });
    await clock.advance(DAY_MS);
    expect(kept.session.state).toBe('signed-out');
  });

  it.each(['signOut', 'remove'] as const)(
    '%s while a renewal is under way: nothing comes back',
    async (what) => {
      const { add, clock, keeper, server, storage } = await createWorld();
      const kept = await add();
      server.forgetSessions();
      const held = faults.held();
      server.faults.next(held, { route: 'login' });
      await clock.advance(8 * MINUTE_MS);
      expect(kept.session.state).toBe('renewing');
      if (what === 'signOut') void kept.signOut();
      else keeper.remove(kept.account.id);
      held.release();
      await clock.advance(DAY_MS);
      expect(kept.held).toBeUndefined();
      if (what === 'remove') {
        expect(keeper.accounts).toEqual([]);
        expect(storage.accounts).toEqual([]);
        expect(storage.secrets.size).toBe(0);
      } else {
        expect(kept.session.state).toBe('signed-out');
      }
    },
  );

  it('removing tells the server', async () => {
    const { add, keeper, server } = await createWorld();
    const kept = await add();
    keeper.remove(kept.account.id);
    await settle();
    expect(server.sessions.size).toBe(0);
  });

  it('an edit of the name signs nobody in', async () => {
    const { add, keeper, form, server } = await createWorld();
    const { account } = await add();
    const edited = form({ name: 'Renamed', values: { userName: 'engineer1' } });
    expect(await keeper.edit(account.id, edited)).toEqual({ ok: true });
    expect(keeper.account(account.id).account.name).toBe('Renamed');
    expect(server.loginRequests).toBe(1);
  });

  it('an edit that cannot sign in changes nothing', async () => {
    const { add, keeper, form } = await createWorld();
    const kept = await add();
    const edited = form({ values: { userName: 'nobody', password: 'wrong' } });
    expect(await keeper.edit(kept.account.id, edited)).toMatchObject({ ok: false });
    expect(keeper.account(kept.account.id)).toBe(kept);
    expect(kept.session.state).toBe('live');
  });

  it('an edit to another method signs in by it', async () => {
    const { add, keeper, form, storage } = await createWorld();
    const { account } = await add();
    const edited = form({ method: 'api-key', values: { apiKey: ' KEY-1 \n' } });
    expect(await keeper.edit(account.id, edited)).toEqual({ ok: true });
    expect(keeper.account(account.id).session.state).toBe('live');
    expect(storage.secrets.get(account.id)?.values).toEqual({ apiKey: 'KEY-1' });
  });
});

describe('a restart', () => {
  it('hands out no key before it knows that it lives', async () => {
    const { add, restart, server } = await createWorld();
    const { account } = await add();
    server.forgetSessions();
    const { held } = await restart().settled(account.id);
    expect([...server.sessions.keys()]).toEqual([held?.key]);
  });

  it('verifies what may still be alive, without a login', async () => {
    const { add, restart, clock, server } = await createWorld();
    const kept = await add();
    const { key } = kept.held!;
    const keeper = restart();
    expect(keeper.accounts[0]!.session.state).toBe('renewing');
    await clock.advance(3000);
    expect(keeper.accounts[0]!.session).toMatchObject({ state: 'live', held: { key } });
    expect(server.loginRequests).toBe(1);
  });

  it('renews what died meanwhile', async () => {
    const { add, restart, clock, server } = await createWorld();
    await add();
    server.forgetSessions();
    const keeper = restart();
    await clock.advance(3000);
    expect(keeper.accounts[0]!.session.state).toBe('live');
    expect(server.loginRequests).toBe(2);
  });

  it('finds neither key nor password of an account that was not to be remembered', async () => {
    const { add, restart, storage } = await createWorld();
    await add({ remember: false });
    expect(JSON.stringify([storage.accounts, ...storage.secrets])).not.toContain(PASSWORD);
    expect(storage.secrets.size).toBe(0);
    const keeper = restart();
    expect(keeper.accounts[0]!.session.state).toBe('sign-in-needed');
  });

  it('keeps an account of a system that this version does not know', async () => {
    const world = await createWorld();
    await world.add();
    const known = world.storage.accounts[0]!;
    world.storage.accounts = [{ ...known, id: 'other', system: 'from-the-future' }, known];
    const keeper = world.restart();
    await keeper.account(known.id).update({ name: 'Renamed', remember: true, keepAliveMinutes: 8 });
    expect(world.storage.accounts.map(({ id }) => id)).toContain('other');
  });
});

describe('what a review once found', () => {
  it('a sign-in to a server that is away tries again, and does not spin', async () => {
    const { add, keeper, server, clock } = await createWorld();
    const kept = await add();
    await kept.signOut();
    server.faults.always(faults.connectionRefused());
    await keeper.signIn(kept.account.id);
    let changes = 0;
    keeper.onChange(() => changes++);
    await clock.advance(60 * MINUTE_MS);
    expect(changes).toBeLessThan(200);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(kept.session.state).toBe('live');
  });

  it('a wake-up does not shorten a wait that the server asked for', async () => {
    const { add, keeper, server, clock } = await createWorld({ serverIdleMs: Infinity });
    await add();
    server.faults.always(faults.tooManyRequests({ retryAfter: 600 }));
    await clock.advance(8 * MINUTE_MS);
    keeper.wake();
    await clock.advance(9 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(1);
  });

  it('two sign-ins in line send what was refused once, and never an empty password', async () => {
    const { add, keeper, server } = await createWorld();
    const kept = await add();
    await kept.signOut();
    server.changePassword('engineer1', 'another');
    const { id } = kept.account;
    await Promise.all([keeper.signIn(id), keeper.signIn(id)]);
    expect(server.journal.count('login', 401)).toBe(1);
  });

  it.each(['signOut', 'remove'] as const)(
    '%s after signing out does not keep the server from being told',
    async (then) => {
      const { add, keeper, server } = await createWorld();
      const kept = await add();
      const held = faults.held();
      server.faults.next(held, { route: 'logout' });
      const signingOut = kept.signOut();
      await settle();
      if (then === 'remove') keeper.remove(kept.account.id);
      else void kept.signOut();
      held.release();
      await signingOut;
      expect(server.sessions.size).toBe(0);
    },
  );

  it('cancelling takes back a sign-in that still waits its turn', async () => {
    const { add, keeper, server } = await createWorld();
    const kept = await add();
    const held = faults.held();
    server.faults.next(held, { route: 'logout' });
    void kept.signOut();
    await settle();
    const signingIn = keeper.signIn(kept.account.id);
    await settle();
    keeper.cancelSignIn();
    held.release();
    expect(await signingIn).toMatchObject({ ok: false });
    expect(kept.session.state).toBe('signed-out');
    expect(server.loginRequests).toBe(1);
  });

  it('a record that cannot be kept costs no session', async () => {
    const fail = () => {
      throw new Error('The disk is full.');
    };
    const witness = { became: fail, removed: fail, slept: fail };
    const { add, clock, reported, keeper } = await createWorld({ witness: () => witness });
    const kept = await add();
    keeper.suspend();
    clock.sleep(90 * MINUTE_MS);
    keeper.wake();
    await clock.advance(3000);
    expect(kept.session.state).toBe('live');
    expect(reported.length).toBeGreaterThan(0);
  });

  it('a vault that fails does not make a session that lives look failed', async () => {
    const { keeper, form, storage, reported } = await createWorld();
    storage.secrets.set = () => {
      throw new Error('The keyring is locked.');
    };
    expect(await keeper.add(form())).toMatchObject({ ok: true });
    expect(reported).toHaveLength(1);
  });

  it('a stored password does not follow an address that was mistyped', async () => {
    const { add, keeper, form } = await createWorld();
    const { account } = await add();
    const edited = form({ address: 'http://evil.example.net', values: { userName: 'engineer1' } });
    expect(await keeper.edit(account.id, edited)).toMatchObject({ problem: { field: 'password' } });
  });

  it('a server that is being replaced, and answers 404, costs nobody a sign-in', async () => {
    const { add, server, clock } = await createWorld();
    const kept = await add();
    server.faults.always(faults.serverError(404, ''));
    await clock.advance(9 * MINUTE_MS);
    expect(kept.session.state).toBe('offline');
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(kept.session.state).toBe('live');
  });

  it('verifying does not sign in who has signed out', async () => {
    const { add, server } = await createWorld();
    const kept = await add();
    await kept.signOut();
    expect(await kept.verify()).toMatchObject({ ok: false });
    expect(server.loginRequests).toBe(1);
  });

  it('an edit to another login leaves no session behind', async () => {
    const { add, keeper, form, server } = await createWorld();
    const { account } = await add();
    await keeper.edit(account.id, form({ method: 'api-key', values: { apiKey: 'KEY-1' } }));
    await settle();
    expect(server.sessions.size).toBe(1);
  });

  it('what is typed again is read as the form reads it', async () => {
    const { add, keeper, server, clock } = await createWorld();
    const kept = await add({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    server.changePassword('engineer1', 'another');
    await kept.signOut();
    expect(
      await keeper.signIn(kept.account.id, { apiKey: ' KEY-1 ', userName: 'x' }),
    ).toMatchObject({ ok: true });
    await clock.advance(0);
    expect(kept.secrets.values).toEqual({ apiKey: 'KEY-1' });
  });

  it('an account whose session nobody can renew can still be renamed', async () => {
    const { add, restart, form } = await createWorld();
    const { account } = await add({ remember: false });
    const keeper = restart();
    const edited = form({ name: 'Renamed', remember: false, values: { userName: 'engineer1' } });
    expect(await keeper.edit(account.id, edited)).toEqual({ ok: true });
    expect(keeper.account(account.id).account.name).toBe('Renamed');
  });

  it('a clock that was set back an hour keeps nobody from being kept alive', async () => {
    const { add, clock, server } = await createWorld();
    const kept = await add();
    clock.setWallClock(-HOUR_MS);
    await clock.advance(8 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(1);
    await clock.advance(HOUR_MS);
    expect(kept.session.state).toBe('live');
    expect(server.loginRequests).toBe(1);
  });
});

describe('many accounts on one server', () => {
  it('touch it in turns at its interval, each at least every 30 minutes, and not once more', async () => {
    const { add, clock, server, keeper } = await createWorld();
    for (let i = 0; i < 3; i++) await add();
    const keys = keeper.accounts.map(({ held }) => held!.key);
    const unusedFor: number[] = [];
    for (let minute = 0; minute < 3 * 24 * 60; minute++) {
      await clock.advance(MINUTE_MS);
      for (const { lastUsed } of server.sessions.values()) unusedFor.push(clock.now() - lastUsed);
    }
    expect(keeper.accounts.map(({ held }) => held?.key)).toEqual(keys);
    expect(server.journal.count('version')).toBe((3 * DAY_MS) / (8 * MINUTE_MS));
    expect(Math.max(...unusedFor)).toBeLessThanOrEqual(30 * MINUTE_MS);
  });

  it('are each used every 30 minutes where they are too many for turns', async () => {
    const { add, clock, server, keeper } = await createWorld();
    for (let i = 0; i < 20; i++) await add();
    await clock.advance(DAY_MS);
    expect(keeper.accounts.every(({ session }) => session.state === 'live')).toBe(true);
    expect(server.loginRequests).toBe(20);
    expect(server.journal.count('version')).toBeLessThanOrEqual((20 * DAY_MS) / (30 * MINUTE_MS));
  });

  it('are all looked after when one finds itself forgotten', async () => {
    const { add, clock, server, keeper } = await createWorld();
    for (let i = 0; i < 5; i++) await add();
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(server.sessions.size).toBe(5);
    expect(keeper.accounts.map(({ held }) => held!.key).sort()).toEqual(
      [...server.sessions.keys()].sort(),
    );
    // One asks in its turn, and signs in; the other four do the same for it.
    expect(server.journal.count('version')).toBe(5);
    expect(server.loginRequests).toBe(10);
  });

  it('do not ask each for itself after a request that was lost', async () => {
    const { add, clock, server, keeper } = await createWorld();
    for (let i = 0; i < 5; i++) await add();
    server.faults.next(faults.connectionReset());
    await clock.advance(10 * MINUTE_MS);
    expect(keeper.accounts.every(({ session }) => session.state === 'live')).toBe(true);
    expect(server.journal.count('version')).toBe(2);
  });
  it('never make more than two requests at once', async () => {
    let atOnce = 0;
    let most = 0;
    const world = await createWorld({
      through: (fetch) => (url, init) => {
        most = Math.max(most, ++atOnce);
        return fetch(url, init).finally(() => atOnce--);
      },
    });
    for (let i = 0; i < 20; i++) await world.add();
    most = 0;
    world.clock.sleep(DAY_MS);
    world.keeper.wake();
    await world.clock.advance(MINUTE_MS);
    expect(most).toBe(2);
    expect(world.keeper.accounts.every(({ session }) => session.state === 'live')).toBe(true);
  });

  it('probe it once for all while it is down, and are all back when it is', async () => {
    const { add, clock, server, keeper } = await createWorld({ serverIdleMs: Infinity });
    for (let i = 0; i < 20; i++) await add();
    const keys = keeper.accounts.map(({ held }) => held!.key);
    server.faults.always(faults.connectionRefused());
    await clock.advance(8 * MINUTE_MS);
    expect(keeper.accounts.every(({ session }) => session.state === 'offline')).toBe(true);
    expect(server.journal.count('version')).toBe(1);
    await clock.advance(30 * MINUTE_MS);
    expect(server.journal.count('version')).toBeLessThan(20);

    server.faults.clear();
    await clock.advance(5 * MINUTE_MS + 3000);
    expect(keeper.accounts.every(({ session }) => session.state === 'live')).toBe(true);
    expect(keeper.accounts.map(({ held }) => held!.key)).toEqual(keys);
    expect(server.loginRequests).toBe(20);
  });

  it('that start together ask a dead server once', async () => {
    const { add, clock, server, restart } = await createWorld();
    for (let i = 0; i < 20; i++) await add();
    server.faults.always(faults.connectionRefused());
    const keeper = restart();
    await clock.advance(3000);
    expect(server.journal.count('version')).toBe(1);
    expect(keeper.accounts.every(({ held }) => held !== undefined)).toBe(true);
  });

  it('are back with the next request where one alone gets no answer', async () => {
    const { add, clock, server } = await createWorld();
    const [silent, other] = [await add(), await add()];
    const { key } = silent.held!;
    const fault = faults.held();
    server.faults.always(fault, { where: ({ url }) => url.includes(key) });
    await clock.advance(8 * MINUTE_MS + 15_000);
    expect([silent.session.state, other.session.state]).toEqual(['offline', 'offline']);
    await clock.advance(10_000);
    expect(other.session.state).toBe('live');
    fault.release();
  });

  it('do not flap with one whose sign-in always fails, which itself is tried less and less often', async () => {
    const { add, clock, server } = await createWorld();
    const troubled = await add();
    const other = await add({ values: { userName: 'engineer2', password: PASSWORD } });
    const login = `BASIC ${Buffer.from(`engineer1:${PASSWORD}`).toString('base64')}`;
    const isTroubled = ({ headers }: Request) => headers.get('authorization') === login;
    server.faults.always(faults.serverError(), { route: 'login', where: isTroubled });
    server.forgetSessions();
    await clock.advance(20 * MINUTE_MS);
    expect([troubled.session.state, other.session.state]).toEqual(['offline', 'live']);
    const before = server.loginRequests;
    const { held } = other;
    await clock.advance(HOUR_MS);
    expect(other.held?.since).toBe(held?.since);
    expect(server.loginRequests - before).toBeLessThan(30);
  });

  it('are not asked for one by one when the server goes away after the first answer', async () => {
    let isSilent = false;
    let unanswered = 0;
    const silence = (_url: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        unanswered++;
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const { add, clock, keeper } = await createWorld({
      through: (fetch) => (url, init) => (isSilent ? silence(url, init) : fetch(url, init)),
    });
    const first = await add();
    for (let i = 0; i < 19; i++) await add();
    clock.sleep(40 * MINUTE_MS);
    keeper.onChange(() => {
      isSilent ||= first.session.state === 'live' && first.held?.verifiedAt === clock.now();
    });
    keeper.wake();
    await clock.advance(MINUTE_MS / 2);
    expect(keeper.accounts.every(({ session }) => session.state === 'offline')).toBe(true);
    expect(unanswered).toBeLessThanOrEqual(4);
  });

  it('are not called live because one that had no key got a new one', async () => {
    const { add, clock, server } = await createWorld();
    const [one, other] = [await add(), await add()];
    server.forgetSessions();
    server.faults.always(faults.serverError(), { route: 'login' });
    await one.verify();
    server.faults.always(faults.connectionRefused());
    await clock.advance(30 * MINUTE_MS);
    expect([one.session.state, other.session.state]).toEqual(['offline', 'offline']);
    server.faults.clear();
    for (let second = 0; second < 10 * 60; second++) {
      await clock.advance(1000);
      const { session } = other;
      if (session.state === 'live') expect([...server.sessions.keys()]).toContain(session.held.key);
    }
    expect(other.session.state).toBe('live');
  });

  it('do not suffer for what is wrong with one of them', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    const [one, other] = [await add(), await add()];
    const { key } = one.held!;
    server.faults.always(faults.invalidJson(), { where: ({ url }) => url.includes(key) });
    await clock.advance(9 * MINUTE_MS);
    expect([one.session.state, other.session.state]).toEqual(['offline', 'live']);
  });
});

describe('a login whose answer was lost', () => {
  it.each([
    ['cut off', () => faults.cutOff(5)],
    ['reset', () => faults.connectionReset()],
  ])(
    '(%s) is tried once more, and then left to the user, also across a restart',
    async (_name, fault) => {
      const { add, server, clock, restart } = await createWorld();
      await add();
      server.forgetSessions();
      server.faults.always(fault(), { route: 'login' });
      await clock.advance(DAY_MS);
      restart();
      await clock.advance(DAY_MS);
      expect(server.loginRequests).toBe(1 + 2);
    },
  );

  it('is not tried again before the server answers something: behind a VPN that is down for a night, say', async () => {
    const { add, server, clock } = await createWorld();
    const kept = await add();
    clock.sleep(2 * HOUR_MS);
    const silence = faults.held();
    server.faults.always(silence);
    await clock.advance(DAY_MS);
    expect(server.loginRequests).toBe(1 + 1);
    server.faults.clear();
    await clock.advance(6 * MINUTE_MS);
    expect(kept.session.state).toBe('live');
    expect(server.loginRequests).toBe(1 + 2);
    silence.release();
  });

  it('because Keyvigil was killed in the middle counts, too', async () => {
    const { add, server, clock, restart } = await createWorld();
    await add();
    server.forgetSessions();
    server.faults.always(faults.held(), { route: 'login' });
    await clock.advance(8 * MINUTE_MS);
    for (let i = 0; i < 5; i++) {
      restart();
      await clock.advance(MINUTE_MS / 6);
    }
    expect(server.loginRequests).toBe(1 + 2);
  });

  it('is none while it waits in line', async () => {
    const { add, server, clock, restart, storage } = await createWorld();
    for (let i = 0; i < 10; i++) await add();
    server.forgetSessions();
    clock.sleep(2 * HOUR_MS);
    // The first is let in, so that the others follow.
    const isLater = () => server.loginRequests > 10 + 1;
    server.faults.always(faults.held(), { route: 'login', where: isLater });
    restart();
    await clock.advance(8000);
    restart();
    const lost = [...storage.secrets.values()].map(({ lostLogins }) => lostLogins);
    expect(lost.filter((count) => count > 0)).toHaveLength(2);
    expect(server.loginRequests).toBe(10 + 1 + 2);
  });

  it('is not made good by a server that is too busy for the next', async () => {
    const { add, server, clock } = await createWorld();
    const kept = await add();
    server.forgetSessions();
    let logins = 0;
    const isLost = () => logins++ % 2 === 0;
    server.faults.always(faults.serverError(503), { route: 'login' });
    server.faults.always(faults.connectionReset(), { route: 'login', where: isLost });
    await clock.advance(DAY_MS);
    expect(kept.session.state).toBe('sign-in-needed');
    expect(logins).toBeLessThanOrEqual(4);
  });

  it('tells the others nothing of the server when it is given up without being asked', async () => {
    const { add, server, clock, keeper } = await createWorld();
    for (let i = 0; i < 3; i++) await add();
    clock.sleep(2 * HOUR_MS);
    server.faults.always(faults.connectionReset());
    await clock.advance(HOUR_MS);
    // The server answers, but what is asked of it last is lost; then it is away again.
    server.faults.clear();
    server.faults.next(faults.connectionReset(), { route: 'login' });
    const before = server.loginRequests;
    while (server.loginRequests === before) await clock.advance(1000);
    server.faults.always(faults.connectionReset());
    await clock.advance(DAY_MS);
    expect(keeper.accounts.filter(({ secrets }) => secrets.lostLogins > 1).length).toBeLessThan(3);
  });

  it('is forgotten with the first that is answered', async () => {
    const { add, server, clock } = await createWorld();
    const kept = await add();
    for (let i = 0; i < 3; i++) {
      server.forgetSessions();
      server.faults.next(faults.cutOff(5), { route: 'login' });
      await clock.advance(30 * MINUTE_MS);
      expect(kept.session.state).toBe('live');
    }
  });

  it('is no reason to give up where it cannot have reached the server', async () => {
    const { add, server, clock } = await createWorld();
    const kept = await add();
    server.forgetSessions();
    server.faults.always(faults.serverError(502), { route: 'login' });
    await clock.advance(DAY_MS);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(kept.session.state).toBe('live');
  });
});
