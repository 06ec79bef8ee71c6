import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import { isReturnAnnounced, type NetworkFault, type WorldEvent } from './events.ts';
import { drawMoments, drawPeriods, mergePeriods, type Period } from './periods.ts';
import type { NamedRandom, SeededRandom } from './random.ts';

/** Draws the events of the machine, its network, the app and the user. */
export function drawMachineEvents(period: Period, random: NamedRandom): WorldEvent[] {
  const sleeps = drawSleeps(period, random('sleep'));
  return [
    ...sleeps.flatMap((sleep) => sleepEvents(sleep, random(`sleep at ${sleep.from}`))),
    ...networkEvents(period, sleeps, random('network')),
    ...clockEvents(period, random('wall clock')),
    ...appEvents(period, sleeps, random('app')),
    ...userEvents(period, sleeps, random('person')),
  ];
}

/**
 * The machine sleeps at night and on weekends, unless it is left on. By day, its lid may be closed, for a minute or for hours.
 */
function drawSleeps({ from, to }: Period, random: SeededRandom): readonly Period[] {
  const sleeps: Period[] = [];
  const midnight = from - (from % DAY_MS);
  for (let day = midnight; day < to; day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    const isWorkday = weekday >= 1 && weekday <= 5;
    const evening = day + random.between(16.5, 20) * HOUR_MS;
    const isLeftOn = random.chance(0.35);
    const nights = weekday === 5 ? 3 : 1;
    const morning = day + (nights * 24 + random.between(6.5, 9.5)) * HOUR_MS;
    if (isWorkday && !isLeftOn) sleeps.push({ from: evening, to: morning });
    const lids = isWorkday ? Math.floor(random.between(0, 4)) : 0;
    for (let lid = 0; lid < lids; lid++) {
      const closed = day + random.between(8, 17) * HOUR_MS;
      sleeps.push({ from: closed, to: closed + random.logBetween(MINUTE_MS, 2.5 * HOUR_MS) });
    }
  }
  return mergePeriods(sleeps.filter((sleep) => sleep.from > from));
}

/** The operating system does not always announce a sleep or a wake-up. */
function sleepEvents({ from, to }: Period, random: SeededRandom): WorldEvent[] {
  return [
    { at: from, kind: 'sleep', isAnnounced: random.chance(0.95) },
    { at: to, kind: 'wake-up', isAnnounced: random.chance(0.95) },
  ];
}

const NETWORK_FAULTS = [
  'disconnected',
  'disconnected',
  'disconnected',
  'no such name',
  'no answer',
  'portal page',
  'portal redirect',
  'proxy sign-in',
  'bad certificate',
] as const satisfies readonly NetworkFault[];

function networkEvents(
  period: Period,
  sleeps: readonly Period[],
  random: SeededRandom,
): WorldEvent[] {
  const faults = drawPeriods(period, 1.2 * DAY_MS, 3 * SECOND_MS, 4 * HOUR_MS, random).map(
    (fault): Period & { fault: NetworkFault } => ({ ...fault, fault: random.pick(NETWORK_FAULTS) }),
  );
  // A wireless network needs some time to return after sleep.
  const afterSleep = sleeps
    .filter(() => random.chance(0.5))
    .map(({ to }) => ({
      from: to,
      to: to + random.logBetween(SECOND_MS, 20 * SECOND_MS),
      fault: 'disconnected' as const,
    }));
  return [...faults, ...afterSleep].flatMap(({ from, to, fault }): WorldEvent[] => [
    { at: from, kind: 'network fault', fault },
    { at: to, kind: 'network fault over', fault },
    ...(isReturnAnnounced(fault)
      ? [{ at: to + random.between(0, 2) * SECOND_MS, kind: 'network announced' as const }]
      : []),
  ]);
}

/** A user, a dead battery or daylight saving sets the wall clock wrong. Some time later, the clock is right again. */
function clockEvents(period: Period, random: SeededRandom): WorldEvent[] {
  return drawPeriods(period, 4 * DAY_MS, MINUTE_MS, DAY_MS, random).flatMap(
    ({ from, to }): WorldEvent[] => {
      const byMs = random.logBetween(MINUTE_MS, 48 * HOUR_MS) * random.pick([1, -1]);
      return [
        { at: from, kind: 'wall clock set', byMs },
        { at: to, kind: 'wall clock set', byMs: -byMs },
      ];
    },
  );
}

/** The app is quit, killed, crashes or is updated: it loses what is in memory, and keeps what is stored. */
function appEvents(period: Period, sleeps: readonly Period[], random: SeededRandom): WorldEvent[] {
  return drawPeriods(period, 3 * DAY_MS, SECOND_MS, HOUR_MS, random)
    .filter((off) => !sleeps.some((sleep) => sleep.from <= off.to && off.from <= sleep.to))
    .flatMap(({ from, to }): WorldEvent[] => [
      { at: from, kind: 'app quits' },
      { at: to, kind: 'app starts' },
    ]);
}

function userEvents(period: Period, sleeps: readonly Period[], random: SeededRandom): WorldEvent[] {
  return [...drawMoments(period, 5 * HOUR_MS, random)]
    .filter((at) => !sleeps.some(({ from, to }) => from <= at && at <= to))
    .map((at) => ({ at, kind: 'user looks' }));
}
