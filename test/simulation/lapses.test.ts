import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../main/clock.ts';
import { FewestRequests } from './fewest.ts';
import { GRACE_MS, Lapses, Tally } from './lapses.ts';

const START = 1_000_000;
const INTERVAL_MS = 8 * MINUTE_MS;

function judged(length: number, excusedSince?: number) {
  const lapses = new Lapses();
  const lapsedFrom = lapses.add({
    account: 'Account 1',
    from: START,
    to: START + length,
    intervalMs: INTERVAL_MS,
    ...(excusedSince !== undefined && { excuse: { cause: 'return', since: excusedSince } }),
  });
  return { lapses, lapsedFrom };
}

describe('a lapse', () => {
  it('is a session that was dead without an excuse, from its first moment on', () => {
    const { lapses, lapsedFrom } = judged(GRACE_MS + 1);
    expect(lapses.lapses).toMatchObject({ count: 1, totalMs: GRACE_MS + 1 });
    expect(lapsedFrom).toBe(START);
  });

  it('is none within the grace', () => {
    const { lapses } = judged(GRACE_MS, START);
    expect(lapses.lapses.count).toBe(0);
    expect(lapses.inGrace).toMatchObject({ count: 1, totalMs: GRACE_MS });
    expect(lapses.excused.return.count).toBe(0);
  });

  it('is excused for one interval, listed apart', () => {
    const { lapses, lapsedFrom } = judged(INTERVAL_MS + GRACE_MS, START);
    expect(lapses.lapses.count).toBe(0);
    expect(lapses.excused.return).toMatchObject({ count: 1, longestMs: INTERVAL_MS + GRACE_MS });
    expect(lapsedFrom).toBeUndefined();
  });

  it('is what goes beyond that', () => {
    const { lapses, lapsedFrom } = judged(INTERVAL_MS + GRACE_MS + 5000, START);
    expect(lapses.lapses).toMatchObject({ count: 1, totalMs: 5000 });
    expect(lapsedFrom).toBe(START + INTERVAL_MS + GRACE_MS);
  });

  it('is excused from the moment of the excuse on, not from that of the death', () => {
    const { lapses } = judged(5 * MINUTE_MS, START - 7 * MINUTE_MS);
    expect(lapses.lapses.totalMs).toBe(4 * MINUTE_MS - GRACE_MS);
    expect(judged(MINUTE_MS, START - INTERVAL_MS - MINUTE_MS).lapses.lapses.totalMs).toBe(
      MINUTE_MS,
    );
  });

  it('is counted over several runs', () => {
    const united = Tally.united([judged(20_000).lapses.lapses, judged(30_000).lapses.lapses]);
    expect(united).toMatchObject({ count: 2, totalMs: 50_000, longestMs: 30_000 });
  });
});

describe('the fewest requests', () => {
  const life = {
    sessionIdleMs: 60 * MINUTE_MS,
    serverIdleMs: 10 * MINUTE_MS,
    sessionEveryMs: 30 * MINUTE_MS,
    serverEveryMs: 8 * MINUTE_MS,
  };

  it.each([
    // One session: the server's rule counts. Twenty: their own.
    [1, 8],
    [3, 8],
    [20, 40],
  ])('for %i sessions in an hour and a bit', (sessions, expected) => {
    const fewest = new FewestRequests(life);
    fewest.lived(65 * MINUTE_MS);
    for (let session = 0; session < sessions; session++) fewest.sessionOver(65 * MINUTE_MS);
    fewest.stretchOver();
    expect(fewest.total).toBe(expected);
  });

  it('rounds every stretch down, and adds the logins', () => {
    const fewest = new FewestRequests(life);
    for (let stretch = 0; stretch < 3; stretch++) {
      fewest.lived(15 * MINUTE_MS);
      fewest.sessionOver(15 * MINUTE_MS);
      fewest.stretchOver();
      fewest.logins++;
    }
    expect(fewest.total).toBe(6);
  });
});
