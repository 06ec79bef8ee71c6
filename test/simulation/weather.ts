/**
 * Everything that happens to a machine, its network and its servers, drawn from the seed before the first minute passes: so whoever is
 * put into a world meets the same one.
 */
import { MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import type { Dice } from './dice.ts';

export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What a request meets where the network is in trouble. */
export type NetworkTrouble =
  | 'disconnected'
  | 'no such name'
  | 'no answer'
  | 'portal page'
  | 'portal redirect'
  | 'proxy sign-in'
  | 'bad certificate';

export type Outage = 'refused' | 'no answer' | 'error 500' | 'error 502' | 'error 503';

/** How a server asks to be left alone. */
export interface Throttle {
  readonly status: 429 | 503;
  readonly form: 'seconds' | 'date' | { readonly absurd: string };
  /** For how long, from each answer on; an absurd one may mean no time at all, or for ever. */
  readonly waitMs: number;
}

export type Happening = { readonly at: number } & (
  | { readonly kind: 'sleep' | 'wake'; readonly told: boolean }
  | { readonly kind: 'network lost' | 'network back'; readonly trouble: NetworkTrouble }
  /** The operating system says that the network is back. */
  | { readonly kind: 'network told' }
  | { readonly kind: 'wall clock set'; readonly byMs: number }
  | { readonly kind: 'app ends' | 'app starts' }
  /** The person has a look at the popup, and does what it asks for. */
  | { readonly kind: 'person looks' }
  | { readonly kind: 'sessions forgotten'; readonly server: number }
  | { readonly kind: 'outage'; readonly server: number; readonly outage: Outage }
  | { readonly kind: 'outage over'; readonly server: number }
  | { readonly kind: 'throttle'; readonly server: number; readonly throttle: Throttle }
  | { readonly kind: 'throttle over'; readonly server: number }
  /** Many answers are lost or late. */
  | { readonly kind: 'bad line' | 'bad line over'; readonly server: number }
  | { readonly kind: 'password changed'; readonly account: number }
);

export interface Calendar {
  readonly from: number;
  readonly to: number;
}

type Spell = Calendar;

/** The whole of it, in order of time. `newDice` gives each part its own. */
export function drawWeather(
  calendar: Calendar,
  servers: number,
  accounts: readonly { readonly number: number; readonly hasPassword: boolean }[],
  newDice: (name: string) => Dice,
): readonly Happening[] {
  const sleeps = drawSleeps(calendar, newDice('sleep'));
  const drawn = [
    ...sleeps.flatMap((sleep) => asSleep(sleep, newDice(`sleep at ${sleep.from}`))),
    ...networkTroubles(calendar, sleeps, newDice('network')),
    ...wallClockSettings(calendar, newDice('wall clock')),
    ...appEnds(calendar, sleeps, newDice('app')),
    ...looks(calendar, sleeps, newDice('person')),
    ...range(servers).flatMap((server) =>
      serverTroubles(calendar, server, newDice(`server ${server}`)),
    ),
    ...accounts
      .filter(({ hasPassword }) => hasPassword)
      .flatMap(({ number }) =>
        [...moments(calendar, 60 * DAY_MS, newDice(`password ${number}`))].map((at): Happening => ({
          at,
          kind: 'password changed',
          account: number,
        })),
      ),
  ];
  return drawn
    .map((happening) => ({ ...happening, at: Math.round(happening.at) }))
    .filter(({ at }) => at < calendar.to)
    .sort((a, b) => a.at - b.at);
}

// ---- the machine -------------------------------------------------------------------------------

/** Nights and weekends, as people leave an office, or do not; and by day the lid, for a minute or for the afternoon. */
function drawSleeps({ from, to }: Calendar, dice: Dice): readonly Spell[] {
  const spells: Spell[] = [];
  const midnight = from - (from % DAY_MS);
  for (let day = midnight; day < to; day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    const isWorkday = weekday >= 1 && weekday <= 5;
    const evening = day + dice.between(16.5, 20) * HOUR_MS;
    const leftOn = dice.chance(0.35);
    const daysOff = weekday === 5 ? 3 : 1;
    const morning = day + (daysOff * 24 + dice.between(6.5, 9.5)) * HOUR_MS;
    if (isWorkday && !leftOn) spells.push({ from: evening, to: morning });
    const lids = isWorkday ? Math.floor(dice.between(0, 4)) : 0;
    for (let lid = 0; lid < lids; lid++) {
      const closed = day + dice.between(8, 17) * HOUR_MS;
      spells.push({ from: closed, to: closed + dice.shortOrLong(MINUTE_MS, 2.5 * HOUR_MS) });
    }
  }
  return united(spells.filter((spell) => spell.from > from));
}

/** Now and then the operating system says nothing of it. */
function asSleep({ from, to }: Spell, dice: Dice): Happening[] {
  return [
    { at: from, kind: 'sleep', told: dice.chance(0.95) },
    { at: to, kind: 'wake', told: dice.chance(0.95) },
  ];
}

const TROUBLES: readonly [NetworkTrouble, ...NetworkTrouble[]] = [
  'disconnected',
  'disconnected',
  'disconnected',
  'no such name',
  'no answer',
  'portal page',
  'portal redirect',
  'proxy sign-in',
  'bad certificate',
];

function networkTroubles(
  calendar: Calendar,
  sleeps: readonly Spell[],
  dice: Dice,
): readonly Happening[] {
  const troubles = spells(calendar, 1.2 * DAY_MS, 3 * SECOND_MS, 4 * HOUR_MS, dice).map(
    (spell) => ({ ...spell, trouble: dice.pick(TROUBLES) }),
  );
  // A wireless network needs some time after each sleep.
  const afterSleep = sleeps
    .filter(() => dice.chance(0.5))
    .map(({ to }) => ({
      from: to,
      to: to + dice.shortOrLong(SECOND_MS, 20 * SECOND_MS),
      trouble: 'disconnected' as const,
    }));
  return [...troubles, ...afterSleep].flatMap(({ from, to, trouble }): Happening[] => [
    { at: from, kind: 'network lost', trouble },
    { at: to, kind: 'network back', trouble },
    // Only the operating system's own network is its to tell of: it knows nothing of portals and proxies.
    ...(trouble === 'disconnected' || trouble === 'no such name'
      ? [{ at: to + dice.between(0, 2) * SECOND_MS, kind: 'network told' as const }]
      : []),
  ]);
}

/** By a person, by a dead battery, by daylight saving; and some time later it is right again. */
function wallClockSettings(calendar: Calendar, dice: Dice): readonly Happening[] {
  return spells(calendar, 4 * DAY_MS, MINUTE_MS, DAY_MS, dice).flatMap(
    ({ from, to }): Happening[] => {
      const byMs = dice.shortOrLong(MINUTE_MS, 48 * HOUR_MS) * dice.pick([1, -1]);
      return [
        { at: from, kind: 'wall clock set', byMs },
        { at: to, kind: 'wall clock set', byMs: -byMs },
      ];
    },
  );
}

/** Quit, killed, crashed, updated: what is in memory is lost, what is stored is found again. */
function appEnds(calendar: Calendar, sleeps: readonly Spell[], dice: Dice): readonly Happening[] {
  return spells(calendar, 3 * DAY_MS, SECOND_MS, HOUR_MS, dice)
    .filter((off) => !sleeps.some((sleep) => sleep.from <= off.to && off.from <= sleep.to))
    .flatMap(({ from, to }): Happening[] => [
      { at: from, kind: 'app ends' },
      { at: to, kind: 'app starts' },
    ]);
}

function looks(calendar: Calendar, sleeps: readonly Spell[], dice: Dice): readonly Happening[] {
  return [...moments(calendar, 5 * HOUR_MS, dice)]
    .filter((at) => !sleeps.some(({ from, to }) => from <= at && at <= to))
    .map((at): Happening => ({ at, kind: 'person looks' }));
}

// ---- the servers -------------------------------------------------------------------------------

const OUTAGES = ['refused', 'no answer', 'error 500', 'error 502', 'error 503'] as const;

function serverTroubles(calendar: Calendar, server: number, dice: Dice): readonly Happening[] {
  const restarts = [...moments(calendar, 6 * DAY_MS, dice)].map((at): Happening => ({
    at,
    kind: 'sessions forgotten',
    server,
  }));
  const outages = spells(calendar, 10 * DAY_MS, MINUTE_MS, 5 * HOUR_MS, dice).flatMap(
    ({ from, to }): Happening[] => [
      { at: from, kind: 'outage', server, outage: dice.pick(OUTAGES) },
      ...(dice.chance(0.6) ? [{ at: to, kind: 'sessions forgotten' as const, server }] : []),
      { at: to, kind: 'outage over', server },
    ],
  );
  const throttles = spells(calendar, 10 * DAY_MS, 10 * SECOND_MS, HOUR_MS, dice).flatMap(
    ({ from, to }): Happening[] => [
      { at: from, kind: 'throttle', server, throttle: drawThrottle(to - from, dice) },
      { at: to, kind: 'throttle over', server },
    ],
  );
  const badLines = spells(calendar, 8 * DAY_MS, MINUTE_MS, HOUR_MS, dice).flatMap(
    ({ from, to }): Happening[] => [
      { at: from, kind: 'bad line', server },
      { at: to, kind: 'bad line over', server },
    ],
  );
  return [...restarts, ...outages, ...throttles, ...badLines];
}

/** Not a time, or one that nobody could wait for. */
const ABSURD: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['0', 0],
  ['', 0],
  ['-5', 0],
  ['soon', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['31536000', Infinity],
  ['99999999999999999999', Infinity],
  ['Fri, 31 Dec 9999 23:59:59 GMT', Infinity],
];

/** Mostly it is some of the time that it will take. */
function drawThrottle(lengthMs: number, dice: Dice): Throttle {
  const status = dice.pick([429, 503]);
  const form = dice.pick(['seconds', 'date', 'absurd']);
  if (form === 'absurd') {
    const [absurd, waitMs] = dice.pick(ABSURD);
    return { status, form: { absurd }, waitMs };
  }
  const waitMs = Math.ceil((lengthMs * dice.between(0.1, 1)) / SECOND_MS) * SECOND_MS;
  return { status, form, waitMs };
}

// ---- chance ------------------------------------------------------------------------------------

/** Moments that know nothing of each other, so far apart on average. */
function* moments({ from, to }: Calendar, apartMs: number, dice: Dice): Generator<number> {
  const next = (after: number) => after - Math.log(1 - dice.random()) * apartMs;
  for (let at = next(from); at < to; at = next(at)) yield at;
}

/** Spells that do not touch each other. */
function spells(
  calendar: Calendar,
  apartMs: number,
  shortestMs: number,
  longestMs: number,
  dice: Dice,
): readonly Spell[] {
  const drawn: Spell[] = [];
  for (const from of moments(calendar, apartMs, dice)) {
    drawn.push({ from, to: from + dice.shortOrLong(shortestMs, longestMs) });
  }
  return united(drawn);
}

function united(spells: readonly Spell[]): readonly Spell[] {
  const result: Spell[] = [];
  for (const spell of [...spells].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && spell.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, spell.to) };
    } else result.push(spell);
  }
  return result;
}

const range = (length: number) => Array.from({ length }, (_, index) => index);
