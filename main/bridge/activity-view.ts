import { MINUTE_MS } from '../clock.ts';
import { DAY_MS, isLive, KEPT_DAYS, uptime, type Span } from '../sessions/activity.ts';
import type { Told } from '../sessions/activity-log.ts';
import type { ActivityView } from './contract.ts';

/** The popup shows the last few things; the report has them all. */
const MOST_HAPPENINGS = 8;

type Stretch = ActivityView['stretches'][number];

/** What happened to an account, as the popup shows it. */
export function activityView({ spans, until }: Told): ActivityView {
  return {
    until,
    uptime: uptimes(spans, until),
    stretches: stretches(spans),
    happenings: newestFirst(spans).slice(0, MOST_HAPPENINGS),
  };
}

/** As people are told it: that a session was taken to be live for a moment, until it was asked, is not worth a line. */
export function newestFirst(spans: readonly Span[]): Span[] {
  const isTold = ({ kind, times, from, to }: Span) =>
    kind !== 'kept-alive' || times > 0 || to - from >= MINUTE_MS;
  return spans.filter(isTold).reverse();
}

/** The share of the last day, week and month that was live. */
export function uptimes(spans: readonly Span[], until: number): ActivityView['uptime'] {
  const ofDays = (days: number) => uptime(spans, until - days * DAY_MS, until);
  return { day: ofDays(1), week: ofDays(7), month: ofDays(KEPT_DAYS) };
}

/** For a picture it does not matter how a session became live: neighbours of one condition are one. */
function stretches(spans: readonly Span[]): Stretch[] {
  const all: Stretch[] = [];
  for (const span of spans) {
    const { from, to } = span;
    const condition = conditionOf(span);
    const last = all.at(-1);
    if (condition === undefined) continue;
    if (last?.condition === condition && last.to === from) last.to = to;
    else all.push({ condition, from, to });
  }
  return all;
}

function conditionOf({ kind, from, to }: Span): Stretch['condition'] | undefined {
  if (isLive(kind)) return 'live';
  if (kind === 'offline' || kind === 'user-needed') return kind;
  // A loss is renewed within seconds; one that is not is no better than an outage.
  return kind === 'lost' && to - from >= MINUTE_MS ? 'offline' : undefined;
}
