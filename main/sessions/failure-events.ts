/** Converts failures to events of a session, with the time of the next try. */
import { MINUTE_MS, SECOND_MS, type Clock, type Random } from '../clock.ts';
import type { Failure } from '../systems/failure.ts';
import type { SavedAccount } from './saved-account.ts';
import type { SessionEvent } from './session.ts';

export const MIN_RETRY_MS = 5 * SECOND_MS;
/** IC-Web ends its sessions after 10 minutes without a request. With this maximum, at least two retries fall into that time. */
export const MAX_RETRY_MS = 4 * MINUTE_MS;

/**
 * How long to wait before the next try, in milliseconds. "Full jitter": a random time from a range that doubles with each
 * failure, so that the clients of one server do not all retry at the same moment.
 * @param failures in a row, from 1
 */
export function retryDelayMs(failures: number, random: Random, maxMs = MAX_RETRY_MS): number {
  const ceiling = Math.min(MIN_RETRY_MS * 2 ** failures, Math.max(maxMs, MIN_RETRY_MS));
  return MIN_RETRY_MS + random() * (ceiling - MIN_RETRY_MS);
}

/**
 * Converts a failure to an event with the reason, and the time of the next try.
 * @param failures in a row, including this one
 */
export function toFailedEvent(
  failure: Failure,
  failures: number,
  { address, keepAliveMinutes }: Pick<SavedAccount, 'address' | 'keepAliveMinutes'>,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): SessionEvent {
  const now = clock.now();
  // The next answer may be valid, so retry with backoff, at least once in each keep-alive interval.
  const maxMs = failure.kind === 'unexpected' ? keepAliveMinutes * MINUTE_MS : MAX_RETRY_MS;
  // The server asked all its clients to wait. Add the backoff, so that they do not all return at once.
  const askedMs = failure.kind === 'wait' ? failure.retryAfterMs : 0;
  return {
    type: 'failed',
    problem: failure.message,
    retryAt: now + askedMs + retryDelayMs(failures, random, maxMs),
    ...(askedMs > 0 && { notBefore: now + askedMs }),
    isServerAway: isOfServer(failure, address),
  };
}

/** Converts a failed login that is not tried again. */
export function toUserNeededEvent(
  failure: Failure,
  { address }: Pick<SavedAccount, 'address'>,
): SessionEvent {
  return {
    type: 'user-needed',
    problem: failure.message,
    ...('serverSaid' in failure && { serverSaid: failure.serverSaid }),
    saidByServer: isOfServer(failure, address),
  };
}

/** Whether a failure tells something about the server at this address, and not about another one, such as Microsoft's. */
function isOfServer(failure: Failure, address: string): boolean {
  return 'host' in failure && failure.host === new URL(address).host;
}
