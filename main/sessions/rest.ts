/** Decides when a session may rest. A resting session is not kept alive, because nobody needs it now. */
import * as v from 'valibot';
import { MINUTE_MS } from '../clock.ts';
import { REST_AFTER_MINUTES } from '../limits.ts';
import { m } from '../messages/index.ts';
import { wholeNumber } from '../schemas.ts';

/** "08:30", in local time. Comparing two such texts compares their times. */
const TimeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/));

/** When a session may rest. Without this setting, the session is always kept alive. */
export const Rest = v.variant('when', [
  v.object({
    /** Rest while the computer is locked, or after it was idle for `afterMinutes`. */
    when: v.literal('away'),
    afterMinutes: wholeNumber(REST_AFTER_MINUTES),
    /** End the session on its server, to give its licence to others. */
    signOut: v.boolean(),
  }),
  v.object({
    when: v.literal('off-hours'),
    /** Rest outside these hours, which count from Monday to Friday. */
    from: TimeOfDay,
    to: TimeOfDay,
    signOut: v.boolean(),
  }),
]);
export type Rest = v.InferOutput<typeof Rest>;

/** Such working hours contain no time, so the session would always rest. */
export const areHoursReversed = (rest: Rest | undefined): boolean =>
  rest?.when === 'off-hours' && rest.from >= rest.to;

/** Whether the user is at the computer. */
export interface Presence {
  /** Milliseconds since the last key or mouse movement. */
  readonly idleMs: number;
  readonly isLocked: boolean;
}

/** How long a session does not rest after a use. A script may soon use it again. */
const USE_COUNTS_MS = 15 * MINUTE_MS;

export const REST_REASONS: Readonly<Record<Rest['when'], () => string>> = {
  away: m.rests_while_away,
  'off-hours': m.rests_off_hours,
};

/**
 * Whether the session may be needed now.
 * @param unusedMs milliseconds since the user or a script last asked for the session
 * @param wall the time of the wall clock
 */
export function isNeeded(
  rest: Rest | undefined,
  { idleMs, isLocked }: Presence,
  unusedMs: number,
  wall: number,
): boolean {
  if (!rest || unusedMs < USE_COUNTS_MS) return true;
  if (rest.when === 'away') return !isLocked && idleMs < rest.afterMinutes * MINUTE_MS;
  const date = new Date(wall);
  const time = [date.getHours(), date.getMinutes()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  const isWeekday = date.getDay() >= 1 && date.getDay() <= 5;
  return isWeekday && rest.from <= time && time < rest.to;
}
