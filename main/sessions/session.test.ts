import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Held } from './account.ts';
import { dueAt } from './schedule.ts';
import { after, heldBy, SIGNED_OUT, type Session, type SessionEvent } from './session.ts';

const RHYTHM = { ownMs: 8 * 60_000 };
const time = fc.integer({ min: 0, max: 4e12 });
const text = fc.string({ minLength: 1 });
const held: fc.Arbitrary<Held> = fc.record({
  key: text,
  since: time,
  verifiedAt: time,
  facts: fc.array(fc.record({ label: text, value: text }), { maxLength: 3 }),
});
const event: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constant({ type: 'sign-in-started' as const }),
  fc.constant({ type: 'renewal-started' as const }),
  fc.record({ type: fc.constant('signed-in' as const), held }),
  fc.record({ type: fc.constant('verified' as const), at: time }),
  fc.record({ type: fc.constant('lost' as const), certain: fc.boolean() }),
  fc.record({ type: fc.constant('user-needed' as const), problem: text }),
  fc.record({
    type: fc.constant('set-back' as const),
    problem: text,
    retryAt: time,
    isServerAway: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('server-back' as const),
    retryAt: time,
    isKeyTrusted: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('server-away' as const),
    found: fc.record({
      state: fc.constant('offline' as const),
      held,
      problem: text,
      retryAt: time,
      attempts: fc.nat(10),
      isServerAway: fc.constant(true),
    }),
  }),
  fc.record({ type: fc.constant('retry-moved' as const), retryAt: time }),
  fc.constant({ type: 'server-there' as const }),
  fc.constant({ type: 'signed-out' as const }),
);
const events = fc.array(event, { maxLength: 20 });
const run = (happened: readonly SessionEvent[]): Session => happened.reduce(after, SIGNED_OUT);

describe('a session, whatever happens in whatever order', () => {
  it('has a key whenever it is live', () => {
    fc.assert(
      fc.property(events, (happened) => {
        const session = run(happened);
        if (session.state === 'live') expect(heldBy(session)?.key).toBeTruthy();
      }),
    );
  });

  it('has only a key that a sign-in gave, and none after it was lost for certain or signed out', () => {
    fc.assert(
      fc.property(events, (happened) => {
        let expected: string | undefined;
        let session: Session = SIGNED_OUT;
        for (const each of happened) {
          session = after(session, each);
          if (each.type === 'signed-in') expected = each.held.key;
          else if (each.type === 'lost' && each.certain) expected = undefined;
          else if (each.type === 'signed-out' || each.type === 'user-needed') expected = undefined;
          expect(heldBy(session)?.key).toBe(expected);
        }
      }),
    );
  });

  it('plans nothing by itself once the user is needed or has signed out', () => {
    fc.assert(
      fc.property(
        events,
        fc.constantFrom('user-needed', 'signed-out'),
        time,
        (happened, type, at) => {
          const end: SessionEvent =
            type === 'signed-out' ? { type } : { type: 'user-needed', problem: 'Refused.' };
          const session = after(run(happened), end);
          expect(dueAt(session, RHYTHM)).toBeUndefined();
          expect(
            dueAt(after(session, { type: 'retry-moved', retryAt: at }), RHYTHM),
          ).toBeUndefined();
        },
      ),
    );
  });

  it('is never tried later for a reason to try sooner', () => {
    fc.assert(
      fc.property(events, time, (happened, retryAt) => {
        const before = run(happened);
        const then = dueAt(after(before, { type: 'retry-moved', retryAt }), RHYTHM);
        expect(then ?? 0).toBeLessThanOrEqual(dueAt(before, RHYTHM) ?? 0);
      }),
    );
  });

  it('counts failures in a row, also across a renewal that failed, and forgets them with a success', () => {
    const failed: SessionEvent = {
      type: 'set-back',
      problem: 'Down.',
      retryAt: 0,
      isServerAway: true,
    };
    const renewing: SessionEvent = { type: 'renewal-started' };
    expect(run([failed, failed, renewing, failed])).toMatchObject({ attempts: 3 });
    const live: SessionEvent = {
      type: 'signed-in',
      held: { key: 'k', since: 0, verifiedAt: 0, facts: [] },
    };
    expect(run([failed, failed, live, failed])).toMatchObject({ attempts: 1 });
  });
});
