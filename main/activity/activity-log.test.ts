import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { startRibCx } from '../../test/simulators/rib-cx.ts';
import { PASSWORD, startAccounts } from '../../test/support/account-world.ts';
import { unreachable } from '../../test/support/session-events.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts';
import {
  reduce,
  sessionKeyOf,
  SIGNED_OUT,
  type Session,
  type SessionEvent,
} from '../sessions/session.ts';
import { ActivityLog, type Activity } from './activity-log.ts';

const KEEP_ALIVE_MS = 8 * MINUTE_MS;

/** Makes a log with a file in memory, and accounts that tell the log about their sessions. */
function createLog() {
  const clock = new VirtualClock();
  const file = { content: undefined as Activity | undefined, saves: 0, reads: 0, isFull: false };
  const reported: unknown[] = [];
  const sessions = new Map<string, Session>();
  const newLog = () =>
    new ActivityLog({
      open: () => ({
        load() {
          file.reads++;
          return structuredClone(file.content);
        },
        save(activity) {
          if (file.isFull) throw new Error('The disk is full.');
          file.content = structuredClone(activity);
          file.saves++;
        },
      }),
      clock,
      logError: (error) => reported.push(error),
    });
  let log = newLog();

  const become = (id: string, session: Session) => {
    const before = sessions.get(id) ?? SIGNED_OUT;
    sessions.set(id, session);
    log.changed({ saved: { id }, session }, before);
  };
  const happen = (event: SessionEvent, id = 'account-1') =>
    become(id, reduce(sessions.get(id) ?? SIGNED_OUT, event));
  let keys = 0;
  const signIn = (id?: string) => {
    const now = clock.now();
    const sessionKey = { key: `SECRET-${++keys}`, since: now, verifiedAt: now, facts: [] };
    happen({ type: 'signed-in', sessionKey }, id);
  };
  const renew = () => {
    happen({ type: 'expired', saidByServer: true });
    happen({ type: 'renewal-started' });
    signIn();
  };
  const verify = (id?: string) => happen({ type: 'verified', at: clock.now() }, id);

  return {
    clock,
    file,
    reported,
    happen,
    signIn,
    renew,
    verify,
    async keepAlive(times: number) {
      for (let i = 0; i < times; i++) {
        await clock.advance(KEEP_ALIVE_MS);
        verify();
      }
    },
    /** Starts Keyvigil again without saving the log before, as after a crash. */
    restart() {
      log = newLog();
      const stored = [...sessions];
      sessions.clear();
      for (const [id, session] of stored) {
        const sessionKey = sessionKeyOf(session);
        if (sessionKey) {
          become(id, { state: 'renewing', sessionKey, failures: 0, failsAlone: false });
        }
      }
    },
    get log() {
      return log;
    },
    spans: (id = 'account-1') => log.timelineOf(id).spans,
    kinds: (id = 'account-1') => log.timelineOf(id).spans.map(({ kind }) => kind),
  };
}

describe('the activity log', () => {
  it('records sign-in, keep-alives, expiry, renewal, outage and sign-out', async () => {
    const { happen, keepAlive, kinds, renew, signIn, spans } = createLog();
    signIn();
    await keepAlive(7);
    renew();
    happen(unreachable('The server could not be reached.'));
    renew();
    await keepAlive(1);
    happen({ type: 'signed-out' });
    expect(kinds()).toEqual([
      'signed-in',
      'kept-alive',
      'expired',
      'renewed',
      'offline',
      'expired',
      'renewed',
      'kept-alive',
      'signed-out',
    ]);
    expect(spans()[1]!.times).toBe(7);
    expect(spans()[4]!.reason).toBe('The server could not be reached.');
  });

  it('records a refusal with its reason, and no secret', () => {
    const { file, happen, log, signIn, spans } = createLog();
    signIn();
    const problem = 'The server refused https://nexus.example.com/login?hash=SECRET-1.';
    happen({ type: 'user-needed', problem, saidByServer: true });
    log.stop();
    expect(spans().at(-1)).toMatchObject({
      kind: 'user-needed',
      reason: expect.stringContaining('refused') as string,
    });
    expect(JSON.stringify([...file.content!.accounts])).not.toContain('SECRET');
  });

  it('records none of the words with which a server refuses', async () => {
    const { clock, file, log } = createLog();
    const user = { email: 'ada@example.com', password: PASSWORD };
    const server = await startRibCx({ clock, users: [user], listen: false });
    const accounts = startAccounts({ clock, fetch: server.fetch, observer: () => log });
    await accounts.add({
      system: 'rib-cx',
      name: 'Tunnel',
      address: server.origin,
      method: 'password',
      values: { ...user, apiVersion: 'latest' },
      remember: true,
      keepAliveMinutes: 10,
    });
    const words = { IsSuccess: false, ErrorMessages: ['Ada of Example Ltd is locked, ask Bob.'] };
    const refusal = faults.serverError(200, JSON.stringify(words));
    server.faults.always(refusal, { route: 'loginByEmail' });
    server.forgetSessions();
    await clock.advance(HOUR_MS);
    log.stop();
    expect(accounts.list.all[0]?.session).toMatchObject({
      state: 'sign-in-needed',
      serverSaid: expect.stringContaining('ask Bob'),
    });
    expect(file.saves).toBeGreaterThan(0);
    expect(inspect(file.content, { depth: null })).not.toContain('Bob');
  });

  it('records a new sign-in of an edited account beside the old one', () => {
    const { kinds, signIn } = createLog();
    signIn();
    signIn();
    expect(kinds()).toEqual(['signed-in', 'signed-in']);
  });

  it('records a sleep, after which the session goes on', async () => {
    const { clock, keepAlive, kinds, log, signIn, spans, verify } = createLog();
    signIn();
    await keepAlive(1);
    const from = clock.now();
    clock.sleep(5 * MINUTE_MS);
    log.slept(from, clock.now());
    verify();
    await clock.advance(MINUTE_MS);
    expect(kinds()).toEqual(['signed-in', 'kept-alive', 'asleep', 'kept-alive']);
    expect(spans()[2]!.to - spans()[2]!.from).toBe(5 * MINUTE_MS);
  });

  it('forgets a removed account at once', () => {
    const { file, log, signIn } = createLog();
    signIn();
    log.stop();
    expect(file.content!.accounts.size).toBe(1);
    log.removed('account-1');
    expect(file.content!.accounts.size).toBe(0);
  });

  it('keeps the uses of an account without entries, and forgets them when the account is removed', () => {
    const { file, log } = createLog();
    log.used('account-1');
    log.stop();
    expect(file.saves).toBe(1);
    log.removed('account-1');
    expect(file.saves).toBe(2);
    expect(file.content!.uses.size).toBe(0);
  });

  it('says when entries had to be dropped', () => {
    const { log, renew, signIn } = createLog();
    signIn();
    expect(log.timelineOf('account-1').isCut).toBe(false);
    for (let i = 0; i < 300; i++) renew();
    expect(log.timelineOf('account-1').isCut).toBe(true);
  });
});

describe('saving', () => {
  it('happens at most once a minute, by one timer that runs only while there is news', async () => {
    const { clock, file, keepAlive, signIn } = createLog();
    for (let i = 0; i < 20; i++) signIn(`account-${i}`);
    expect(clock.timers).toBe(1);
    expect(file.saves).toBe(0);
    await clock.advance(MINUTE_MS);
    expect(file.saves).toBe(1);
    expect(clock.timers).toBe(0);
    await keepAlive(10);
    expect(file.saves).toBe(10);
  });

  it('happens at the end', () => {
    const { file, log, signIn } = createLog();
    signIn();
    log.stop();
    expect(file.saves).toBe(1);
  });

  it('writes nothing if nothing happened', () => {
    const { file, log } = createLog();
    log.stop();
    expect(file.saves).toBe(0);
  });

  it('happens again after the next news if it failed', async () => {
    const { clock, file, keepAlive, reported, signIn } = createLog();
    signIn();
    file.isFull = true;
    await clock.advance(MINUTE_MS);
    expect(reported).toHaveLength(1);
    file.isFull = false;
    await keepAlive(1);
    await clock.advance(MINUTE_MS);
    expect(file.content!.accounts.size).toBe(1);
  });
});

describe('after a restart', () => {
  it('the log has what was saved, and the time in which Keyvigil was not running', async () => {
    const { clock, keepAlive, kinds, log, restart, signIn, spans, verify } = createLog();
    signIn();
    await keepAlive(1);
    log.stop();
    clock.sleep(2 * MINUTE_MS);
    restart();
    verify();
    await clock.advance(MINUTE_MS);
    expect(kinds()).toEqual(['signed-in', 'kept-alive', 'closed', 'kept-alive']);
    expect(spans()[2]!.to - spans()[2]!.from).toBe(2 * MINUTE_MS);
  });

  it('from a crash, only the last minute is missing', async () => {
    const { clock, keepAlive, kinds, renew, restart, signIn, spans } = createLog();
    signIn();
    await keepAlive(1);
    await clock.advance(MINUTE_MS + 30 * SECOND_MS);
    restart();
    await clock.advance(SECOND_MS);
    renew();
    // The session counts as live until Keyvigil verifies it.
    expect(kinds()).toEqual([
      'signed-in',
      'kept-alive',
      'closed',
      'kept-alive',
      'expired',
      'renewed',
    ]);
    expect(spans()[2]!.to - spans()[2]!.from).toBe(30 * SECOND_MS);
  });

  it('the log records that the user must sign in', async () => {
    const { clock, happen, kinds, log, restart, signIn } = createLog();
    signIn();
    log.stop();
    await clock.advance(MINUTE_MS);
    restart();
    happen({ type: 'user-needed', problem: 'Nothing is stored.', saidByServer: false });
    expect(kinds().at(-1)).toBe('user-needed');
  });

  it('the file is read only when it is needed', () => {
    const { file, kinds, log, restart, signIn } = createLog();
    signIn();
    log.stop();
    expect(file.reads).toBe(1);
    restart();
    expect(file.reads).toBe(1);
    kinds();
    expect(file.reads).toBe(2);
  });

  it('what ended more than thirty days ago is forgotten', () => {
    const { clock, happen, kinds, log, restart, signIn } = createLog();
    signIn();
    happen({ type: 'signed-out' });
    log.stop();
    clock.sleep(31 * DAY_MS);
    restart();
    expect(kinds()).toEqual(['signed-out']);
  });

  it('a file that is out of order is put in order', () => {
    const { clock, file, kinds } = createLog();
    const now = clock.now();
    file.content = {
      until: now,
      pauses: [
        { kind: 'asleep', from: now - 2 * HOUR_MS, to: now - HOUR_MS },
        { kind: 'asleep', from: now - 4 * HOUR_MS, to: now - 3 * HOUR_MS },
      ],
      accounts: new Map([
        [
          'account-1',
          [
            { kind: 'signed-out', times: 0, from: now - HOUR_MS },
            { kind: 'signed-in', times: 0, from: now - 5 * HOUR_MS },
          ],
        ],
      ]),
      uses: new Map(),
    };
    expect(kinds()).toEqual(['signed-in', 'asleep', 'signed-out']);
  });
});

describe('times', () => {
  it('are the wall clock’s, on screen and in the file', () => {
    const { clock, file, log, signIn, spans } = createLog();
    signIn();
    clock.setWallClock(3 * HOUR_MS);
    log.stop();
    expect(spans()[0]!.from).toBe(clock.wall());
    expect(file.content!.until).toBe(clock.wall());
    expect(file.content!.accounts.get('account-1')![0]!.from).toBe(clock.wall());
  });

  it('lie before now, even if the clock was set back while Keyvigil was not running', async () => {
    const { clock, file, keepAlive, kinds, log, restart, signIn, spans, verify } = createLog();
    signIn();
    await keepAlive(1);
    clock.setWallClock(DAY_MS);
    log.stop();
    expect(file.content!.until).toBe(clock.wall());
    clock.setWallClock(-DAY_MS);
    restart();
    verify();
    await clock.advance(MINUTE_MS);
    expect(kinds()).toEqual(['signed-in', 'kept-alive']);
    const [first, last] = [spans()[0]!, spans().at(-1)!];
    expect(last.to).toBe(clock.wall());
    expect(last.to - first.from).toBe(KEEP_ALIVE_MS + MINUTE_MS);
  });
});

describe('uses by scripts', () => {
  it('are counted for each account and day, also after a restart', async () => {
    const world = createLog();
    world.signIn();
    for (let i = 0; i < 3; i++) world.log.used('account-1');
    world.clock.sleep(DAY_MS);
    world.log.used('account-1');
    world.log.used('account-2');
    world.log.stop();
    world.restart();
    expect(world.log.usesOf('account-1')).toEqual({ today: 1, all: 4 });
    expect(world.log.usesOf('account-2')).toEqual({ today: 1, all: 1 });
    expect(world.log.usesOf('account-3')).toEqual({ today: 0, all: 0 });
  });

  it('are kept for 30 days, and are removed with the account', async () => {
    const { clock, log } = createLog();
    for (let day = 0; day < 40; day++) {
      log.used('account-1');
      clock.sleep(DAY_MS);
    }
    expect(log.usesOf('account-1')).toEqual({ today: 0, all: 30 });
    log.removed('account-1');
    expect(log.usesOf('account-1')).toEqual({ today: 0, all: 0 });
  });

  it('are counted for the last 30 days only', () => {
    const { clock, log } = createLog();
    for (let week = 0; week < 20; week++) {
      log.used('account-1');
      clock.sleep(7 * DAY_MS);
    }
    expect(log.usesOf('account-1')).toEqual({ today: 0, all: 4 });
  });

  it('of one day are counted together, also after the wall clock was a day back', () => {
    const { clock, log } = createLog();
    log.used('account-1');
    clock.setWallClock(-DAY_MS);
    log.used('account-1');
    clock.setWallClock(DAY_MS);
    log.used('account-1');
    expect(log.usesOf('account-1')).toEqual({ today: 2, all: 3 });
  });

  it('are saved at most once a minute', async () => {
    const { clock, file, log } = createLog();
    for (let i = 0; i < 1000; i++) log.used('account-1');
    await clock.advance(MINUTE_MS);
    expect(file.saves).toBe(1);
    expect(file.content!.uses.get('account-1')).toMatchObject([{ times: 1000 }]);
  });
});
