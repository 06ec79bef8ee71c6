import { HOUR_MS, MINUTE_MS } from '../../main/clock.ts';
import type { Presence } from '../../main/sessions/rest.ts';
import { mergePeriods, type Period } from './periods.ts';
import type { SeededRandom } from './random.ts';

/** After this time without a person, the operating system locks the screen. */
const LOCKS_AFTER_MS = 15 * MINUTE_MS;

/** One person of an office, who sits at the computer at some times. */
export class Person {
  readonly #atComputer: readonly (Period & { readonly locks: boolean })[];

  /** @param midnights the midnight of each day, in local time */
  constructor(midnights: readonly number[], random: SeededRandom) {
    this.#atComputer = midnights.flatMap((midnight) => drawDay(midnight, random));
  }

  get returns(): readonly number[] {
    return this.#atComputer.map(({ from }) => from);
  }

  isAtComputer(now: number): boolean {
    return this.#last(now) !== undefined && this.#last(now)!.to > now;
  }

  presence(now: number): Presence {
    const last = this.#last(now);
    const idleMs = Math.max(0, now - (last?.to ?? -Infinity));
    return { idleMs, isLocked: idleMs >= (last?.locks ? 1 : LOCKS_AFTER_MS) };
  }

  #last(now: number) {
    return this.#atComputer.findLast(({ from }) => from <= now);
  }
}

/** Draws one day. On holidays, when ill or on a site, the person is away; a day in the office has lunch, meetings and breaks. */
function drawDay(midnight: number, random: SeededRandom) {
  const weekday = new Date(midnight).getDay();
  const isOff = random.chance(0.15);
  const isOnSite = random.chance(0.45);
  if (weekday === 0 || weekday === 6 || isOff || isOnSite) return [];
  const from = midnight + random.between(6.75, 9.5) * HOUR_MS;
  const to = from + (random.chance(0.2) ? 4.5 : random.between(7.5, 9.5)) * HOUR_MS;
  const lunch = midnight + random.between(11.5, 13) * HOUR_MS;
  const away = [{ from: lunch, to: lunch + random.between(30, 60) * MINUTE_MS }];
  const draw = (count: number, min: number, max: number) => {
    for (let i = 0; i < count; i++) {
      const start = random.between(from, to);
      away.push({ from: start, to: start + random.between(min, max) * MINUTE_MS });
    }
  };
  // Draw meetings first, and then breaks.
  draw(Math.floor(random.between(0, 5)), 30, 90);
  draw(Math.floor(random.between(1, 5)), 5, 20);
  const periods: (Period & { locks: boolean })[] = [];
  let back = from;
  for (const gap of mergePeriods(away)) {
    if (gap.from > back && gap.from < to) {
      periods.push({ from: back, to: gap.from, locks: random.chance(0.6) });
    }
    back = Math.max(back, gap.to);
  }
  if (back < to) periods.push({ from: back, to, locks: random.chance(0.6) });
  return periods.map((period) => ({
    ...period,
    from: Math.round(period.from),
    to: Math.round(period.to),
  }));
}
