import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, type World } from '../../test/support/account-world.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../clock.ts';
import { nexusIc } from '../systems/nexus-ic/index.ts';
import type { System } from '../systems/system.ts';

/** Counts the requests to `version` with a key. Requests without a key only ask who the server is. */
const keepAlives = ({ server }: World) =>
  server.journal.entries.filter(({ route, query }) => route === 'version' && query.has('hash'))
    .length;

describe('keeping alive', () => {
  it('keeps one session for three days on a server that logs everyone out after 10 idle minutes', async () => {
    const world = await createWorld();
    const { add, clock, server } = world;
    const account = await add();
    const { key } = account.sessionKey!;
    await clock.advance(3 * DAY_MS);
    expect(account.session).toMatchObject({ state: 'live', sessionKey: { key } });
    expect(server.loginRequests).toBe(1);
    expect(keepAlives(world)).toBe((3 * DAY_MS) / (8 * MINUTE_MS));
  });

  it('asks as often as the account says', async () => {
    const world = await createWorld({ serverIdleMs: Infinity });
    await world.add({ keepAliveMinutes: 55 });
    await world.clock.advance(10 * 55 * MINUTE_MS);
    expect(keepAlives(world)).toBe(10);
  });

  it('uses one timer for all accounts', async () => {
    const { add, clock } = await createWorld();
    for (let i = 0; i < 5; i++) await add();
    expect(clock.timers).toBe(1);
  });

  it('sets its timer once for one keep-alive', async () => {
    const { add, clock } = await createWorld();
    await add();
    await settle();
    let set = 0;
    const setTimer = clock.setTimer.bind(clock);
    clock.setTimer = (delayMs, action) => {
      if (delayMs <= MINUTE_MS && delayMs !== 15_000) set++;
      return setTimer(delayMs, action);
    };
    await clock.advance(MINUTE_MS);
    expect(set).toBe(1);
  });

  it('makes one request at a time for an account', async () => {
    const { add, accounts, server } = await createWorld();
    const account = await add();
    const held = faults.held();
    server.faults.next(held, { route: 'version' });
    const all = Promise.all([
      account.verify(),
      account.verify(),
      accounts.list.signIn(account.saved.id),
    ]);
    await settle();
    expect(server.journal.count('version')).toBe(1);
    held.release();
    await all;
    expect(server.loginRequests).toBe(1);
  });

  it('does not ask again right after a click whose request failed', async () => {
    const clock = new VirtualClock();
    const { add, server } = await createWorld({
      clock,
      through: (fetch) => async (url, init) => {
        await new Promise<void>((resolve) => clock.setTimer(50, resolve));
        return fetch(url, init);
      },
    });
    const adding = add();
    await clock.advance(1000);
    const account = await adding;
    server.forgetSessions();
    server.faults.always(faults.connectionReset(), { route: 'login' });
    void account.verify();
    await clock.advance(3000);
    expect(account.session.state).toBe('offline');
    expect(server.loginRequests).toBe(1 + 1);
  });

  it('asks again after a pause, and reports the bug once, if a client throws', async () => {
    let requests = 0;
    const buggy: System = {
      ...nexusIc,
      connect: (...args) =>
        Object.assign(nexusIc.connect(...args), {
          keepAlive() {
            // Without a pause, the test would never end.
            if (++requests > 999) return new Promise(() => {});
            throw new Error('A bug.');
          },
        }),
    };
    const { add, accounts, clock } = await createWorld({ systems: [buggy] });
    const account = await add();
    await clock.advance(HOUR_MS);
    expect(requests).toBeLessThan(30);
    expect(account.session.state).toBe('offline');
    expect(accounts.reported).toHaveLength(1);
  });
});

describe('a machine that slept', () => {
  it('asks within three seconds, and signs in if the server has logged everyone out', async () => {
    const world = await createWorld();
    const { add, clock, server, accounts } = world;
    const account = await add();
    accounts.scheduler.suspend();
    clock.sleep(20 * MINUTE_MS);
    accounts.scheduler.resume();
    await clock.advance(3000);
    expect(keepAlives(world)).toBe(1);
    expect(server.loginRequests).toBe(2);
    expect(account.session.state).toBe('live');
  });

  it('does not ask with a key that must have expired', async () => {
    const world = await createWorld();
    const { add, clock, server, accounts } = world;
    const account = await add();
    clock.sleep(5 * HOUR_MS);
    accounts.scheduler.resume();
    await clock.advance(3000);
    expect(keepAlives(world)).toBe(0);
    expect(server.loginRequests).toBe(2);
    expect(account.session.state).toBe('live');
  });

  it('hands out no key that expired during sleep, and asks no more than once', async () => {
    const world = await createWorld();
    const { add, clock, server, accounts } = world;
    const { saved } = await add();
    for (const minutes of [20, 90]) {
      clock.sleep(minutes * MINUTE_MS);
      accounts.scheduler.resume();
      const { sessionKey } = await accounts.settled(saved.id);
      expect([...server.sessions.keys()]).toEqual([sessionKey?.key]);
      await clock.advance(3000);
    }
    expect(keepAlives(world)).toBe(1);
    expect(server.loginRequests).toBe(3);
  });

  it('hands out no key while the server is being asked', async () => {
    const { add, clock, server, accounts } = await createWorld();
    const all = [await add(), await add()];
    clock.sleep(20 * MINUTE_MS);
    const held = faults.held();
    server.faults.next(held, { route: 'version' });
    accounts.scheduler.resume();
    await clock.advance(3000);
    const settled = Promise.all(all.map(({ saved }) => accounts.settled(saved.id)));
    expect(await Promise.race([settled, settle().then(() => 'waits')])).toBe('waits');
    held.release();
    const keys = (await settled).map(({ sessionKey }) => sessionKey!.key);
    expect([...server.sessions.keys()].sort()).toEqual(keys.sort());
  });

  it('is noticed within a minute if no event reports that it woke up', async () => {
    const { add, clock, server } = await createWorld();
    await add();
    await clock.advance(MINUTE_MS / 2);
    clock.sleep(5 * HOUR_MS);
    await clock.advance(MINUTE_MS + 3000);
    expect(server.sessions.size).toBe(1);
  });

  it('is not confused with a wall clock that was set', async () => {
    const world = await createWorld();
    await world.add();
    for (const hours of [5, -7, 1, -1, 24, -24]) {
      world.clock.setWallClock(hours * HOUR_MS);
      await world.clock.advance(16 * MINUTE_MS);
    }
    expect(keepAlives(world)).toBe(12);
    expect(world.server.loginRequests).toBe(1);
  });
});

describe('a session that the server has forgotten', () => {
  it('is renewed within one keep-alive, without a click', async () => {
    const { add, clock, server } = await createWorld();
    const account = await add();
    const before = account.sessionKey!.key;
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(account.session.state).toBe('live');
    expect(account.sessionKey!.key).not.toBe(before);
    expect([...server.sessions.keys()]).toEqual([account.sessionKey!.key]);
    expect(server.loginRequests).toBe(2);
  });

  it('waits for the user if the credentials are refused, and Keyvigil never sends them again', async () => {
    const { add, clock, server, accounts } = await createWorld();
    const account = await add();
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(account.session.state).toBe('sign-in-needed');
    expect(account.sessionKey).toBeUndefined();
    const refused = server.loginRequests;
    await clock.advance(12 * HOUR_MS);
    const list = accounts.restart();
    accounts.scheduler.resume();
    await clock.advance(12 * HOUR_MS);
    expect(server.loginRequests).toBe(refused);
    expect(list.all[0]!.session.state).toBe('sign-in-needed');
  });
});

describe('a web page instead of an answer', () => {
  it('sends no login into a captive portal, and costs no key', async () => {
    const { add, clock, server } = await createWorld();
    const account = await add();
    const { key } = account.sessionKey!;
    const logins = server.loginRequests;
    server.faults.always(faults.htmlPage());
    await clock.advance(9 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'offline', sessionKey: { key } });
    expect(server.loginRequests).toBe(logins);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'live', sessionKey: { key } });
  });

  it('sends no login into a captive portal after a sleep in which the session expired', async () => {
    const { add, clock, server, accounts } = await createWorld();
    const account = await add();
    const logins = server.loginRequests;
    clock.sleep(5 * HOUR_MS);
    server.faults.always(faults.htmlPage());
    accounts.scheduler.resume();
    await clock.advance(10 * MINUTE_MS);
    expect(account.session.state).toBe('offline');
    expect(server.loginRequests).toBe(logins);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(account.session.state).toBe('live');
  });

  it('sends no login into a captive portal that comes right after an answer of the server', async () => {
    const { add, server, clock } = await createWorld();
    const account = await add();
    server.faults.always(faults.loginPage());
    for (let i = 0; i < 5; i++) {
      await account.verify();
      await clock.advance(1000);
    }
    expect(account.session.state).toBe('offline');
    expect(server.loginRequests).toBe(1);
  });

  it('costs no key and sends no login if it is a 404, as of a portal or of IIS while IC-Web is being replaced', async () => {
    const { add, clock, server } = await createWorld();
    const account = await add();
    const { key } = account.sessionKey!;
    const logins = () =>
      server.journal.entries.filter(({ headers }) => headers.has('authorization'));
    expect(logins()).toHaveLength(1);
    server.faults.always(faults.serverError(404, faults.LOGIN_PAGE));
    await clock.advance(9 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'offline', sessionKey: { key } });
    expect(logins()).toHaveLength(1);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'live', sessionKey: { key } });
  });

  it('costs no session if it comes once', async () => {
    const { add, clock, server } = await createWorld();
    const account = await add();
    const { key } = account.sessionKey!;
    server.faults.next(faults.htmlPage(), { route: 'version' });
    await clock.advance(9 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'live', sessionKey: { key } });
    expect(server.loginRequests).toBe(1);
  });

  it('is the server’s login page if the server answers as itself: then the session is renewed', async () => {
    const { add, clock, server } = await createWorld();
    const account = await add();
    const { key } = account.sessionKey!;
    server.faults.always(faults.loginPage(), { where: ({ url }) => url.includes(key) });
    await clock.advance(9 * MINUTE_MS);
    expect(account.session.state).toBe('live');
    expect(account.sessionKey!.key).not.toBe(key);
    expect(server.loginRequests).toBe(2);
  });
});

describe('a server that does not respond', () => {
  it('costs no key, and is asked less and less often', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    const account = await add();
    const { key } = account.sessionKey!;
    server.faults.always(faults.connectionRefused());
    await clock.advance(8 * MINUTE_MS + 30 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'offline', sessionKey: { key } });
    const asked = server.journal.count('version');
    expect(asked).toBeGreaterThan(6);
    expect(asked).toBeLessThan(20);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(account.session).toMatchObject({ state: 'live', sessionKey: { key } });
  });

  it('is asked at once when the machine is back', async () => {
    const { add, clock, server, accounts } = await createWorld({ serverIdleMs: Infinity });
    const account = await add();
    server.faults.always(faults.connectionRefused());
    await clock.advance(38 * MINUTE_MS);
    server.faults.clear();
    accounts.scheduler.resume();
    await clock.advance(3000);
    expect(account.session.state).toBe('live');
  });

  it('is asked again soon if the first request after the return of the network fails', async () => {
    const { add, clock, server, accounts } = await createWorld({ serverIdleMs: Infinity });
    const account = await add();
    server.faults.always(faults.connectionRefused());
    await clock.advance(38 * MINUTE_MS);
    server.faults.clear();
    server.faults.next(faults.connectionReset());
    accounts.scheduler.networkReturned();
    await clock.advance(1000 + 10_000);
    expect(account.session.state).toBe('live');
  });

  it.each([
    ['429', faults.tooManyRequests({ retryAfter: 600 })],
    ['503', faults.serviceUnavailable({ retryAfter: 600 })],
  ])('and asks by %s to wait 10 minutes is not asked before', async (_name, fault) => {
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

  it('and asked to wait is not asked sooner when the machine wakes up', async () => {
    const { add, accounts, server, clock } = await createWorld({ serverIdleMs: Infinity });
    await add();
    server.faults.always(faults.tooManyRequests({ retryAfter: 600 }));
    await clock.advance(8 * MINUTE_MS);
    accounts.scheduler.resume();
    await clock.advance(9 * MINUTE_MS);
    expect(server.journal.count('version')).toBe(1);
  });

  it('and answers 404 while it is being replaced costs no sign-in', async () => {
    const { add, server, clock } = await createWorld();
    const account = await add();
    server.faults.always(faults.serverError(404, ''));
    await clock.advance(9 * MINUTE_MS);
    expect(account.session.state).toBe('offline');
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(account.session.state).toBe('live');
  });
});

describe('an answer that cannot be read', () => {
  it('means offline for seconds, not for a whole keep-alive interval', async () => {
    const { add, clock, server } = await createWorld();
    const account = await add();
    server.faults.next(faults.invalidJson(), { route: 'version' });
    await clock.advance(8 * MINUTE_MS);
    expect(account.session.state).toBe('offline');
    await clock.advance(10_000);
    expect(account.session.state).toBe('live');
    expect(server.loginRequests).toBe(1);
  });

  it('is retried less and less often if it comes again', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    await add();
    server.faults.always(faults.invalidJson());
    await clock.advance(80 * MINUTE_MS);
    const asked = server.journal.count('version');
    await clock.advance(80 * MINUTE_MS);
    expect(asked).toBeLessThan(30);
    expect(server.journal.count('version') - asked).toBeLessThan(25);
  });
});

describe('a restart', () => {
  it('hands out no key before it is known to be alive', async () => {
    const { add, accounts, server } = await createWorld();
    const { saved } = await add();
    server.forgetSessions();
    accounts.restart();
    const { sessionKey } = await accounts.settled(saved.id);
    expect([...server.sessions.keys()]).toEqual([sessionKey?.key]);
  });

  it('verifies what may be alive, without a login', async () => {
    const { add, accounts, clock, server } = await createWorld();
    const { key } = (await add()).sessionKey!;
    const list = accounts.restart();
    expect(list.all[0]!.session.state).toBe('renewing');
    await clock.advance(3000);
    expect(list.all[0]!.session).toMatchObject({ state: 'live', sessionKey: { key } });
    expect(server.loginRequests).toBe(1);
  });

  it('renews what has expired', async () => {
    const { add, accounts, clock, server } = await createWorld();
    await add();
    server.forgetSessions();
    const list = accounts.restart();
    await clock.advance(3000);
    expect(list.all[0]!.session.state).toBe('live');
    expect(server.loginRequests).toBe(2);
  });
});
