import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySessionEvent } from '../../test/support/session-events.ts';
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import { reduce, SIGNED_OUT, type Session } from '../sessions/session.ts';
import {
  addPause,
  append,
  happening,
  isLive,
  type Entry,
  type Happening,
  type Pause,
} from './record.ts';
import { toSpans, uptime } from './timeline.ts';

const START = Date.UTC(2026, 0, 5, 8);
const at = (minutes: number) => START + minutes * MINUTE_MS;
const entry = (kind: Entry['kind'], minute: number, times = 0): Entry => ({
  kind,
  times,
  from: at(minute),
});
const ASLEEP: Pause = { kind: 'asleep', from: at(10), to: at(20) };

describe('the timeline', () => {
  it('goes on after a pause as it was before', () => {
    expect(toSpans([entry('signed-in', 0)], [ASLEEP], at(30))).toEqual([
      { kind: 'signed-in', times: 0, from: at(0), to: at(10) },
      { ...ASLEEP, times: 0 },
      { kind: 'kept-alive', times: 0, from: at(20), to: at(30) },
    ]);
  });

  it('counts the keep-alives after a pause from its end', () => {
    const keptAlive: Happening = { kind: 'kept-alive', times: 1 };
    const entries = append([entry('signed-in', 0), entry('kept-alive', 1, 1)], keptAlive, at(25), {
      resumedAt: at(20),
    });
    const spans = toSpans(entries, [ASLEEP], at(30));
    expect(spans.map(({ kind, times }) => [kind, times])).toEqual([
      ['signed-in', 0],
      ['kept-alive', 1],
      ['asleep', 0],
      ['kept-alive', 1],
    ]);
    expect(spans.at(-1)!.from).toBe(at(20));
  });

  it('puts what was found during a pause at its end, with nothing before it', () => {
    const spans = toSpans([entry('signed-in', 0), entry('expired', 15)], [ASLEEP], at(30));
    expect(spans.map(({ kind, from }) => [kind, from])).toEqual([
      ['signed-in', at(0)],
      ['asleep', at(10)],
      ['expired', at(20)],
    ]);
  });

  it('has no pause before the account', () => {
    const spans = toSpans([entry('signed-in', 15)], [ASLEEP], at(30));
    expect(spans.map(({ kind }) => kind)).toEqual(['signed-in']);
  });

  it('has no pause while the account is signed out', () => {
    expect(toSpans([entry('signed-out', 0)], [ASLEEP], at(30))).toEqual([
      { kind: 'signed-out', times: 0, from: at(0), to: at(30) },
    ]);
  });
});

describe('the uptime', () => {
  const entries = [
    entry('signed-in', 0),
    entry('offline', 30),
    entry('renewed', 40),
    entry('signed-out', 60),
  ];
  const spans = toSpans(entries, [ASLEEP], at(1000));

  it('counts only the time in which a session could have been live', () => {
    expect(uptime(spans, at(0), at(1000))).toBeCloseTo(40 / 50);
  });

  it('counts only the time that was asked for', () => {
    expect(uptime(spans, at(40), at(1000))).toBe(1);
  });

  it('is undefined if no session could have been live', () => {
    expect(uptime(spans, at(70), at(1000))).toBeUndefined();
  });
});

describe('whatever happens, in any order, even if the clock jumps', () => {
  const problem = fc.oneof(
    fc.constantFrom('No name.', 'Time-out.'),
    fc.string({ maxLength: 300 }),
    fc.constant('At https://nexus.example.com/api?hash=SECRET123 it broke, token=SECRET123.'),
  );
  const key = fc.constantFrom('SECRET-KEY-1', 'SECRET-KEY-2');
  const pause = fc.record({
    kind: fc.constantFrom('asleep' as const, 'closed' as const),
    for: fc.integer({ min: 0, max: 45 * DAY_MS }),
  });
  const step = fc.oneof(
    { weight: 10, arbitrary: anySessionEvent({ key, problem }) },
    { weight: 1, arbitrary: pause },
  );
  const steps = fc.array(fc.tuple(fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }), step), {
    maxLength: 60,
  });
  const recorded = steps.map((all) => {
    let now = START;
    let session: Session = SIGNED_OUT;
    let entries: readonly Entry[] = [];
    let pauses: readonly Pause[] = [];
    for (const [passed, step] of all) {
      now += passed;
      if ('for' in step) {
        pauses = addPause(pauses, { kind: step.kind, from: now - step.for, to: now });
        continue;
      }
      const before = session;
      session = reduce(before, step);
      const news = happening(before, session);
      if (news) entries = append(entries, news, now, { resumedAt: pauses.at(-1)?.to });
    }
    const end = Math.max(now, entries.at(-1)?.from ?? now, pauses.at(-1)?.to ?? now);
    return { session, entries, spans: toSpans(entries, pauses, end), end };
  });
  type Recorded = typeof recorded extends fc.Arbitrary<infer T> ? T : never;
  const always = (holds: (recorded: Recorded) => void) =>
    fc.assert(
      fc.property(recorded, (each) => {
        holds(each);
      }),
    );

  it('the entries are in order', () => {
    always(({ entries }) => expect(entries).toEqual(entries.toSorted((a, b) => a.from - b.from)));
  });

  it('the entries hold no secret', () => {
    always(({ entries }) => expect(JSON.stringify(entries)).not.toContain('SECRET'));
  });

  it('the last entry of a live session says so', () => {
    always(({ entries, session }) => {
      if (session.state === 'live') expect(isLive(entries.at(-1)!.kind)).toBe(true);
    });
  });

  it('the spans last until now, without gap or overlap', () => {
    always(({ entries, spans, end }) => {
      expect(spans.at(-1)?.to).toBe(entries.length > 0 ? end : undefined);
      spans.forEach((span, index) => {
        expect(span.to).toBeGreaterThanOrEqual(span.from);
        if (index > 0) expect(span.from).toBe(spans[index - 1]!.to);
      });
    });
  });

  it('the spans count every keep-alive once', () => {
    const count = (all: readonly { times: number }[]) =>
      all.reduce((sum, { times }) => sum + times, 0);
    always(({ entries, spans }) => expect(count(spans)).toBe(count(entries)));
  });

  it('the uptime is a share of the time', () => {
    always(({ spans, end }) => {
      const share = uptime(spans, START, end) ?? 0;
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    });
  });
});
