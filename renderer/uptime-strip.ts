/** The last 24 hours of an account as a thin strip in its row. Each condition has its own shape. */
import type { AccountView } from '../main/bridge/contract.ts';
import type { Condition } from './uptime-picture.ts';

/** In the strip's own units: one for each minute. */
const WIDTH = 24 * 60;
const MINUTE_MS = 60_000;
/** About two pixels, so that a short outage is seen. */
const MIN_WIDTH = 15;

const SHAPES: Readonly<Record<Condition, { readonly top: number; readonly height: number }>> = {
  live: { top: 2, height: 2 },
  offline: { top: 0, height: 6 },
  'user-needed': { top: 2, height: 4 },
};

/** One SVG path for each condition, in a strip of 1440 by 6. */
export function stripPaths(
  lastDay: AccountView['lastDay'],
  now: number,
): Readonly<Record<Condition, string>> {
  const start = now - WIDTH * MINUTE_MS;
  const minute = (time: number) => Math.round((time - start) / MINUTE_MS);
  const paths = { live: '', offline: '', 'user-needed': '' };
  for (const { condition, from, to = now } of lastDay) {
    if (to <= start) continue;
    const { top, height } = SHAPES[condition];
    const left = Math.max(0, minute(from));
    const width = Math.max(MIN_WIDTH, minute(Math.min(to, now)) - left);
    paths[condition] += `M${Math.min(left, WIDTH - width)} ${top}h${width}v${height}h-${width}z`;
  }
  return paths;
}
