import { SECOND_MS } from '../../main/clock.ts';

/** The causes that excuse the app for some time while a session is expired. docs/lapses.md explains each cause. */
export const CAUSES = ['restart', 'return', 'wake-up', 'lost answer', 'grace'] as const;
export type Cause = (typeof CAUSES)[number];

/** An event that concerns one server, the network to this server, or the machine. */
export interface Incident {
  readonly at: number;
  readonly kind:
    | 'restart'
    /** The server can be reached again, but nobody tells the app. */
    | 'return'
    /** The machine wakes up, but nobody tells the app. */
    | 'wake-up'
    /** The app starts, or learns that the machine or the network is back. */
    | 'announcement'
    /** The server could answer a request, but the answer is lost or late. */
    | 'lost answer';
}

/** A time in which a session was expired, and only the app could bring it back. */
export interface Span {
  /** The time when the session expired. Until `from`, something other than the app may have prevented a new session. */
  readonly expiredAt: number;
  readonly from: number;
  readonly to: number;
}

/** The two parts of a span: the first part is excused, and the rest is a lapse. */
export interface Judgement {
  readonly lapseMs: number;
  readonly excusedMs: number;
  /** The cause of the excused part, or undefined if nothing is excused. */
  readonly cause: Cause | undefined;
}

/** An excuse lasts for one keep-alive interval and the grace. */
interface Excuse {
  readonly cause: Cause;
  readonly since: number;
}

/**
 * The time that the app needs even after an announcement. The operating system reports the network after up to 2 s, and requests
 * are spread over up to 3 s. Then come the requests themselves, two at a time for the twenty accounts of the largest server.
 */
export const GRACE_MS = 10 * SECOND_MS;

/** The time from a request until its first retry: a time-out of 15 s, and a backoff of up to 10 s. */
const FIRST_RETRY_MS = 25 * SECOND_MS;

/**
 * @param history the incidents of the server and the machine, in order of time
 * @param intervalMs the longest time between two requests to the server
 */
export function judge(span: Span, history: readonly Incident[], intervalMs: number): Judgement {
  const lengthMs = span.to - span.from;
  if (lengthMs <= GRACE_MS) return { lapseMs: 0, excusedMs: lengthMs, cause: 'grace' };
  const excuse = findExcuse(span, history, intervalMs);
  const excusedUntil = excuse ? excuse.since + intervalMs + GRACE_MS : span.from;
  const lapseMs = Math.min(Math.max(span.to - excusedUntil, 0), lengthMs);
  const excusedMs = lengthMs - lapseMs;
  return { lapseMs, excusedMs, cause: excusedMs > 0 ? excuse?.cause : undefined };
}

/** The last incident before this moment excuses the app, unless the incident is old or is an announcement. */
export function excuseAt(
  moment: number,
  history: readonly Incident[],
  intervalMs: number,
): Excuse | undefined {
  const last = within(history, moment - intervalMs, moment).findLast(
    ({ kind }) => kind !== 'lost answer',
  );
  return last && last.kind !== 'announcement' ? { cause: last.kind, since: last.at } : undefined;
}

function findExcuse(
  { expiredAt, from, to }: Span,
  history: readonly Incident[],
  intervalMs: number,
): Excuse | undefined {
  const excuse = excuseAt(from, history, intervalMs) ?? excuseAt(expiredAt, history, intervalMs);
  const excusedUntil = Math.max(excuse ? excuse.since + intervalMs : 0, from) + GRACE_MS;
  // Usually, the app has time for a retry before a session expires, but a sleep may use up this time. So an answer that is lost
  // just before the expiry counts too, if an announcement came shortly before this answer.
  const announcement = within(history, from - FIRST_RETRY_MS, from).findLast(
    ({ kind }) => kind === 'announcement',
  );
  // Only the first lost answer counts: the backoff must cope with the other lost answers.
  const lost = within(history, announcement?.at ?? from, Math.min(excusedUntil, to)).find(
    ({ kind }) => kind === 'lost answer',
  );
  return lost ? { cause: 'lost answer', since: lost.at } : excuse;
}

/** Searches from the end: a history may be long, and a span is recent. */
function within(history: readonly Incident[], from: number, to: number): readonly Incident[] {
  const start = history.findLastIndex(({ at }) => at < from) + 1;
  const end = history.findLastIndex(({ at }) => at <= to) + 1;
  return history.slice(start, end);
}
