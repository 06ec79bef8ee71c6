/** The measure: for how long sessions were dead that could have been alive. */
import { SECOND_MS } from '../../main/clock.ts';
import type { Excuse, ExcuseCause } from './conditions.ts';

/**
 * So long may any session be dead that somebody was told of: 2 s until the network's return is known, up to 3 s by which requests are
 * spread, and the rest for the requests themselves, at most two at once for the twenty accounts of the largest server.
 */
export const GRACE_MS = 10 * SECOND_MS;

/** A time without a break in which a session was dead and nothing but its keeper stood in the way. */
export interface DeadSpan {
  /** Whose session it was, to be found again. */
  readonly account: string;
  readonly from: number;
  readonly to: number;
  readonly excuse?: Excuse;
  /** How long that excuses it. */
  readonly intervalMs: number;
}

/** How many, how long in all, how long at most; in milliseconds. */
export class Tally {
  count = 0;
  totalMs = 0;
  longestMs = 0;

  static united(tallies: readonly Tally[]): Tally {
    const all = new Tally();
    for (const { count, totalMs, longestMs } of tallies) {
      all.count += count;
      all.totalMs += totalMs;
      all.longestMs = Math.max(all.longestMs, longestMs);
    }
    return all;
  }

  add(ms: number): void {
    this.count++;
    this.totalMs += ms;
    this.longestMs = Math.max(this.longestMs, ms);
  }
}

export class Lapses {
  /** What should be none. */
  readonly lapses = new Tally();
  readonly inGrace = new Tally();
  readonly excused: Readonly<Record<ExcuseCause, Tally>> = {
    restart: new Tally(),
    return: new Tally(),
    'lost answer': new Tally(),
    'untold resume': new Tally(),
  };
  /** The first few, to be looked into. */
  readonly first: DeadSpan[] = [];

  /** Judges one span; returns from when on it is a lapse, if it is one. */
  add(span: DeadSpan): number | undefined {
    const { from, to, excuse, intervalMs } = span;
    const length = to - from;
    if (length <= GRACE_MS) {
      this.inGrace.add(length);
      return undefined;
    }
    if (excuse) this.excused[excuse.cause].add(length);
    const excusedUntil = excuse ? excuse.since + intervalMs + GRACE_MS : from;
    if (to <= excusedUntil) return undefined;
    const lapsedFrom = Math.max(excusedUntil, from);
    this.lapses.add(to - lapsedFrom);
    if (this.first.length < 20) this.first.push(span);
    return lapsedFrom;
  }
}
