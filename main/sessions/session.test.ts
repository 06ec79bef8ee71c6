import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anySessionEvent, anyTime, unreachable } from '../../test/support/session-events.ts';
import { dueAt } from './rhythm.ts';
import { reduce, sessionKeyOf, SIGNED_OUT, type Session, type SessionEvent } from './session.ts';

const RHYTHM = { sessionMs: 8 * 60_000 };
const events = fc.array(anySessionEvent(), { maxLength: 20 });
const after = (happened: readonly SessionEvent[]): Session => happened.reduce(reduce, SIGNED_OUT);

describe('a session, whatever happens in whatever order', () => {
  it('has a key if it is live', () => {
    fc.assert(
      fc.property(events, (happened) => {
        const session = after(happened);
        if (session.state === 'live') expect(sessionKeyOf(session)?.key).toBeTruthy();
      }),
    );
  });

  it('has only a key that a sign-in gave, and none after it expired or was signed out', () => {
    fc.assert(
      fc.property(events, (happened) => {
        let expected: string | undefined;
        let session: Session = SIGNED_OUT;
        for (const each of happened) {
          session = reduce(session, each);
          if (each.type === 'signed-in') expected = each.sessionKey.key;
          if (['expired', 'signed-out', 'user-needed'].includes(each.type)) expected = undefined;
          // A cancelled sign-in brings back the session before it, unless that session has changed since.
          if (session.state !== 'signing-in') expect(sessionKeyOf(session)?.key).toBe(expected);
        }
      }),
    );
  });

  it('has no next request once the user is needed or has signed out', () => {
    const ends: SessionEvent[] = [
      { type: 'signed-out' },
      { type: 'user-needed', problem: 'Refused.', saidByServer: true },
    ];
    fc.assert(
      fc.property(events, fc.constantFrom(...ends), anyTime, (happened, end, retryAt) => {
        const session = reduce(after(happened), end);
        expect(dueAt(session, RHYTHM)).toBeUndefined();
        expect(dueAt(reduce(session, { type: 'retry-moved', retryAt }), RHYTHM)).toBeUndefined();
      }),
    );
  });

  it('is never retried later because of a reason to retry sooner', () => {
    fc.assert(
      fc.property(events, anyTime, (happened, retryAt) => {
        const before = after(happened);
        const moved = dueAt(reduce(before, { type: 'retry-moved', retryAt }), RHYTHM);
        expect(moved ?? 0).toBeLessThanOrEqual(dueAt(before, RHYTHM) ?? 0);
      }),
    );
  });

  it('is as it was after a sign-in that was cancelled', () => {
    fc.assert(
      fc.property(events, (happened) => {
        const before = after(happened);
        const signingIn = reduce(before, { type: 'sign-in-started' });
        const isNested = before.state === 'signing-in';
        const expected = isNested ? before.before : before;
        expect(reduce(signingIn, { type: 'sign-in-cancelled' })).toEqual(expected);
      }),
    );
  });

  it('counts failures in a row, also across a failed renewal, and starts again after a success', () => {
    const failed = unreachable('Down.');
    const renewing: SessionEvent = { type: 'renewal-started' };
    expect(after([failed, failed, renewing, failed])).toMatchObject({ failures: 3 });
    const live: SessionEvent = {
      type: 'signed-in',
      sessionKey: { key: 'k', since: 0, verifiedAt: 0, facts: [] },
    };
    expect(after([failed, failed, live, failed])).toMatchObject({ failures: 1 });
  });
});
