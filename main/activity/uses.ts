/** How often scripts used an account on one day, in the user's time zone. */
import { MAX_DAYS } from './record.ts';

export interface DailyUses {
  /** "2026-11-24", in local time. */
  readonly day: string;
  readonly times: number;
}

/** Adds one use to an account's uses, oldest first. Limits the days, so that the file stays small. */
export function addUse(uses: readonly DailyUses[], day: string): readonly DailyUses[] {
  // A day may come again if the wall clock or the time zone is set back.
  const index = uses.findLastIndex((each) => each.day === day);
  if (index !== -1) return uses.with(index, { day, times: uses[index]!.times + 1 });
  return [...uses, { day, times: 1 }].slice(-MAX_DAYS);
}

export const usesOn = (uses: readonly DailyUses[], day: string): number =>
  uses.findLast((each) => each.day === day)?.times ?? 0;

/** @param firstDay a day as in `DailyUses`; such texts sort like dates */
export const usesSince = (uses: readonly DailyUses[], firstDay: string): number =>
  uses.filter(({ day }) => day >= firstDay).reduce((sum, { times }) => sum + times, 0);

/** @param time by the wall clock */
export function localDay(time: number): string {
  const date = new Date(time);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
