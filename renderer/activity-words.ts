/** The words on screen for what happened to an account. Times are milliseconds since 1970. */
import type { AccountView, ActivityView } from '../main/bridge/contract.ts';
import {
  duration,
  happeningWords,
  isMoment,
  percent,
  stateWords,
} from '../main/bridge/state-words.ts';
import { formatDate } from '../main/messages/formats.ts';
import { m } from '../main/messages/index.ts';
import { dayLines, midnightOf, type Condition } from './uptime-picture.ts';

type Happening = ActivityView['happenings'][number];

export const CONDITIONS: readonly Condition[] = ['live', 'offline', 'user-needed'];

export const conditionWords = (condition: Condition): string =>
  stateWords(condition === 'user-needed' ? 'sign-in-needed' : condition);

/** What happened, newest first, grouped by day. */
export const happeningDays = ({ happenings, until }: ActivityView) =>
  [...Map.groupBy(happenings, ({ from }) => dayWords(from, until))].map(([day, all]) => ({
    day,
    lines: all.map((happening) => ({
      words: happeningWords(happening),
      time: timeWords(happening, until),
      reason: happening.reason,
    })),
  }));

/** "14:02 to 14:09". The heading names the day. */
function timeWords(happening: Happening, until: number): string {
  const { from, to } = happening;
  const [start, end] = [clock(from), clock(to)];
  if (isMoment(happening)) return start;
  if (to === until) return m.since_time({ start });
  if (midnightOf(from) !== midnightOf(to)) {
    return m.time_range({ start, end: `${shortDay(to)}, ${end}` });
  }
  return start === end ? start : m.time_range({ start, end });
}

export const usesWords = ({ usesToday }: ActivityView): string =>
  m.used_by_scripts_today({ count: usesToday });

function dayWords(at: number, until: number): string {
  if (at >= midnightOf(until)) return m.today();
  if (at >= midnightOf(until, 1)) return m.yesterday();
  return formatDate(at, { weekday: 'long', day: 'numeric', month: 'long' });
}

export const shortDay = (at: number): string => formatDate(at, { day: 'numeric', month: 'short' });

const clock = (at: number): string => formatDate(at, { timeStyle: 'short' });

/** The uptime of the last day, week and month. A period is left out if the shorter one already covers everything that is known. */
export function shares({ uptime, stretches, until }: ActivityView) {
  const knownDays = (until - (stretches[0]?.from ?? until)) / (24 * 60 * 60_000);
  return [
    { label: m.last_24_hours(), share: uptime.day, fromDays: 0 },
    { label: m.last_7_days(), share: uptime.week, fromDays: 1 },
    { label: m.last_30_days(), share: uptime.month, fromDays: 7 },
  ]
    .filter(({ fromDays }) => knownDays > fromDays)
    .map(({ label, share }) => ({ label, share: share === undefined ? '–' : percent(share) }));
}

/** More do not fit into one line. */
const MAX_TROUBLES = 3;

/** The trouble of the last 24 hours, newest first; undefined if nothing is known of these hours. */
export function lastDayWords(lastDay: AccountView['lastDay']): string | undefined {
  if (lastDay.length === 0) return undefined;
  const troubles = lastDay.filter(({ condition }) => condition !== 'live').toReversed();
  const words = troubles.slice(0, MAX_TROUBLES).map(({ condition, from, to }) => {
    const start = clock(from);
    const end = to === undefined ? undefined : clock(to);
    const time = end === undefined ? m.since_time({ start }) : m.time_range({ start, end });
    return `${conditionWords(condition)} ${start === end ? start : time}`;
  });
  const more = troubles.length > MAX_TROUBLES ? ['…'] : [];
  const trouble = words.length === 0 ? m.strip_no_trouble() : [...words, ...more].join(', ');
  return m.strip_last_day({ what: trouble });
}

/** The picture in words, for users who cannot see it. */
export function pictureWords(activity: ActivityView): string {
  const { uptime, stretches } = activity;
  const days = dayLines(activity).length;
  const share = percent(uptime.month ?? 0);
  const live =
    days === 1
      ? m.live_share_today({ percent: share })
      : m.live_share_of_days({ percent: share, days });
  const troubles = (['offline', 'user-needed'] as const).map((condition) => {
    const isThis = (stretch?: { condition: Condition }) => stretch?.condition === condition;
    // A sleep splits an outage into two stretches. Count them as one.
    const count = stretches.filter((each, i) => isThis(each) && !isThis(stretches[i - 1])).length;
    const lasted = stretches.filter(isThis).reduce((sum, { from, to }) => sum + to - from, 0);
    const state = conditionWords(condition);
    return count > 0 && m.state_times({ count, state, duration: duration(lasted) });
  });
  return `${[live, ...troubles].filter(Boolean).join('. ')}.`;
}
