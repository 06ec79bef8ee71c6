import { CAUSES, type Cause } from './judge.ts';
import type { Result } from './simulate.ts';
import { addTime, mergeTallies, NO_TIME, type Tally } from './tally.ts';

/** The results of one app, added up over all seeds. */
export interface Sum {
  readonly lapses: Tally;
  readonly excused: Tally;
  readonly excusedBy: Readonly<Record<Cause, Tally>>;
  /** The times in which only the user could renew the session. */
  readonly userNeeded: Tally;
  /** The length of the simulation, counted once for each account. */
  readonly accountMs: number;
  /** The time in which a session was needed, and nothing but the app could prevent it. */
  readonly reachableMs: number;
  readonly requests: number;
  readonly unanswerable: number;
  readonly minRequests: number;
  readonly logins: number;
  readonly afterRefusal: number;
  readonly afterTwoUnanswered: number;
  readonly maxConcurrent: number;
  readonly maxTimers: number;
  readonly bugs: number;
}

export function sumUp(results: readonly Result[]): Sum {
  const sum = (of: (result: Result) => number) =>
    results.reduce((total, result) => total + of(result), 0);
  const max = (of: (result: Result) => number) => Math.max(0, ...results.map(of));
  const tally = (of: (result: Result) => Tally) => mergeTallies(results.map(of));
  const excusedBy = Object.fromEntries(
    CAUSES.map((cause) => [cause, tally(({ downtime }) => downtime.excused[cause])]),
  ) as Record<Cause, Tally>;
  return {
    lapses: tally(({ downtime }) => downtime.lapses),
    excused: mergeTallies(Object.values(excusedBy)),
    excusedBy,
    userNeeded: tally((result) => tallyOf(result, 'user needed')),
    accountMs: sum(({ from, to, timelines }) => (to - from) * timelines.length),
    reachableMs: sum(
      (result) => tallyOf(result, 'live').totalMs + tallyOf(result, 'expired').totalMs,
    ),
    requests: sum(({ requests }) => requests),
    unanswerable: sum(({ requests, answerable }) => requests - answerable),
    minRequests: sum(({ minRequests }) => minRequests),
    logins: sum(({ logins }) => logins),
    afterRefusal: sum(({ loginsAfterRefusal }) => loginsAfterRefusal),
    afterTwoUnanswered: sum(({ loginsAfterTwoUnanswered }) => loginsAfterTwoUnanswered),
    maxConcurrent: max(({ maxConcurrent }) => maxConcurrent),
    maxTimers: max(({ maxTimers }) => maxTimers),
    bugs: sum(({ bugs }) => bugs.length),
  };
}

function tallyOf({ timelines }: Result, wanted: 'live' | 'expired' | 'user needed'): Tally {
  return timelines
    .flatMap(({ stretches }) => stretches)
    .filter(({ state }) => state === wanted)
    .reduce((tally, { from, to }) => addTime(tally, to - from), NO_TIME);
}
