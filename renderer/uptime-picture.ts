/**
 * The picture of an account's uptime. Each day has a line, from midnight to midnight. An hour has the same column on each day, so
 * the user sees what happens every day at the same time.
 */
import type { ActivityView } from '../main/bridge/contract.ts';

export type Condition = ActivityView['stretches'][number]['condition'];

const MAX_DAYS = 30;

/** The days, newest first, back to the first day with a mark. A mark's `from` and `to` are fractions of its day, from 0 to 1. */
export function dayLines({ stretches, until }: Pick<ActivityView, 'stretches' | 'until'>) {
  const first = stretches[0]?.from ?? until;
  // Do not add 24 hours: a day on which the clock changes has 23 or 25.
  return Array.from({ length: MAX_DAYS }, (_, back) => ({
    midnight: midnightOf(until, back),
    next: midnightOf(until, back - 1),
  }))
    .filter(({ next }) => first < next)
    .map(({ midnight, next }) => {
      const within = (time: number) =>
        Math.min(1, Math.max(0, (time - midnight) / (next - midnight)));
      const marks = stretches
        .filter(({ from, to }) => from < next && to > midnight)
        .map(({ condition, from, to }) => ({ condition, from: within(from), to: within(to) }));
      return { midnight, marks };
    });
}

/** The midnight at which the day of `time` began, or the day that is `daysBack` days earlier. */
export function midnightOf(time: number, daysBack = 0): number {
  const day = new Date(time);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
}
