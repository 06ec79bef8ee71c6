import { MINUTE_MS, SECOND_MS, type Clock, type Random } from '../clock.ts';
import type { Failure } from '../systems/failure.ts';
import type { SavedAccount } from './saved-account.ts';
import type { SessionEvent } from './session.ts';

export const MIN_RETRY_MS = 5 * SECOND_MS;
/** Half of NEXUS IC's interval between two requests, so a session survives two lost answers in a row. */
export const MAX_RETRY_MS = 4 * MINUTE_MS;

/**
 * How long to wait before the next try, in milliseconds. "Full jitter": drawn evenly from a range that doubles with each
 * failure, so that many clients of one server do not come back in step.
 * @param failures in a row, from 1
 */
export function retryDelayMs(failures: number, random: Random, maxMs = MAX_RETRY_MS): number {
  const ceiling = Math.min(MIN_RETRY_MS * 2 ** failures, Math.max(maxMs, MIN_RETRY_MS));
  return MIN_RETRY_MS + random() * (ceiling - MIN_RETRY_MS);
}

/**
 * A failure as the session sees it: why, and when to ask again.
 * @param failures in a row, this one included
 */
export function toFailedEvent(
  failure: Failure,
  failures: number,
  { address, keepAliveMinutes }: Pick<SavedAccount, 'address' | 'keepAliveMinutes'>,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): SessionEvent {
  const now = clock.now();
  // The next answer may be valid: retry with backoff, at least once a keep-alive interval.
  const maxMs = failure.kind === 'unexpected' ? keepAliveMinutes * MINUTE_MS : MAX_RETRY_MS;
  // Add the backoff to the time that the server asked for: its clients must not all return at once.
  const askedMs = failure.kind === 'wait' ? failure.retryAfterMs : 0;
  return {
    type: 'failed',
    problem: failure.message,
    retryAt: now + askedMs + retryDelayMs(failures, random, maxMs),
    ...(askedMs > 0 && { notBefore: now + askedMs }),
    isServerAway: 'host' in failure && failure.host === new URL(address).host,
  };
}
