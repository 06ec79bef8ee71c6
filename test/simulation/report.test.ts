import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../main/clock.ts';
import { Downtime } from './downtime.ts';
import { toReport } from './report.ts';
import type { Result } from './simulate.ts';
import type { Stretch } from './timeline.ts';

/**
 * The result of two accounts over 15 days. Each account was reachable for 100 hours. In these hours, its session was expired for
 * `expiredMinutes` after a restart.
 */
function resultWith(expiredMinutes: number): Result {
  const expiredMs = expiredMinutes * MINUTE_MS;
  const liveUntil = 100 * HOUR_MS - expiredMs;
  const stretches: readonly Stretch[] = [
    { state: 'live', from: 0, to: liveUntil },
    { state: 'expired', from: liveUntil, to: 100 * HOUR_MS },
    { state: 'asleep', from: 100 * HOUR_MS, to: 14 * DAY_MS },
    { state: 'user needed', from: 14 * DAY_MS, to: 15 * DAY_MS },
  ];
  const downtime = new Downtime();
  const timelines = ['Account 1', 'Account 2'].map((account) => {
    const span = { expiredAt: liveUntil, from: liveUntil, to: 100 * HOUR_MS };
    downtime.add(account, span, { lapseMs: 0, excusedMs: expiredMs, cause: 'restart' });
    return { account, host: 'example.com', stretches, lapses: [] };
  });
  return {
    seed: 1,
    from: 0,
    to: 15 * DAY_MS,
    servers: 1,
    events: 2,
    downtime,
    requests: 105,
    answerable: 104,
    unsent: 0,
    minRequests: 100,
    logins: 4,
    loginsAfterRefusal: 0,
    loginsAfterTwoUnanswered: 0,
    maxConcurrent: 2,
    maxTimers: 1,
    bugs: [],
    timelines,
  };
}

const lineOf = (measure: string, ...results: Result[]) =>
  toReport([results]).find((line) => line.measure.trim() === measure);

describe('the report', () => {
  it('gives the excused time as a share of the time in which sessions were wanted and reachable', () => {
    expect(lineOf('Excused / reachable time', resultWith(6))).toMatchObject({
      values: ['0.10 %'],
      isMissed: false,
    });
  });

  it('gives the excused minutes for each account and month, in total and by cause', () => {
    expect(lineOf('minutes per account and month', resultWith(6))?.values).toEqual(['12.0']);
    expect(lineOf('times; minutes; longest', resultWith(6))?.values).toEqual(['2; 12.0; 6.0']);
    expect(lineOf('after a restart', resultWith(6))?.values).toEqual(['2; 12.0; 6.0']);
    expect(lineOf('after a return', resultWith(6))?.values).toEqual(['0; 0.0; 0.0']);
  });

  it('misses the goal if too much is excused', () => {
    expect(lineOf('Excused / reachable time', resultWith(30))).toMatchObject({ isMissed: true });
  });

  it('adds up the seeds', () => {
    const both = [resultWith(6), resultWith(12)];
    expect(lineOf('Excused / reachable time', ...both)?.values).toEqual(['0.15 %']);
    expect(lineOf('minutes per account and month', ...both)?.values).toEqual(['18.0']);
    expect(lineOf('Sign-in needed', ...both)?.values).toEqual(['4']);
  });
});
