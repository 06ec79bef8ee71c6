import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unreachable } from '../../test/support/session-events.ts';
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import { reduce, SIGNED_OUT, type Session, type SessionEvent } from '../sessions/session.ts';
import {
  addPause,
  append,
  happening,
  MAX_ENTRIES,
  MAX_PAUSES,
  maxEntries,
  type Entry,
  type Happening,
  type Pause,
} from './record.ts';

const START = Date.UTC(2026, 0, 5, 8);
const at = (minutes: number) => START + minutes * MINUTE_MS;
const sessionKey = (since: number) => ({
  key: `KEY-${since}`,
  since,
  verifiedAt: since,
  facts: [],
});
const after = (session: Session, ...events: readonly SessionEvent[]) =>
  events.reduce(reduce, session);

const keptAlive = (times = 1): Happening => ({ kind: 'kept-alive', times });
const offline = (reason: string): Happening => ({ kind: 'offline', times: 0, reason });
const plain = (kind: Happening['kind']): Happening => ({ kind, times: 0 });

/** @returns the entries of a record in which one thing happens each minute */
const minutes = (...all: readonly Happening[]) =>
  all.reduce<readonly Entry[]>((entries, each, index) => append(entries, each, at(index)), []);
const kinds = (entries: readonly Entry[]) => entries.map(({ kind }) => kind);

describe('a change of a session', () => {
  const signedIn: SessionEvent = { type: 'signed-in', sessionKey: sessionKey(1) };
  const verified: SessionEvent = { type: 'verified', at: 5 };
  const expired: SessionEvent = { type: 'expired', saidByServer: true };
  const startsRenewal: SessionEvent = { type: 'renewal-started' };
  const startsSignIn: SessionEvent = { type: 'sign-in-started' };
  const cancelled: SessionEvent = { type: 'sign-in-cancelled' };

  const live: Session = { state: 'live', sessionKey: sessionKey(0) };
  const signingIn = after(SIGNED_OUT, startsSignIn);
  const renewing = after(live, expired);
  const offlineWithKey = after(live, unreachable('No route.'));
  const offlineWithoutKey = after(renewing, unreachable('No route.'));
  const stored = after(live, startsRenewal);

  it.each<[string, Session, SessionEvent, Happening | undefined]>([
    ['the start of a sign-in', SIGNED_OUT, startsSignIn, undefined],
    ['a sign-in', signingIn, signedIn, plain('signed-in')],
    ['a sign-in while live', after(live, startsSignIn), signedIn, plain('signed-in')],
    ['a sign-in while offline', after(offlineWithKey, startsSignIn), signedIn, plain('signed-in')],
    ['a cancelled sign-in while live', after(live, startsSignIn), cancelled, keptAlive(0)],
    ['a cancelled sign-in while renewing', after(renewing, startsSignIn), cancelled, undefined],
    ['a keep-alive', live, verified, keptAlive()],
    ['expiry while live', live, expired, plain('expired')],
    ['expiry found after an outage', offlineWithKey, expired, plain('expired')],
    ['expiry of a stored session', stored, expired, plain('expired')],
    ['expiry that is already known', renewing, expired, undefined],
    ['the check of a stored session', stored, verified, keptAlive()],
    ['the start of a renewal', renewing, startsRenewal, undefined],
    ['a check of a key that may be alive', live, startsRenewal, undefined],
    ['a renewal', renewing, signedIn, plain('renewed')],
    ['a renewal after an outage', offlineWithoutKey, signedIn, plain('renewed')],
    ['a server that cannot be reached', live, unreachable('No route.'), offline('No route.')],
    ['a server that answers again', offlineWithKey, verified, keptAlive()],
    [
      'a server that answers another account again',
      offlineWithKey,
      { type: 'server-back', retryAt: 0, isKeyTrusted: true },
      keptAlive(0),
    ],
    [
      'refused credentials',
      renewing,
      { type: 'user-needed', problem: 'Refused.', saidByServer: true },
      { kind: 'user-needed', times: 0, reason: 'Refused.' },
    ],
    ['signing out', live, { type: 'signed-out' }, plain('signed-out')],
  ])('by %s', (_what, before, event, expected) => {
    expect(happening(before, reduce(before, event))).toEqual(expected);
  });

  it('has a short reason', () => {
    const long = after(live, unreachable('a reason '.repeat(1000)));
    expect(happening(live, long)!.reason).toHaveLength(200);
  });

  it.each(['', 'x'])('has a reason that ends with no half of an emoji (%j)', (before) => {
    const long = after(live, unreachable(before + '🏭'.repeat(200)));
    expect(happening(live, long)!.reason!.isWellFormed()).toBe(true);
  });
});

describe('the entries of an account', () => {
  it('have one for all keep-alives in a row', () => {
    expect(
      minutes(plain('signed-in'), keptAlive(), keptAlive(), keptAlive(0), keptAlive()),
    ).toEqual([
      { kind: 'signed-in', times: 0, from: at(0) },
      { kind: 'kept-alive', times: 3, from: at(1) },
    ]);
  });

  it('count keep-alives separately after a sleep', () => {
    const before = minutes(plain('signed-in'), keptAlive(), keptAlive());
    expect(append(before, keptAlive(), at(60), { resumedAt: at(50) }).slice(1)).toEqual([
      { kind: 'kept-alive', times: 2, from: at(1) },
      { kind: 'kept-alive', times: 1, from: at(60) },
    ]);
  });

  it('have one for an outage, however often the server was tried', () => {
    const entries = minutes(keptAlive(), offline('No name.'), offline('No name.'), keptAlive(0));
    expect(kinds(entries)).toEqual(['kept-alive', 'offline', 'kept-alive']);
    expect(entries[1]!.from).toBe(at(1));
  });

  it('keep only a few reasons of an outage, and always the last one', () => {
    const reasons = Array.from({ length: 100 }, (_, i) => offline(`Asked to wait ${i} s.`));
    const entries = minutes(keptAlive(), ...reasons);
    expect(entries.map(({ reason }) => reason)).toEqual([
      undefined,
      'Asked to wait 0 s.',
      'Asked to wait 1 s.',
      'Asked to wait 2 s.',
      'Asked to wait 99 s.',
    ]);
  });

  it('are forgotten after thirty days, except for the one that still lasts', () => {
    const entries = minutes(plain('signed-in'), offline('No name.'), plain('signed-out'));
    const later = append(entries, plain('signed-in'), at(2) + 31 * DAY_MS);
    expect(kinds(later)).toEqual(['signed-out', 'signed-in']);
  });

  it('are fewer if there are very many accounts', () => {
    expect(maxEntries(20)).toBe(MAX_ENTRIES);
    expect(maxEntries(1000) * 1000).toBe(50_000);
    const all = Array.from({ length: 200 }, (_, i) => (i % 2 ? keptAlive() : plain('expired')));
    const entries = all.reduce<readonly Entry[]>(
      (before, each, index) => append(before, each, at(index), { max: maxEntries(1000) }),
      [],
    );
    expect(entries).toHaveLength(50);
  });

  it('stay in order and within their number, whatever happens', () => {
    const anything = fc.constantFrom(
      keptAlive(),
      offline('A.'),
      plain('expired'),
      plain('renewed'),
    );
    fc.assert(
      fc.property(fc.array(anything), (all) => {
        const entries = minutes(...Array.from({ length: 60 }, () => all).flat());
        expect(entries.length).toBeLessThanOrEqual(MAX_ENTRIES);
        expect(entries).toEqual(entries.toSorted((a, b) => a.from - b.from));
      }),
      { numRuns: 20 },
    );
  });

  it('drop the oldest if there are too many', () => {
    const all = Array.from({ length: 1000 }, (_, i) => (i % 2 ? keptAlive() : offline('A.')));
    const entries = minutes(...all);
    expect(entries).toHaveLength(MAX_ENTRIES);
    expect(entries.at(-1)!.from).toBe(at(999));
  });
});

describe('pauses', () => {
  const asleep = (from: number, to: number): Pause => ({
    kind: 'asleep',
    from: at(from),
    to: at(to),
  });
  const all = (...pauses: readonly Pause[]) => pauses.reduce<readonly Pause[]>(addPause, []);

  it('leave out sleeps that are too short to matter', () => {
    expect(all(asleep(0, 0.5))).toEqual([]);
  });

  it('join sleeps with a short waking between them', () => {
    expect(all(asleep(0, 10), asleep(10.5, 20), asleep(30, 40))).toEqual([
      asleep(0, 20),
      asleep(30, 40),
    ]);
  });

  it('drop the oldest if there are too many', () => {
    const many = Array.from({ length: 2 * MAX_PAUSES }, (_, i) => asleep(4 * i, 4 * i + 2));
    expect(all(...many)).toHaveLength(MAX_PAUSES);
  });
});
