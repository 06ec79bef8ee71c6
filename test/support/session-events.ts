/** Makes random events of a session for property tests. An event may make no sense in the session's state. */
import fc from 'fast-check';
import type { SessionKey } from '../../main/sessions/saved-account.ts';
import type { SessionEvent } from '../../main/sessions/session.ts';

export const anyTime = fc.integer({ min: 0, max: 4e12 });
export const anyText = fc.string({ minLength: 1 });

export function anySessionEvent({
  key = anyText,
  problem = anyText,
}: {
  key?: fc.Arbitrary<string>;
  problem?: fc.Arbitrary<string>;
} = {}): fc.Arbitrary<SessionEvent> {
  const type = <T extends SessionEvent['type']>(type: T) => fc.constant(type);
  const sessionKey: fc.Arbitrary<SessionKey> = fc.record({
    key,
    since: anyTime,
    verifiedAt: anyTime,
    facts: fc.array(fc.record({ label: anyText, value: anyText }), { maxLength: 3 }),
  });
  const outage = fc.record({
    problem,
    retryAt: anyTime,
    isServerAway: fc.boolean(),
    failures: fc.nat(10),
  });
  return fc.oneof(
    fc.record({ type: type('sign-in-started') }),
    fc.record({ type: type('sign-in-cancelled') }),
    fc.record({ type: type('renewal-started') }),
    fc.record({ type: type('signed-in'), sessionKey }),
    fc.record({ type: type('verified'), at: anyTime }),
    fc.record({ type: type('expired'), saidByServer: fc.boolean() }),
    fc.record({ type: type('user-needed'), problem, saidByServer: fc.boolean() }),
    fc.record({
      type: type('failed'),
      problem,
      retryAt: anyTime,
      isServerAway: fc.boolean(),
    }),
    fc.record({ type: type('server-away'), outage }),
    fc.record({ type: type('server-back'), retryAt: anyTime, isKeyTrusted: fc.boolean() }),
    fc.record({ type: type('server-not-away') }),
    fc.record({ type: type('server-identified') }),
    fc.record({ type: type('retry-moved'), retryAt: anyTime }),
    fc.record({ type: type('signed-out') }),
  );
}

/** The event for a server that cannot be reached. */
export const unreachable = (problem: string): SessionEvent => ({
  type: 'failed',
  problem,
  retryAt: 0,
  isServerAway: true,
});
