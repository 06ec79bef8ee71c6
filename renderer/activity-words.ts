/** The words on screen for what happened to an account. Times are milliseconds since 1970. */
import type { ActivityView } from '../main/bridge/contract.ts';
import {
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

/** One thing that happened, as a line of the list. */
export interface HappeningLine {
  readonly words: string;
  readonly time: string;
  readonly reason: string | undefined;
}

export interface HappeningDay {
  readonly day: string;
  readonly lines: readonly HappeningLine[];
}

/** What happened, newest first, by days. */
export function happeningDays({ happenings, until }: ActivityView): HappeningDay[] {
  const days: { day: string; lines: HappeningLine[] }[] = [];
  for (const happening of happenings) {
    const day = dayWords(happening.from, until);
    const line = {
      words: happeningWords(happening),
      time: timeWords(happening, until),
      reason: happening.reason,
    };
    const last = days.at(-1);
    if (last?.day === day) last.lines.push(line);
    else days.push({ day, lines: [line] });
  }
  return days;
}

/** "14:02 to 14:09", or what is to be said of that; the day is in the heading. */
function timeWords(happening: Happening, until: number): string {
  const { from, to } = happening;
  const start = clock(from);
  if (isMoment(happening)) return start;
  if (to === until) return `since ${start}`;
  if (midnightOf(from) !== midnightOf(to)) return `${start} to ${shortDay(to)}, ${clock(to)}`;
  return start === clock(to) ? start : `${start} to ${clock(to)}`;
}

function dayWords(at: number, until: number): string {
  if (at >= midnightOf(until)) return 'Today';
  if (at >= midnightOf(until, 1)) return 'Yesterday';
  return new Date(at).toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
}

export const shortDay = (at: number): string =>
  new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });

const clock = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { timeStyle: 'short' });

/** A share of the time live, and of which time. */
export interface Share {
  readonly label: string;
  readonly share: string;
}

/** What the last day, week and month say; a longer one only where it says more than the shorter. */
export function shares({ uptime, stretches, until }: ActivityView): Share[] {
  const known = until - (stretches[0]?.from ?? until);
  const dayMs = 24 * 60 * 60_000;
  const all = [
    { label: '24 hours', of: uptime.day, from: 0 },
    { label: '7 days', of: uptime.week, from: dayMs },
    { label: '30 days', of: uptime.month, from: 7 * dayMs },
  ];
  return all
    .filter(({ from }) => known > from)
    .map(({ label, of }) => ({ label, share: of === undefined ? '–' : percent(of) }));
}

/** What the picture shows, for whoever does not see it. */
export function pictureWords(activity: ActivityView): string {
  const { uptime, stretches } = activity;
  const days = dayLines(activity).length;
  const time = days === 1 ? 'today' : `the last ${days} days`;
  const live = `Live ${percent(uptime.month ?? 0)} of ${time}`;
  const troubles = (['offline', 'user-needed'] as const).flatMap((condition) => {
    const all = stretches.filter((stretch) => stretch.condition === condition);
    if (all.length === 0) return [];
    // One that goes on after a sleep is still the same.
    const begun = all.filter(
      (each) => stretches[stretches.indexOf(each) - 1]?.condition !== condition,
    );
    const times = begun.length === 1 ? 'once' : `${begun.length} times`;
    const lasted = duration(all.reduce((sum, { from, to }) => sum + to - from, 0));
    return [`${CONDITION_WORDS[condition]} ${times}, ${lasted}`];
  });
  return `${[live, ...troubles].join('. ')}.`;
}
