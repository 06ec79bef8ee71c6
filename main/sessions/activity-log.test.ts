import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD } from '../../test/support/keeper-world.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
import { DAY_MS } from './activity.ts';
import { ActivityLog, shifted, type Activity, type Told } from './activity-log.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** A world that is witnessed, with a file in memory. */
async function witnessed() {
  const clock = new VirtualClock();
  const file: {
    content?: Activity;
    ahead: number;
    saves: number;
    reads: number;
    isFull: boolean;
    takesMs: number;
  } = {
    ahead: 0,
    takesMs: 0,
    saves: 0,
    reads: 0,
    isFull: false,
  };
  const reported: unknown[] = [];
  let log!: ActivityLog;
  const world = await createWorld({
    clock,
    witness: () =>
      (log = new ActivityLog({
        open: () => ({
          load: () => {
            file.reads++;
            return file.content && shifted(structuredClone(file.content), file.ahead);
          },
          save: (activity, ahead) => {
            if (file.isFull) throw new Error('The disk is full.');
            file.content = structuredClone(activity);
            file.ahead = ahead;
            file.saves++;
            clock.sleep(file.takesMs);
          },
        }),
        clock,
        report: (error) => reported.push(error),
      })),
  });
  return {
    ...world,
    file,
    reported,
    told: (id: string) => log.of(id),
    stopLog: () => log.stop(),
  };
}

const kinds = ({ spans }: Told) => spans.map(({ kind }) => kind);

describe('what a keeper does', () => {
  it('is told: signed in, kept alive, lost, renewed, offline, signed out', async () => {
    const { add, clock, server, told } = await witnessed();
    const kept = await add();
    const { id } = kept.account;
    await clock.advance(HOUR_MS);
    server.forgetSessions();
    await clock.advance(10 * MINUTE_MS);
    server.faults.always(faults.connectionRefused());
    await clock.advance(30 * MINUTE_MS);
    server.faults.clear();
    await clock.advance(10 * MINUTE_MS);
    await kept.signOut();
    expect(kinds(told(id))).toEqual([
      'signed-in',
      'kept-alive',
      'lost',
      'renewed',
      'offline',
      'lost',
      'renewed',
      'kept-alive',
      'signed-out',
    ]);
    expect(told(id).spans[1]).toMatchObject({ times: 7 });
    expect(told(id).spans[4]!.reason).toContain('could not be reached');
  });

  it('is told of a refusal with its reason, and without a secret', async () => {
    const { add, clock, server, told, file } = await witnessed();
    const kept = await add();
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(10 * MINUTE_MS);
    expect(kinds(told(kept.account.id))).toEqual(['signed-in', 'lost', 'user-needed']);
    expect(told(kept.account.id).spans.at(-1)!.reason).toContain('refused');
    for (const secret of [PASSWORD, ...server.sessions.keys()]) {
      expect(JSON.stringify([...file.content!.accounts])).not.toContain(secret);
    }
  });

  it('leaves nothing of an account that never got in, or that was removed', async () => {
    const { add, form, keeper, file, stopLog } = await witnessed();
    await keeper.add(form({ values: { userName: 'engineer1', password: 'wrong' } }));
    stopLog();
    expect(file.content).toBeUndefined();
    const kept = await add();
    stopLog();
    expect(file.content!.accounts.size).toBe(1);
    keeper.remove(kept.account.id);
    expect(file.content!.accounts.size).toBe(0);
  });

  it('goes on after an edit that signs in anew', async () => {
    const { add, form, keeper, told } = await witnessed();
    const { account } = await add();
    await keeper.edit(account.id, form({ values: { userName: 'engineer2', password: PASSWORD } }));
    expect(kinds(told(account.id))).toEqual(['signed-in', 'signed-in']);
  });
});

describe('a machine that slept', () => {
  it('is told as asleep, and what was live goes on', async () => {
    const { add, clock, keeper, told } = await witnessed();
    const { account } = await add();
    await clock.advance(10 * MINUTE_MS);
    keeper.suspend();
    clock.sleep(5 * MINUTE_MS);
    keeper.wake();
    await clock.advance(MINUTE_MS);
    const { spans } = told(account.id);
    expect(spans.map(({ kind }) => kind)).toEqual([
      'signed-in',
      'kept-alive',
      'asleep',
      'kept-alive',
    ]);
    expect(spans[2]!.to - spans[2]!.from).toBe(5 * MINUTE_MS);
  });
});

describe('saving', () => {
  it('happens once a minute at most, by one timer that runs only while there is news', async () => {
    const { add, clock, file } = await witnessed();
    for (let i = 0; i < 20; i++) await add();
    expect(clock.timers).toBe(2);
    expect(file.saves).toBe(0);
    await clock.advance(MINUTE_MS);
    expect(file.saves).toBe(1);
    expect(clock.timers).toBe(1);
    await clock.advance(HOUR_MS - MINUTE_MS);
    expect(file.saves).toBeLessThanOrEqual(60);
  });

  it('is rarer where it takes long', async () => {
    const { add, clock, file } = await witnessed();
    file.takesMs = 2_000;
    for (let i = 0; i < 20; i++) await add();
    await clock.advance(2 * HOUR_MS);
    expect(file.saves).toBeLessThanOrEqual(1 + (2 * HOUR_MS) / (500 * file.takesMs));
  });

  it('is tried again with the next news where it failed', async () => {
    const { add, clock, file, reported } = await witnessed();
    await add();
    file.isFull = true;
    await clock.advance(MINUTE_MS);
    expect(reported).toHaveLength(1);
    file.isFull = false;
    await clock.advance(10 * MINUTE_MS);
    expect(file.content!.accounts.size).toBe(1);
  });
});

describe('a restart', () => {
  it('finds what was told, and tells when Keyvigil was not running', async () => {
    const { add, clock, restart, stopLog, told } = await witnessed();
    const { account } = await add();
    await clock.advance(10 * MINUTE_MS);
    stopLog();
    clock.sleep(2 * MINUTE_MS);
    restart();
    await clock.advance(MINUTE_MS);
    const { spans } = told(account.id);
    expect(spans.map(({ kind }) => kind)).toEqual([
      'signed-in',
      'kept-alive',
      'closed',
      'kept-alive',
    ]);
    expect(spans[2]!.to - spans[2]!.from).toBe(2 * MINUTE_MS);
  });

  it('after a crash has lost what happened in the last minute at most', async () => {
    const { add, clock, restart, told, server } = await witnessed();
    const { account } = await add();
    await clock.advance(8 * MINUTE_MS + 30 * SECOND_MS);
    server.forgetSessions();
    restart();
    await clock.advance(MINUTE_MS);
    // Until it is asked, it is taken to be as it was.
    expect(kinds(told(account.id))).toEqual([
      'signed-in',
      'closed',
      'kept-alive',
      'lost',
      'renewed',
    ]);
  });

  it('tells what a start finds that needs its user', async () => {
    const { add, clock, restart, stopLog, told } = await witnessed();
    const { account } = await add({ remember: false });
    stopLog();
    restart();
    await clock.advance(MINUTE_MS);
    expect(kinds(told(account.id)).at(-1)).toBe('user-needed');
  });

  it('reads the file only when it is needed', async () => {
    const { restart, file, add } = await witnessed();
    await add();
    const { reads } = file;
    restart();
    expect(file.reads).toBe(reads);
  });
});

describe('times', () => {
  it('are those of the wall clock, as people see it, in the popup and in the file', async () => {
    const { add, clock, told, file, stopLog } = await witnessed();
    const { account } = await add();
    clock.setWallClock(3 * HOUR_MS);
    stopLog();
    expect(told(account.id).spans[0]!.from).toBe(clock.wall());
    expect(file.ahead).toBe(3 * HOUR_MS);
  });

  it('lie before now, also where the clock was set back while Keyvigil was not running', async () => {
    const { add, clock, told, file, stopLog, restart } = await witnessed();
    const { account } = await add();
    await clock.advance(10 * MINUTE_MS);
    clock.setWallClock(DAY_MS);
    stopLog();
    expect(file.ahead).toBe(DAY_MS);
    clock.setWallClock(-DAY_MS);
    restart();
    await clock.advance(MINUTE_MS);
    const { spans } = told(account.id);
    expect(spans.map(({ kind }) => kind)).toEqual(['signed-in', 'kept-alive']);
    expect(spans[1]!.to).toBe(clock.wall());
    expect(spans[1]!.to - spans[0]!.from).toBe(11 * MINUTE_MS);
  });
});
