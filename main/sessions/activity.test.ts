import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../clock.ts';
import {
  DAY_MS,
  happening,
  isLive,
  MOST_ENTRIES,
  mostEntries,
  MOST_PAUSES,
  noted,
  paused,
  timeline,
  uptime,
  type Entry,
  type Happening,
  type Pause,
} from './activity.ts';
import { after, SIGNED_OUT, type Session, type SessionEvent } from './session.ts';

const START = Date.UTC(2026, 0, 5, 8);
const at = (minutes: number) => START + minutes * MINUTE_MS;
const held = (since: number, verifiedAt = since) => ({
  key: `KEY-${since}`,
  since,
  verifiedAt,
  facts: [],
});
const live = (since = 0): Session => ({ state: 'live', held: held(since) });
const gone: SessionEvent = { type: 'lost', certain: true };
const away = (problem: string): SessionEvent => ({
  type: 'set-back',
  problem,
  retryAt: 0,
  isServerAway: true,
});

const kept = (times = 1): Happening => ({ kind: 'kept-alive', times });
const offline = (reason: string): Happening => ({ kind: 'offline', times: 0, reason });
const plain = (kind: Happening['kind']): Happening => ({ kind, times: 0 });

/** The entries after what happened in each minute. */
const minutes = (...all: readonly Happening[]) =>
  all.reduce<readonly Entry[]>((entries, each, index) => noted(entries, each, at(index)), []);
const kinds = (entries: readonly Entry[]) => entries.map(({ kind }) => kind);

describe('what it means that a session has become another', () => {
  const renewing: Session = { state: 'renewing', attempts: 0 };
  const offlineWithKey = after(live(), away('Gone fishing.'));

  it.each<[string, Session, SessionEvent, Happening | undefined]>([
    ['a sign-in', SIGNED_OUT, { type: 'signed-in', held: held(1) }, plain('signed-in')],
    ['a sign-in that starts', SIGNED_OUT, { type: 'sign-in-started' }, undefined],
    ['a keep-alive', live(), { type: 'verified', at: 5 }, kept()],
    ['a loss', live(), gone, plain('lost')],
    ['a loss that is not certain', live(), { type: 'lost', certain: false }, plain('lost')],
    ['a loss found when the server is back', offlineWithKey, gone, plain('lost')],
    ['a renewal that starts', renewing, { type: 'renewal-started' }, undefined],
    ['a renewal', renewing, { type: 'signed-in', held: held(1) }, plain('renewed')],
    ['a server that is away', live(), away('Gone fishing.'), offline('Gone fishing.')],
    ['a server that is back', offlineWithKey, { type: 'verified', at: 5 }, kept()],
    [
      'a server that is back, as another account found',
      offlineWithKey,
      { type: 'server-back', retryAt: 0, isKeyTrusted: true },
      kept(0),
    ],
    [
      'credentials that were refused',
      renewing,
      { type: 'user-needed', problem: 'Refused.' },
      { kind: 'user-needed', times: 0, reason: 'Refused.' },
    ],
    ['signing out', live(), { type: 'signed-out' }, plain('signed-out')],
  ])('%s', (_what, before, event, expected) => {
    expect(happening(before, after(before, event))).toEqual(expected);
  });

  it('a stored session that the server no longer knows is lost, one that it knows is kept alive', () => {
    const stored: Session = { state: 'renewing', held: held(1), attempts: 0 };
    expect(happening(stored, after(stored, gone))).toEqual(plain('lost'));
    expect(happening(stored, after(stored, { type: 'verified', at: 5 }))).toEqual(kept());
  });
});

describe('the entries of an account', () => {
  it('have one for all keep-alives in a row', () => {
    expect(minutes(plain('signed-in'), kept(), kept(), kept(0), kept())).toEqual([
      { kind: 'signed-in', times: 0, from: at(0) },
      { kind: 'kept-alive', times: 3, from: at(1) },
    ]);
  });

  it('count anew after a sleep', () => {
    const before = minutes(plain('signed-in'), kept(), kept());
    expect(noted(before, kept(), at(60), { resumedAt: at(50) }).slice(1)).toEqual([
      { kind: 'kept-alive', times: 2, from: at(1) },
      { kind: 'kept-alive', times: 1, from: at(60) },
    ]);
  });

  it('have one for an outage, however often the server was tried', () => {
    const entries = minutes(kept(), offline('No name.'), offline('No name.'), kept(0));
    expect(kinds(entries)).toEqual(['kept-alive', 'offline', 'kept-alive']);
    expect(entries[1]!.from).toBe(at(1));
  });

  it('tell a few reasons of an outage, the last of them always', () => {
    const reasons = Array.from({ length: 100 }, (_, i) => offline(`Left alone for ${i} s.`));
    const entries = minutes(kept(), ...reasons);
    expect(entries.map(({ reason }) => reason)).toEqual([
      undefined,
      'Left alone for 0 s.',
      'Left alone for 1 s.',
      'Left alone for 2 s.',
      'Left alone for 99 s.',
    ]);
  });

  it('are forgotten after thirty days, but for the one that still lasts', () => {
    const entries = minutes(plain('signed-in'), offline('No name.'), plain('signed-out'));
    const later = noted(entries, plain('signed-in'), at(2) + 31 * DAY_MS);
    expect(kinds(later)).toEqual(['signed-out', 'signed-in']);
  });

  it('are fewer for each of very many accounts', () => {
    expect(mostEntries(20)).toBe(MOST_ENTRIES);
    expect(mostEntries(1000) * 1000).toBe(50_000);
    const all = Array.from({ length: 200 }, (_, i) => (i % 2 ? kept() : plain('lost')));
    const entries = all.reduce<readonly Entry[]>(
      (before, each, index) => noted(before, each, at(index), { most: mostEntries(1000) }),
      [],
    );
    expect(entries).toHaveLength(50);
  });

  it('are bounded in number and length', () => {
    const long = offline('a reason '.repeat(1000));
    const all = Array.from({ length: 1000 }, (_, i) => (i % 2 ? kept() : long));
    expect(minutes(...all)).toHaveLength(MOST_ENTRIES);
    const told = happening(live(), after(live(), away('a reason '.repeat(1000))));
    expect(told!.reason!.length).toBeLessThanOrEqual(200);
  });
});

describe('pauses', () => {
  const asleep = (from: number, to: number): Pause => ({
    kind: 'asleep',
    from: at(from),
    to: at(to),
  });
  const all = (...pauses: readonly Pause[]) => pauses.reduce<readonly Pause[]>(paused, []);

  it('leave out naps, and join what a short waking parts', () => {
    expect(all(asleep(0, 0.5))).toEqual([]);
    expect(all(asleep(0, 10), asleep(10.5, 20), asleep(30, 40))).toEqual([
      asleep(0, 20),
      asleep(30, 40),
    ]);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 2 * MOST_PAUSES }, (_, i) => asleep(4 * i, 4 * i + 2));
    expect(all(...many)).toHaveLength(MOST_PAUSES);
  });
});

describe('the timeline', () => {
  const asleep: Pause = { kind: 'asleep', from: at(10), to: at(20) };

  it('goes on after a pause as it was before', () => {
    const spans = timeline(minutes(plain('signed-in')), [asleep], at(30));
    expect(spans).toEqual([
      { kind: 'signed-in', times: 0, from: at(0), to: at(10) },
      { ...asleep, times: 0 },
      { kind: 'kept-alive', times: 0, from: at(20), to: at(30) },
    ]);
  });

  it('counts keep-alives after a pause from its end', () => {
    const entries = noted(minutes(plain('signed-in'), kept()), kept(), at(25), {
      resumedAt: at(20),
    });
    const spans = timeline(entries, [asleep], at(30));
    expect(spans.map(({ kind, times }) => [kind, times])).toEqual([
      ['signed-in', 0],
      ['kept-alive', 1],
      ['asleep', 0],
      ['kept-alive', 1],
    ]);
    expect(spans.at(-1)!.from).toBe(at(20));
  });

  it('puts what was found in the middle of a pause at its end, and nothing in between', () => {
    const entries = noted(minutes(plain('signed-in')), plain('lost'), at(15));
    expect(timeline(entries, [asleep], at(30)).map(({ kind, from }) => [kind, from])).toEqual([
      ['signed-in', at(0)],
      ['asleep', at(10)],
      ['lost', at(20)],
    ]);
  });

  it('has no pauses before the account, and none while it is signed out', () => {
    const entries = noted([], plain('signed-in'), at(15));
    expect(timeline(entries, [asleep], at(30)).map(({ kind }) => kind)).toEqual(['signed-in']);
    const out = minutes(plain('signed-out'));
    expect(timeline(out, [asleep], at(30))).toEqual([
      { kind: 'signed-out', times: 0, from: at(0), to: at(30) },
    ]);
  });
});

describe('the uptime', () => {
  it('is of the time in which a session could have been live', () => {
    const entries = [
      { kind: 'signed-in' as const, times: 0, from: at(0) },
      { kind: 'offline' as const, times: 0, from: at(30) },
      { kind: 'renewed' as const, times: 0, from: at(40) },
      { kind: 'signed-out' as const, times: 0, from: at(60) },
    ];
    const asleep: Pause = { kind: 'asleep', from: at(10), to: at(20) };
    const spans = timeline(entries, [asleep], at(1000));
    expect(uptime(spans, at(0), at(1000))).toBeCloseTo(40 / 50);
    expect(uptime(spans, at(40), at(1000))).toBe(1);
    expect(uptime(spans, at(70), at(1000))).toBeUndefined();
  });
});

describe('whatever happens, in whatever order, also where the clock does odd things', () => {
  const problem = fc.oneof(
    fc.constantFrom('No name.', 'Time-out.'),
    fc.string({ maxLength: 300 }),
    fc.constant('At https://nexus.example.com/api?hash=SECRET123 it broke, token=SECRET123.'),
  );
  const key = fc.constantFrom('SECRET-KEY-1', 'SECRET-KEY-2');
  const time = fc.integer({ min: 0, max: 45 * DAY_MS });
  const step = fc.oneof(
    fc.constant({ type: 'sign-in-started' as const }),
    fc.constant({ type: 'renewal-started' as const }),
    fc.record({
      type: fc.constant('signed-in' as const),
      held: fc.record({
        key,
        since: time,
        verifiedAt: time,
        facts: fc.constant([] as { label: string; value: string }[]),
      }),
    }),
    fc.record({ type: fc.constant('verified' as const), at: time }),
    fc.record({ type: fc.constant('lost' as const), certain: fc.boolean() }),
    fc.record({ type: fc.constant('user-needed' as const), problem }),
    fc.record({
      type: fc.constant('set-back' as const),
      problem,
      retryAt: time,
      isServerAway: fc.boolean(),
    }),
    fc.record({
      type: fc.constant('server-back' as const),
      retryAt: time,
      isKeyTrusted: fc.boolean(),
    }),
    fc.constant({ type: 'signed-out' as const }),
    fc.record({ type: fc.constantFrom('asleep' as const, 'closed' as const), for: time }),
  );
  const steps = fc.array(fc.tuple(fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }), step), {
    maxLength: 60,
  });

  it('entries and spans are in order, do not overlap, leave no gap and hold no secret', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let now = START;
        let session: Session = SIGNED_OUT;
        let entries: readonly Entry[] = [];
        let pauses: readonly Pause[] = [];
        for (const [passed, event] of all) {
          now += passed;
          if ('for' in event) {
            pauses = paused(pauses, { kind: event.type, from: now - event.for, to: now });
            continue;
          }
          const next = after(session, event);
          const news = happening(session, next);
          if (news) entries = noted(entries, news, now, { resumedAt: pauses.at(-1)?.to });
          session = next;
        }
        const end = Math.max(now, entries.at(-1)?.from ?? now, pauses.at(-1)?.to ?? now);
        const spans = timeline(entries, pauses, end);

        expect(entries).toEqual(entries.toSorted((a, b) => a.from - b.from));
        expect(spans.at(-1)?.to).toBe(entries.length > 0 ? end : undefined);
        spans.forEach((span, index) => {
          expect(span.to).toBeGreaterThanOrEqual(span.from);
          if (index > 0) expect(span.from).toBe(spans[index - 1]!.to);
        });
        // Each entry is told, and each keep-alive counted.
        const count = (of: readonly { times: number }[]) => of.reduce((sum, o) => sum + o.times, 0);
        expect(count(spans)).toBe(count(entries));
        expect(JSON.stringify(entries)).not.toContain('SECRET');
        const share = uptime(spans, START, end);
        expect(share === undefined || (share >= 0 && share <= 1)).toBe(true);
        if (entries.length > 0 && session.state === 'live') {
          expect(isLive(entries.at(-1)!.kind)).toBe(true);
        }
      }),
    );
  });

  it('stay within their bounds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(kept(), offline('A.'), plain('lost'), plain('renewed'))),
        (all) => {
          const often = Array.from({ length: 60 }, () => all).flat();
          const entries = minutes(...often);
          expect(entries.length).toBeLessThanOrEqual(MOST_ENTRIES);
          expect(entries).toEqual(entries.toSorted((a, b) => a.from - b.from));
        },
      ),
      { numRuns: 20 },
    );
  });
});
