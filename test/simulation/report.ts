import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import { CAUSES, GRACE_MS, type Cause } from './judge.ts';
import type { Result } from './simulate.ts';
import { sumUp, type Sum } from './sum.ts';
import type { Tally } from './tally.ts';

/** One measure of each app, with the goal of this measure. */
export interface ReportLine {
  readonly measure: string;
  readonly values: readonly string[];
  readonly goal?: string;
  /** True if the first app misses the goal. */
  readonly isMissed: boolean;
}

const MAX_REQUESTS_RATIO = 1.1;
const MAX_CONCURRENT = 2;
/** docs/lapses.md has the measured shares, on which this limit is based. */
const MAX_EXCUSED_SHARE = 0.0015;

const MONTH_MS = 30 * DAY_MS;

const CAUSE_WORDS: Record<Cause, string> = {
  restart: 'after a restart',
  return: 'after a return',
  'wake-up': 'after an unannounced wake-up',
  'lost answer': 'after a lost answer',
  grace: `up to ${GRACE_MS / SECOND_MS} s`,
};

/** @param results for each app, one result for each seed; only the first app must meet the goals */
export function toReport(results: readonly (readonly Result[])[]): readonly ReportLine[] {
  const sums = results.map(sumUp);
  const line = (measure: string, value: (sum: Sum) => string): ReportLine => ({
    measure,
    values: sums.map(value),
    isMissed: false,
  });
  const goal = (
    measure: string,
    value: (sum: Sum) => number,
    max: number,
    format: (value: number) => string = whole,
  ): ReportLine => ({
    measure,
    values: sums.map((sum) => format(value(sum))),
    goal: max === 0 ? '0' : `≤ ${format(max)}`,
    isMissed: sums[0] !== undefined && value(sums[0]) > max,
  });
  return [
    goal('Lapses', ({ lapses }) => lapses.count, 0),
    line('  minutes', ({ lapses }) => minutes(lapses.totalMs)),
    line('  longest, minutes', ({ lapses }) => minutes(lapses.longestMs)),
    goal(
      'Excused / reachable time',
      ({ excused, reachableMs }) => excused.totalMs / reachableMs,
      MAX_EXCUSED_SHARE,
      percent,
    ),
    line('  minutes per account and month', ({ excused, accountMs }) =>
      minutes((excused.totalMs * MONTH_MS) / accountMs),
    ),
    line('  times; minutes; longest', ({ excused }) => times(excused)),
    ...CAUSES.map((cause) => line(`  ${CAUSE_WORDS[cause]}`, (sum) => times(sum.excusedBy[cause]))),
    line('Sign-in needed', ({ userNeeded }) => whole(userNeeded.count)),
    line('  hours', ({ userNeeded }) => whole(userNeeded.totalMs / HOUR_MS)),
    goal(
      'Requests / the fewest possible',
      ({ requests, minRequests }) => requests / minRequests,
      MAX_REQUESTS_RATIO,
      two,
    ),
    line('  requests', ({ requests }) => whole(requests)),
    line('  while no server could answer', ({ unanswerable }) => whole(unanswerable)),
    line('  the fewest possible', ({ minRequests }) => whole(minRequests)),
    line('Logins', ({ logins }) => whole(logins)),
    goal('Logins after a refusal', ({ afterRefusal }) => afterRefusal, 0),
    goal('Logins after two unanswered ones', ({ afterTwoUnanswered }) => afterTwoUnanswered, 0),
    goal('Concurrent requests to a server', ({ maxConcurrent }) => maxConcurrent, MAX_CONCURRENT),
    line('Timers while idle', ({ maxTimers }) => whole(maxTimers)),
    goal('Bugs reported', ({ bugs }) => bugs, 0),
  ];
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
const one = (value: number) => value.toFixed(1);
const two = (value: number) => value.toFixed(2);
const percent = (value: number) => `${(value * 100).toFixed(2)} %`;
const minutes = (ms: number) => one(ms / MINUTE_MS);
const times = ({ count, totalMs, longestMs }: Tally) =>
  `${whole(count)}; ${minutes(totalMs)}; ${minutes(longestMs)}`;
