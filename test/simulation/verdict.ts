import { MINUTE_MS } from '../../main/clock.ts';
import type { ExcuseCause } from './conditions.ts';
import { GRACE_MS, Tally } from './lapses.ts';
import type { Result } from './simulate.ts';

/** One line of the table: a measure, what each of those compared came to, and what is asked for. */
export interface Line {
  readonly measure: string;
  readonly values: readonly string[];
  readonly goal?: string;
  /** The first, which is judged, misses the goal. */
  readonly isMissed: boolean;
}

const MOST_REQUESTS = 1.1;
const MOST_AT_ONCE = 2;

/** What was measured, summed up over all seeds. The first of `compared` is judged. */
export function judge(compared: readonly (readonly Result[])[]): readonly Line[] {
  const all = compared.map(sumUp);
  const line = (measure: string, value: (sum: Sum) => string): Line => ({
    measure,
    values: all.map(value),
    isMissed: false,
  });
  const goal = (
    measure: string,
    value: (sum: Sum) => number,
    most: number,
    write: (value: number) => string = whole,
  ): Line => ({
    measure,
    values: all.map((sum) => write(value(sum))),
    goal: most === 0 ? '0' : `≤ ${write(most)}`,
    isMissed: all[0] !== undefined && value(all[0]) > most,
  });
  return [
    goal('Lapses', ({ lapses }) => lapses.count, 0),
    line('  minutes in all', ({ lapses }) => inMinutes(lapses.totalMs)),
    line('  longest, minutes', ({ lapses }) => inMinutes(lapses.longestMs)),
    goal('Requests / the fewest', ({ requests, fewest }) => requests / fewest, MOST_REQUESTS, two),
    line('  requests', ({ requests }) => whole(requests)),
    line('  of those, while none could answer', ({ unanswerable }) => whole(unanswerable)),
    line('  the fewest that could do', ({ fewest }) => whole(fewest)),
    goal('Logins after a refusal', ({ afterRefusal }) => afterRefusal, 0),
    goal('Logins after two lost ones', ({ afterTwoLost }) => afterTwoLost, 0),
    line('Logins', ({ logins }) => whole(logins)),
    goal('At once per server, most', ({ mostAtOnce }) => mostAtOnce, MOST_AT_ONCE),
    line('Timers while idle, most', ({ mostTimers }) => whole(mostTimers)),
    goal('Faults of its own', ({ faults }) => faults, 0),
    ...EXCUSES.flatMap(([cause, words]) => [
      line(`Apart: ${words}`, ({ excused }) => whole(excused[cause].count)),
      line('  minutes in all; longest', ({ excused }) => span(excused[cause])),
    ]),
    line(`Apart: within ${GRACE_MS / 1000} s of grace`, ({ inGrace }) => whole(inGrace.count)),
    line('  minutes in all; longest', ({ inGrace }) => span(inGrace)),
    line('Apart: left to a person', ({ person }) => whole(person.count)),
    line('  hours in all', ({ person }) => whole(person.totalMs / (60 * MINUTE_MS))),
  ];
}

const EXCUSES: readonly (readonly [ExcuseCause, string])[] = [
  ['restart', 'dead after an untold restart'],
  ['return', 'after an untold return'],
  ['lost answer', 'after a lost or late answer'],
  ['untold resume', 'after an untold resume'],
];

interface Sum {
  readonly lapses: Tally;
  readonly inGrace: Tally;
  readonly person: Tally;
  readonly excused: Readonly<Record<ExcuseCause, Tally>>;
  readonly requests: number;
  readonly unanswerable: number;
  readonly fewest: number;
  readonly logins: number;
  readonly afterRefusal: number;
  readonly afterTwoLost: number;
  readonly mostAtOnce: number;
  readonly mostTimers: number;
  readonly faults: number;
}

function sumUp(results: readonly Result[]): Sum {
  const sum = (of: (result: Result) => number) => results.reduce((all, one) => all + of(one), 0);
  const most = (of: (result: Result) => number) => Math.max(0, ...results.map(of));
  const tallies = (of: (result: Result) => Tally) => Tally.united(results.map(of));
  const excused = (cause: ExcuseCause) => tallies(({ lapses }) => lapses.excused[cause]);
  return {
    lapses: tallies(({ lapses }) => lapses.lapses),
    inGrace: tallies(({ lapses }) => lapses.inGrace),
    person: tallies(leftToPerson),
    excused: {
      restart: excused('restart'),
      return: excused('return'),
      'lost answer': excused('lost answer'),
      'untold resume': excused('untold resume'),
    },
    requests: sum(({ requests }) => requests),
    unanswerable: sum(({ requests, answerable }) => requests - answerable),
    fewest: sum(({ fewestRequests }) => fewestRequests),
    logins: sum(({ logins }) => logins),
    afterRefusal: sum(({ loginsAfterRefusal }) => loginsAfterRefusal),
    afterTwoLost: sum(({ loginsAfterTwoLost }) => loginsAfterTwoLost),
    mostAtOnce: most(({ mostAtOnce }) => mostAtOnce),
    mostTimers: most(({ mostTimers }) => mostTimers),
    faults: sum(({ faults }) => faults.length),
  };
}

/** Sessions that only a person could bring back. */
function leftToPerson({ timelines }: Result): Tally {
  const tally = new Tally();
  for (const { timeline } of timelines) {
    for (const { state, from, to } of timeline.stretches)
      if (state === 'person') tally.add(to - from);
  }
  return tally;
}

const whole = (value: number) => Math.round(value).toLocaleString('en');
const two = (value: number) => value.toFixed(2);
const inMinutes = (ms: number) => (ms / MINUTE_MS).toFixed(1);
const span = ({ totalMs, longestMs }: Tally) => `${inMinutes(totalMs)}; ${inMinutes(longestMs)}`;
