import { SECOND_MS } from '../../main/clock.ts';

/** Why a session may be expired for some time without a lapse. docs/lapses.md explains each. */
export const CAUSES = ['restart', 'return', 'wake-up', 'lost answer', 'grace'] as const;
export type Cause = (typeof CAUSES)[number];

/** What happened to one server, to the way there, or to the machine. */
export interface Incident {
  readonly at: number;
  readonly kind:
    | 'restart'
    /** The server, or the way there, can be used again. Nobody tells the app. */
    | 'return'
    /** Nobody tells the app. */
    | 'wake-up'
    /** The app learns that the machine or the network is back, or it starts. */
    | 'announcement'
    /** The server could answer a request, but the answer is lost or late. */
    | 'lost answer';
}

/** A time in which a session was expired and nothing but the app stood in the way of a new one. */
export interface Span {
  /** When the session expired: at `from`, unless something else stood in the way until then. */
  readonly expiredAt: number;
  readonly from: number;
  readonly to: number;
}

/** The first part of a span is excused, the rest is a lapse. */
export interface Judgement {
  readonly lapseMs: number;
  readonly excusedMs: number;
  /** Undefined if nothing is excused. */
  readonly cause: Cause | undefined;
}

/** It holds for one keep-alive interval and the grace. */
interface Excuse {
  readonly cause: Cause;
  readonly since: number;
}

/**
 * The app needs time even for what it is told: up to 2 s until the operating system reports the network, up to 3 s by which requests
 * are spread, and the requests themselves, two at a time for the twenty accounts of the largest server.
 */
export const GRACE_MS = 10 * SECOND_MS;

/**
 * @param history of the server and the machine, in order of time
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

/** The last incident before this moment excuses the app, if it is recent and nobody told the app of it. */
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
  // Only the first lost answer counts. The backoff must cope with the others.
  const lost = within(history, from, Math.min(excusedUntil, to)).find(
    ({ kind }) => kind === 'lost answer',
  );
  return lost ? { cause: 'lost answer', since: lost.at } : excuse;
}

/** Searches from the end: a history may be long, and what is judged is recent. */
function within(history: readonly Incident[], from: number, to: number): readonly Incident[] {
  const start = history.findLastIndex(({ at }) => at < from) + 1;
  const end = history.findLastIndex(({ at }) => at <= to) + 1;
  return history.slice(start, end);
}
