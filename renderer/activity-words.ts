/** The words on screen for what happened to an account. Times are milliseconds since 1970. */
import type { ActivityView } from '../main/bridge/contract.ts';
import {
  count,
  duration,
  happeningWords,
  isMoment,
  percent,
  STATE_WORDS,
} from '../main/bridge/state-words.ts';
import { dayLines, midnightOf, type Condition } from './uptime-picture.ts';

type Happening = ActivityView['happenings'][number];

export const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  live: STATE_WORDS.live,
  offline: STATE_WORDS.offline,
  'user-needed': STATE_WORDS['sign-in-needed'],
};

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
  if (to === until) return `since ${start}`;
  if (midnightOf(from) !== midnightOf(to)) return `${start} to ${shortDay(to)}, ${end}`;
  return start === end ? start : `${start} to ${end}`;
}

export const usesWords = ({ usesToday }: ActivityView): string =>
  `Used by scripts ${count(usesToday)} today`;

function dayWords(at: number, until: number): string {
  if (at >= midnightOf(until)) return 'Today';
  if (at >= midnightOf(until, 1)) return 'Yesterday';
  return date(at, { weekday: 'long', day: 'numeric', month: 'long' });
}

export const shortDay = (at: number): string => date(at, { day: 'numeric', month: 'short' });

const date = (at: number, format: Intl.DateTimeFormatOptions): string =>
  new Date(at).toLocaleDateString(undefined, format);

const clock = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { timeStyle: 'short' });

/** The uptime of the last day, week and month. A longer period is left out if the account is not that old. */
export function shares({ uptime, stretches, until }: ActivityView) {
  const knownDays = (until - (stretches[0]?.from ?? until)) / (24 * 60 * 60_000);
  return [
    { label: '24 hours', share: uptime.day, fromDays: 0 },
    { label: '7 days', share: uptime.week, fromDays: 1 },
    { label: '30 days', share: uptime.month, fromDays: 7 },
  ]
    .filter(({ fromDays }) => knownDays > fromDays)
    .map(({ label, share }) => ({ label, share: share === undefined ? '–' : percent(share) }));
}

/** The picture in words, for users who cannot see it. */
export function pictureWords(activity: ActivityView): string {
  const { uptime, stretches } = activity;
  const days = dayLines(activity).length;
  const time = days === 1 ? 'today' : `the last ${days} days`;
  const live = `Live ${percent(uptime.month ?? 0)} of ${time}`;
  const troubles = (['offline', 'user-needed'] as const).map((condition) => {
    const isThis = (stretch?: { condition: Condition }) => stretch?.condition === condition;
    // Count trouble before and after a sleep as one.
    const count = stretches.filter((each, i) => isThis(each) && !isThis(stretches[i - 1])).length;
    const lasted = stretches.filter(isThis).reduce((sum, { from, to }) => sum + to - from, 0);
    const times = count === 1 ? 'once' : `${count} times`;
    return count > 0 && `${CONDITION_WORDS[condition]} ${times}, ${duration(lasted)}`;
  });
  return `${[live, ...troubles].filter(Boolean).join('. ')}.`;
}
