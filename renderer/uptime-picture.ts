/** The picture of an account's uptime: a line for each day, from midnight to midnight, so that what happens at the same hour every day stands in one column. */
import type { ActivityView } from '../main/bridge/contract.ts';

export type Condition = ActivityView['stretches'][number]['condition'];

export interface Mark {
  readonly condition: Condition;
  /** Where in the day, from 0 to 1. */
  readonly from: number;
  readonly to: number;
}

export interface DayLine {
  /** Its midnight, in milliseconds since 1970. */
  readonly midnight: number;
  readonly marks: readonly Mark[];
}

const MOST_DAYS = 30;

/** The days, newest first, back to the first of which something is known. */
export function dayLines({
  stretches,
  until,
}: Pick<ActivityView, 'stretches' | 'until'>): DayLine[] {
  const first = stretches[0]?.from ?? until;
  const lines: DayLine[] = [];
  for (let back = 0; back < MOST_DAYS; back++) {
    // By the calendar: with daylight saving, not every day has 24 hours.
    const [midnight, next] = [midnightOf(until, back), midnightOf(until, back - 1)];
    const within = (time: number) =>
      Math.min(1, Math.max(0, (time - midnight) / (next - midnight)));
    const marks = stretches
      .filter(({ from, to }) => from < next && to > midnight)
      .map(({ condition, from, to }) => ({ condition, from: within(from), to: within(to) }));
    lines.push({ midnight, marks });
    if (first >= midnight) break;
  }
  return lines;
}

/** The midnight with which the day began that is so many days before the one of `time`. */
export function midnightOf(time: number, daysBack = 0): number {
  const day = new Date(time);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
}
