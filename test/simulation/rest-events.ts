import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import { isNeeded, type Rest } from '../../main/sessions/rest.ts';
import type { WorldEvent } from './events.ts';
import { drawPeriods, type Period } from './periods.ts';
import type { NamedRandom } from './random.ts';

/** The two ways in which the sessions of a world may rest. */
export const WORLD_RESTS: Readonly<Record<Rest['when'], Rest>> = {
  away: { when: 'away', afterMinutes: 15, signOut: true },
  'off-hours': { when: 'off-hours', from: '08:00', to: '18:00', signOut: true },
};

/** Draws when the user leaves and returns, and when no session is needed. */
export function drawRestEvents(period: Period, rest: Rest, random: NamedRandom): WorldEvent[] {
  return rest.when === 'away'
    ? drawAbsences(period, rest.afterMinutes * MINUTE_MS, random)
    : hoursEvents(period, rest);
}

function drawAbsences(period: Period, afterMs: number, random: NamedRandom): WorldEvent[] {
  const draws = random('absences');
  return drawPeriods(period, 2 * HOUR_MS, SECOND_MS, 15 * HOUR_MS, draws).flatMap(
    ({ from, to }): WorldEvent[] => {
      const locks = draws.chance(0.5);
      const restsFrom = locks ? from : from + afterMs;
      return [
        { at: from, kind: 'user leaves', locks },
        ...(restsFrom < to
          ? [
              { at: restsFrom, kind: 'rest begins' as const },
              { at: to, kind: 'rest ends' as const },
            ]
          : []),
        { at: to, kind: 'user returns' },
      ];
    },
  );
}

function hoursEvents({ from, to }: Period, rest: Rest): WorldEvent[] {
  const isWanted = (at: number) => isNeeded(rest, { idleMs: 0, isLocked: false }, Infinity, at);
  const events: WorldEvent[] = [];
  // Working hours begin and end at a full minute, so a check at each minute is enough.
  for (let at = from - (from % MINUTE_MS); at < to; at += MINUTE_MS) {
    const before = at - MINUTE_MS;
    if (at <= from ? !isWanted(from) : isWanted(at) !== isWanted(before)) {
      events.push({ at: Math.max(at, from), kind: isWanted(at) ? 'rest ends' : 'rest begins' });
    }
  }
  return events;
}
