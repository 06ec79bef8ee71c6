/**
 * The picture of an account's uptime: one line a day, from midnight to midnight. What happens at the same hour every day stands in
 * one column.
 */
import type { ActivityView } from '../main/bridge/contract.ts';

export type Condition = ActivityView['stretches'][number]['condition'];

const MAX_DAYS = 30;

/** The days, newest first, back to the first that has something to show. Marks lie in a day from 0 to 1. */
export function dayLines({ stretches, until }: Pick<ActivityView, 'stretches' | 'until'>) {
  const first = stretches[0]?.from ?? until;
  // Days with a change of daylight saving time do not have 24 hours.
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

/** When the day of `time` began, or the day that many days before it. */
export function midnightOf(time: number, daysBack = 0): number {
  const day = new Date(time);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
}
