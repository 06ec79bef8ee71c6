import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import { GRACE_MS, judge, type Incident, type Span } from './judge.ts';

const INTERVAL_MS = 8 * MINUTE_MS;
const NO_HISTORY: readonly Incident[] = [];
const BEFORE = 100 * MINUTE_MS;

/**
 * Judges a span that begins at minute 100.
 * @param incidents count their minutes from the beginning of the span
 * @param ago the session expired this many minutes before the span begins
 */
function judged(minutes: number, incidents: readonly [number, Incident['kind']][] = [], ago = 0) {
  const span = {
    expiredAt: BEFORE - ago * MINUTE_MS,
    from: BEFORE,
    to: BEFORE + minutes * MINUTE_MS,
  };
  const history = incidents.map(([at, kind]) => ({ at: BEFORE + at * MINUTE_MS, kind }));
  const { lapseMs, excusedMs, cause } = judge(span, history, INTERVAL_MS);
  return { lapse: lapseMs / MINUTE_MS, excused: excusedMs / MINUTE_MS, cause };
}

const GRACE = GRACE_MS / MINUTE_MS;
const lapse = (minutes: number) => ({ lapse: minutes, excused: 0, cause: undefined });
const excused = (minutes: number, cause: string) => ({ lapse: 0, excused: minutes, cause });

describe('a span in which a session was expired', () => {
  it('is a lapse from its first moment on, if nothing excuses it', () => {
    expect(judged(5)).toEqual(lapse(5));
  });

  it('is excused within the grace', () => {
    expect(judged(GRACE)).toEqual(excused(GRACE, 'grace'));
    expect(judged(GRACE, [[0, 'return']])).toEqual(excused(GRACE, 'grace'));
    expect(judged(2 * GRACE)).toEqual(lapse(2 * GRACE));
  });

  it.each(['restart', 'return', 'wake-up'] as const)(
    'is excused for one interval and the grace after a %s',
    (kind) => {
      expect(judged(8, [[0, kind]])).toEqual(excused(8, kind));
      expect(judged(9, [[0, kind]])).toEqual({
        lapse: expect.closeTo(1 - GRACE),
        excused: expect.closeTo(8 + GRACE),
        cause: kind,
      });
    },
  );

  it('is excused from the incident on, not from its own start', () => {
    expect(judged(2, [[-7, 'return']]).excused).toBeCloseTo(1 + GRACE);
    expect(judged(2, [[-9, 'return']])).toEqual(lapse(2));
  });

  it('is excused by the last incident alone', () => {
    const incidents: [number, Incident['kind']][] = [
      [-3, 'return'],
      [-1, 'wake-up'],
    ];
    expect(judged(6, incidents)).toEqual(excused(6, 'wake-up'));
    expect(judged(6, [...incidents, [0, 'announcement']])).toEqual(lapse(6));
  });

  it('is excused by what ended the session, even if something was announced later', () => {
    const restart: [number, Incident['kind']] = [-3, 'restart'];
    expect(judged(5, [restart, [0, 'announcement']], 3)).toEqual(excused(5, 'restart'));
    expect(judged(5, [restart, [0, 'announcement']], 2.9)).toEqual(excused(5, 'restart'));
    expect(judged(5, [restart, [-1, 'announcement']])).toEqual(lapse(5));
  });

  it('is not excused by an answer that was lost before, because there was time to retry', () => {
    expect(judged(5, [[-1, 'lost answer']])).toEqual(lapse(5));
    const afterReturn = judged(5, [
      [-2, 'return'],
      [-1, 'lost answer'],
    ]);
    expect(afterReturn).toEqual(excused(5, 'return'));
  });

  it('is excused by an answer that was lost right after an announced sleep, which had used up that time', () => {
    const sleep: [number, Incident['kind']] = [-0.4, 'announcement'];
    expect(judged(5, [sleep, [-0.3, 'lost answer']])).toEqual(excused(5, 'lost answer'));
    expect(judged(5, [sleep])).toEqual(lapse(5));
    expect(judged(5, [[-0.5, 'announcement'], [-0.3, 'lost answer']])).toEqual(lapse(5)); // prettier-ignore
    expect(judged(5, [[-0.4, 'lost answer'], [-0.3, 'announcement']])).toEqual(lapse(5)); // prettier-ignore
  });

  it('is excused longer by the first answer that is lost while it is excused', () => {
    expect(judged(14, [[0, 'return'], [7, 'lost answer']])).toEqual(excused(14, 'lost answer')); // prettier-ignore
    const twice = judged(20, [[0, 'return'], [7, 'lost answer'], [14, 'lost answer']]); // prettier-ignore
    expect(twice.lapse).toBeCloseTo(20 - 15 - GRACE);
  });

  it('is excused by the first answer that is lost within the grace', () => {
    expect(judged(5, [[GRACE, 'lost answer']])).toEqual(excused(5, 'lost answer'));
    const longAgo: [number, Incident['kind']] = [-30, 'restart'];
    expect(judged(5, [longAgo, [GRACE, 'lost answer']], 30)).toEqual(excused(5, 'lost answer'));
  });

  it('is not excused by an answer that is lost after the lapse began', () => {
    expect(judged(10, [[5, 'lost answer']])).toEqual(lapse(10));
    expect(judged(12, [[0, 'return'], [10, 'lost answer']]).lapse).toBeCloseTo(4 - GRACE); // prettier-ignore
  });
});

describe('every judgement', () => {
  const incident = fc.record({
    at: fc.integer({ min: 0, max: 200 * MINUTE_MS }),
    kind: fc.constantFrom(
      'restart',
      'return',
      'wake-up',
      'announcement',
      'lost answer',
    ) satisfies fc.Arbitrary<Incident['kind']>,
  });
  const history = fc.array(incident).map((incidents) => incidents.toSorted((a, b) => a.at - b.at));
  const time = fc.oneof(
    fc.integer({ min: 0, max: 30 * SECOND_MS }),
    fc.integer({ min: 0, max: 60 * MINUTE_MS }),
  );
  const span = fc.tuple(time, time, time).map(([start, hindered, length]): Span => {
    const expiredAt = 50 * MINUTE_MS + start;
    const from = expiredAt + hindered;
    return { expiredAt, from, to: from + length };
  });
  const check = (claim: (span: Span, history: readonly Incident[]) => void) =>
    fc.assert(fc.property(span, history, claim));
  const judgement = (span: Span, incidents: readonly Incident[]) =>
    judge(span, incidents, INTERVAL_MS);

  it('divides the whole span into what is excused and a lapse', () => {
    check((span, incidents) => {
      const { lapseMs, excusedMs, cause } = judgement(span, incidents);
      expect(lapseMs + excusedMs).toBe(span.to - span.from);
      expect(Math.min(lapseMs, excusedMs)).toBeGreaterThanOrEqual(0);
      expect(cause !== undefined).toBe(excusedMs > 0 || lapseMs === 0);
    });
  });

  it('finds a lapse in every span beyond the grace, if nothing happened', () => {
    check((span) => {
      const length = span.to - span.from;
      expect(judgement(span, NO_HISTORY).lapseMs).toBe(length > GRACE_MS ? length : 0);
    });
  });

  it('excuses two intervals with their grace at most', () => {
    check((span, incidents) => {
      const { excusedMs } = judgement(span, incidents);
      expect(excusedMs).toBeLessThanOrEqual(2 * (INTERVAL_MS + GRACE_MS));
    });
  });

  it('depends neither on what comes after the span nor on what was over long before', () => {
    check((span, incidents) => {
      const relevant = incidents.filter(
        ({ at }) => span.expiredAt - INTERVAL_MS <= at && at <= span.to,
      );
      expect(judgement(span, relevant)).toEqual(judgement(span, incidents));
    });
  });

  it('excuses no more after an announcement', () => {
    check((span, incidents) => {
      const announced = [...incidents, { at: span.from, kind: 'announcement' as const }].toSorted(
        (a, b) => a.at - b.at,
      );
      const { lapseMs } = judgement(span, announced);
      expect(lapseMs).toBeGreaterThanOrEqual(judgement(span, incidents).lapseMs);
    });
  });

  it('finds a longer lapse in a longer span', () => {
    check((span, incidents) => {
      const longer = { ...span, to: span.to + MINUTE_MS };
      const { lapseMs } = judgement(span, incidents);
      expect(judgement(longer, incidents).lapseMs).toBeGreaterThanOrEqual(lapseMs);
    });
  });
});
