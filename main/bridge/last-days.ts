import type { ActivityLog } from '../activity/activity-log.ts';

import { toSpans } from '../activity/timeline.ts';
import { DAY_MS, MINUTE_MS, toWallTime, type Clock } from '../clock.ts';
import { stretches, type Stretch } from './activity-view.ts';
import type { AccountView } from './contract.ts';

type RecordOf = ReturnType<ActivityLog['recordOf']>;

/** After this time, the stretches are calculated again even if nothing happened, because the oldest are over. */
const PERIOD_MS = 10 * MINUTE_MS;
/** A shorter live time is narrower than a pixel of the strip. Dropping it also keeps the snapshot short if a server fails often. */
const PIXEL_MS = 5 * MINUTE_MS;

type LastDay = AccountView['lastDay'];

interface Known extends RecordOf {
  readonly period: number;
  readonly lastDay: LastDay;
}

/** The last 24 hours of each account. Every snapshot contains them, so they are calculated only after a change or `PERIOD_MS`. */
export class LastDays {
  readonly #activity: Pick<ActivityLog, 'recordOf'>;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(activity: Pick<ActivityLog, 'recordOf'>, clock: Clock) {
    this.#activity = activity;
    this.#clock = clock;
  }

  /** Oldest first, in milliseconds since 1970. A stretch that still lasts has no end, so that it stays true. */
  of(id: string): LastDay {
    const { entries, pauses } = this.#activity.recordOf(id);
    const period = Math.floor(this.#clock.wall() / PERIOD_MS);
    const known = this.#known.get(id);
    if (known?.entries === entries && known.pauses === pauses && known.period === period) {
      return known.lastDay;
    }
    const lastDay = this.#make({ entries, pauses });
    this.#known.set(id, { entries, pauses, period, lastDay });
    return lastDay;
  }

  #make({ entries, pauses }: RecordOf): LastDay {
    const now = this.#clock.now();
    const start = now - DAY_MS;
    const toWall = toWallTime(this.#clock);
    const first = Math.max(
      0,
      entries.findLastIndex(({ from }) => from <= start),
    );
    const recentPauses = pauses.filter(({ to }) => to > start);
    const spans = toSpans(entries.slice(first), recentPauses, now);
    return join(stretches(spans).filter(({ to }) => to > start)).map(({ condition, from, to }) => ({
      condition,
      from: toWall(Math.max(from, start)),
      ...(to < now && { to: toWall(to) }),
    }));
  }
}

function join(all: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  for (const [index, { condition, from, to }] of all.entries()) {
    const last = joined.at(-1);
    const isShort = to - from < PIXEL_MS && index < all.length - 1;
    if (last?.condition === condition && from - last.to < PIXEL_MS) last.to = to;
    else if (condition !== 'live' || !isShort) joined.push({ condition, from, to });
  }
  return joined;
}
