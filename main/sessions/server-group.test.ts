import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD, type World } from '../../test/support/account-world.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../clock.ts';

const statesOf = ({ accounts }: World) => accounts.list.all.map(({ session }) => session.state);
const keysOf = ({ accounts }: World) =>
  accounts.list.all.map(({ sessionKey }) => sessionKey?.key).sort();
const all = (world: World, state: string) => statesOf(world).every((each) => each === state);

async function worldOf(count: number, options?: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(options);
  for (let i = 0; i < count; i++) await world.add();
  return world;
}

describe('accounts of one server', () => {
  it('use it in turns at its interval, each at least every 30 minutes, and not more often', async () => {
    const world = await worldOf(3);
    const { clock, server } = world;
    const keys = keysOf(world);
    const unusedFor: number[] = [];
    for (let minute = 0; minute < 3 * 24 * 60; minute++) {
      await clock.advance(MINUTE_MS);
      for (const { lastUsed } of server.sessions.values()) unusedFor.push(clock.now() - lastUsed);
    }
    expect(keysOf(world)).toEqual(keys);
    expect(server.journal.count('version')).toBe((3 * DAY_MS) / (8 * MINUTE_MS));
    expect(Math.max(...unusedFor)).toBeLessThanOrEqual(30 * MINUTE_MS);
  });

  it('are each used every 30 minutes if they are too many for turns', async () => {
    const world = await worldOf(20);
    await world.clock.advance(DAY_MS);
    expect(all(world, 'live')).toBe(true);
    expect(world.server.loginRequests).toBe(20);
    const requests = world.server.journal.count('version');
    expect(requests).toBeLessThanOrEqual((20 * DAY_MS) / (30 * MINUTE_MS));
  });

  it('are all verified when the server has forgotten one of them', async () => {
    const world = await worldOf(5);
    const { clock, server } = world;
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(keysOf(world)).toEqual([...server.sessions.keys()].sort());
    expect(server.sessions.size).toBe(5);
    // Each account sent one keep-alive and one new login, and one of them asked the server who it is.
    expect(server.journal.count('version')).toBe(6);
    expect(server.loginRequests).toBe(10);
  });

  it('do not all send a request after one lost request', async () => {
    const world = await worldOf(5);
    world.server.faults.next(faults.connectionReset());
    await world.clock.advance(10 * MINUTE_MS);
    expect(all(world, 'live')).toBe(true);
    expect(world.server.journal.count('version')).toBe(2);
  });

  it('never make more than two requests at once', async () => {
    let running = 0;
    let most = 0;
    const world = await worldOf(20, {
      through: (fetch) => (url, init) => {
        most = Math.max(most, ++running);
        return fetch(url, init).finally(() => running--);
      },
    });
    most = 0;
    world.clock.sleep(DAY_MS);
    world.accounts.scheduler.resume();
    await world.clock.advance(MINUTE_MS);
    expect(most).toBe(2);
    expect(all(world, 'live')).toBe(true);
  });
});

describe('a server that is away', () => {
  it('is asked by one account for all, and all are back when the server is', async () => {
    const world = await worldOf(20, { serverIdleMs: Infinity });
    const { clock, server } = world;
    const keys = keysOf(world);
    server.faults.always(faults.connectionRefused());
    await clock.advance(8 * MINUTE_MS);
    expect(all(world, 'offline')).toBe(true);
    expect(server.journal.count('version')).toBe(1);
    await clock.advance(30 * MINUTE_MS);
    expect(server.journal.count('version')).toBeLessThan(20);

    server.faults.clear();
    await clock.advance(5 * MINUTE_MS + 3000);
    expect(all(world, 'live')).toBe(true);
    expect(keysOf(world)).toEqual(keys);
    expect(server.loginRequests).toBe(20);
  });

  it('is asked once at a start', async () => {
    const world = await worldOf(20);
    world.server.faults.always(faults.connectionRefused());
    world.accounts.restart();
    await world.clock.advance(3000);
    expect(world.server.journal.count('version')).toBe(1);
    expect(keysOf(world)).not.toContain(undefined);
  });

  it('is not asked by one account after the other once it has answered', async () => {
    let isSilent = false;
    let unanswered = 0;
    const silence = (_url: string, { signal }: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        unanswered++;
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    const world = await worldOf(20, {
      through: (fetch) => (url, init) => (isSilent ? silence(url, init) : fetch(url, init)),
    });
    const { clock, accounts } = world;
    const first = accounts.list.all[0]!;
    clock.sleep(40 * MINUTE_MS);
    accounts.list.onChange(() => {
      isSilent ||= first.session.state === 'live' && first.sessionKey?.verifiedAt === clock.now();
    });
    accounts.scheduler.resume();
    await clock.advance(MINUTE_MS / 2);
    expect(all(world, 'offline')).toBe(true);
    expect(unanswered).toBeLessThanOrEqual(4);
  });
});

describe('what one account finds out counts for all, also by a click', () => {
  it('a failed *Verify now* takes all offline', async () => {
    const world = await worldOf(3);
    const { accounts, clock, server } = world;
    await clock.advance(MINUTE_MS);
    server.faults.always(faults.connectionRefused());
    await accounts.list.all[0]!.verify();
    expect(all(world, 'offline')).toBe(true);
  });

  it('a *Verify now* that works brings all back', async () => {
    const world = await worldOf(3);
    const { accounts, clock, server } = world;
    server.faults.always(faults.connectionRefused());
    await clock.advance(20 * MINUTE_MS);
    expect(all(world, 'offline')).toBe(true);
    server.faults.clear();
    await accounts.list.all[2]!.verify();
    await clock.advance(3000);
    expect(all(world, 'live')).toBe(true);
  });

  it('a *Verify now* that finds the session forgotten has the others checked at once', async () => {
    const world = await worldOf(3);
    const { accounts, clock, server } = world;
    await clock.advance(MINUTE_MS);
    server.forgetSessions();
    await accounts.list.all[0]!.verify();
    await clock.advance(1000);
    expect(keysOf(world)).toEqual([...server.sessions.keys()].sort());
    expect(server.sessions.size).toBe(3);
  });

  it('a sign-in that works brings the others back', async () => {
    const world = await worldOf(3);
    const { accounts, clock, server } = world;
    await accounts.list.all[0]!.signOut();
    server.faults.always(faults.connectionRefused());
    await clock.advance(20 * MINUTE_MS);
    server.faults.clear();
    await accounts.list.signIn(accounts.list.all[0]!.saved.id);
    await clock.advance(3000);
    expect(all(world, 'live')).toBe(true);
  });

  it('a copy that finds the server away takes all offline', async () => {
    const world = await worldOf(3);
    const { accounts, clock, server } = world;
    clock.sleep(20 * MINUTE_MS);
    server.faults.always(faults.connectionRefused());
    await accounts.settled(accounts.list.all[0]!.saved.id);
    expect(all(world, 'offline')).toBe(true);
  });

  it('a copy that finds the session forgotten has the others checked at once', async () => {
    const world = await worldOf(3);
    const { accounts, clock, server } = world;
    clock.sleep(20 * MINUTE_MS);
    accounts.scheduler.resume();
    await accounts.settled(accounts.list.all[0]!.saved.id);
    await clock.advance(3000);
    expect(keysOf(world)).toEqual([...server.sessions.keys()].sort());
    expect(server.sessions.size).toBe(3);
  });
});

describe('trouble of one account', () => {
  it('that gets no answer costs the others one more request', async () => {
    const { add, clock, server } = await createWorld();
    const [silent, other] = [await add(), await add()];
    const { key } = silent.sessionKey!;
    const fault = faults.held();
    server.faults.always(fault, { where: ({ url }) => url.includes(key) });
    await clock.advance(8 * MINUTE_MS + 15_000);
    expect([silent.session.state, other.session.state]).toEqual(['offline', 'offline']);
    await clock.advance(10_000);
    expect(other.session.state).toBe('live');
    fault.release();
  });

  it('whose sign-in always fails does not touch the others, and it is retried less and less often', async () => {
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
    const { sessionKey } = other;
    await clock.advance(HOUR_MS);
    expect(other.sessionKey?.since).toBe(sessionKey?.since);
    expect(server.loginRequests - before).toBeLessThan(30);
  });

  it('that cannot read its answers does not touch the others', async () => {
    const { add, clock, server } = await createWorld({ serverIdleMs: Infinity });
    const [one, other] = [await add(), await add()];
    const { key } = one.sessionKey!;
    server.faults.always(faults.invalidJson(), { where: ({ url }) => url.includes(key) });
    await clock.advance(9 * MINUTE_MS);
    expect([one.session.state, other.session.state]).toEqual(['offline', 'live']);
  });

  it('that signs in again does not make another account’s expired key look live', async () => {
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
      if (session.state !== 'live') continue;
      expect([...server.sessions.keys()]).toContain(session.sessionKey.key);
    }
    expect(other.session.state).toBe('live');
  });
});
