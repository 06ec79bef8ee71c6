import { isLive } from '../activity/record.ts';
import type { ScriptUses } from '../activity/activity-log.ts';
import { newestFirst, uptimes, type Span, type Timeline } from '../activity/timeline.ts';
import { MINUTE_MS } from '../clock.ts';
import type { ActivityView } from './contract.ts';

/** The popup shows only the last happenings. The report contains all of them. */
const MAX_HAPPENINGS = 8;

export type Stretch = ActivityView['stretches'][number];

/** What happened to an account, as the popup shows it. */
export function activityView({ spans, until }: Timeline, { today }: ScriptUses): ActivityView {
  return {
    until,
    uptime: uptimes(spans, until),
    stretches: stretches(spans),
    happenings: newestFirst(spans).slice(0, MAX_HAPPENINGS),
    usesToday: today,
  };
}

/** Joins neighbours of the same condition, because the picture only shows whether a session was live. */
export function stretches(spans: readonly Span[]): Stretch[] {
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
  // An expired session is usually renewed within seconds. Otherwise this time is an outage too.
  return kind === 'expired' && to - from >= MINUTE_MS ? 'offline' : undefined;
}
