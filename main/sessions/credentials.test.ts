import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD } from '../../test/support/account-world.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../clock.ts';

describe('a refused login', () => {
  it('is not repeated for another account of the same user with the same password, also after a restart', async () => {
    const { add, server, clock, accounts } = await createWorld();
    for (let i = 0; i < 3; i++) await add();
    const other = await add({ values: { userName: 'engineer2', password: PASSWORD } });
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(HOUR_MS);
    accounts.restart();
    await clock.advance(HOUR_MS);
    expect(server.loginRequests).toBe(4 + 1 + 1);
    const states = accounts.list.all.map(({ session }) => session.state);
    expect(states).toEqual(['sign-in-needed', 'sign-in-needed', 'sign-in-needed', 'live']);
    expect(accounts.list.get(other.saved.id).session.state).toBe('live');
  });

  it('is sent for another account that has another password', async () => {
    const { add, server, clock, accounts } = await createWorld();
    const [first] = [await add(), await add()];
    server.changePassword('engineer1', 'another');
    await first.signOut();
    await accounts.list.signIn(first.saved.id, { password: 'another' });
    server.changePassword('engineer1', PASSWORD);
    server.forgetSessions();
    await clock.advance(HOUR_MS);
    const states = accounts.list.all.map(({ session }) => session.state);
    expect(states).toEqual(['sign-in-needed', 'live']);
  });
});

describe('a login that got no answer', () => {
  it.each([
    ['cut off', () => faults.cutOff(5)],
    ['reset', () => faults.connectionReset()],
  ])(
    '(%s) is repeated once, then left to the user, also across a restart',
    async (_name, fault) => {
      const { add, server, clock, accounts } = await createWorld();
      await add();
      server.forgetSessions();
      server.faults.always(fault(), { route: 'login' });
      await clock.advance(DAY_MS);
      accounts.restart();
      await clock.advance(DAY_MS);
      expect(server.loginRequests).toBe(1 + 2);
    },
  );

  it('is not repeated before the server answers any request, for example behind a VPN that is down', async () => {
    const { add, server, clock } = await createWorld();
    const account = await add();
    clock.sleep(2 * HOUR_MS);
    const silence = faults.held();
    server.faults.always(silence, { route: 'login' });
    await clock.advance(MINUTE_MS + 20_000);
    server.faults.always(silence);
    expect(server.loginRequests).toBe(1 + 1);
    await clock.advance(DAY_MS);
    expect(server.loginRequests).toBe(1 + 1);
    server.faults.clear();
    await clock.advance(6 * MINUTE_MS);
    expect(account.session.state).toBe('live');
    expect(server.loginRequests).toBe(1 + 2);
    silence.release();
  });

  it('counts even if Keyvigil was killed before the answer', async () => {
    const { add, server, clock, accounts } = await createWorld();
    await add();
    server.forgetSessions();
    server.faults.always(faults.held(), { route: 'login' });
    await clock.advance(8 * MINUTE_MS);
    for (let i = 0; i < 5; i++) {
      accounts.restart();
      await clock.advance(MINUTE_MS / 6);
    }
    expect(server.loginRequests).toBe(1 + 2);
  });

  it('does not count before it was sent', async () => {
    const { add, server, clock, accounts } = await createWorld();
    for (let i = 0; i < 10; i++) await add();
    server.forgetSessions();
    clock.sleep(2 * HOUR_MS);
    // The first account's login succeeds, so the other accounts log in too.
    const isLater = () => server.loginRequests > 10 + 1;
    server.faults.always(faults.held(), { route: 'login', where: isLater });
    accounts.restart();
    await clock.advance(8000);
    accounts.restart();
    const counts = [...accounts.storage.secrets.values()].map(
      ({ unansweredLogins }) => unansweredLogins,
    );
    expect(counts.filter((count) => count > 0)).toHaveLength(2);
    expect(server.loginRequests).toBe(10 + 1 + 2);
  });

  it('still counts after a login that the server was too busy to check', async () => {
    const { add, server, clock } = await createWorld();
    const account = await add();
    server.forgetSessions();
    let logins = 0;
    const isLost = () => logins++ % 2 === 0;
    server.faults.always(faults.serverError(503), { route: 'login' });
    server.faults.always(faults.connectionReset(), { route: 'login', where: isLost });
    await clock.advance(DAY_MS);
    expect(account.session.state).toBe('sign-in-needed');
    expect(logins).toBeLessThanOrEqual(4);
  });

  it('tells the other accounts nothing about the server once Keyvigil has given up', async () => {
    const { add, server, clock, accounts } = await createWorld();
    for (let i = 0; i < 3; i++) await add();
    clock.sleep(2 * HOUR_MS);
    server.faults.always(faults.connectionReset());
    await clock.advance(HOUR_MS);
    // The server answers again, but one login gets no answer. Then the server stops responding again.
    server.faults.clear();
    server.faults.next(faults.connectionReset(), { route: 'login' });
    const before = server.loginRequests;
    while (server.loginRequests === before) await clock.advance(1000);
    server.faults.always(faults.connectionReset());
    await clock.advance(DAY_MS);
    const givenUp = accounts.list.all.filter(({ secrets }) => secrets.unansweredLogins > 1);
    expect(givenUp.length).toBeLessThan(3);
  });

  it('no longer counts after the next login that is answered', async () => {
    const { add, server, clock } = await createWorld();
    const account = await add();
    for (let i = 0; i < 3; i++) {
      server.forgetSessions();
      server.faults.next(faults.cutOff(5), { route: 'login' });
      await clock.advance(30 * MINUTE_MS);
      expect(account.session.state).toBe('live');
    }
  });

  it('does not count if it cannot have reached the server', async () => {
    const { add, server, clock } = await createWorld();
    const account = await add();
    server.forgetSessions();
    server.faults.always(faults.serverError(502), { route: 'login' });
    await clock.advance(DAY_MS);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(account.session.state).toBe('live');
  });
});
