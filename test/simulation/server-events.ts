import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import type { ServerEvent, Throttle } from './events.ts';
import { drawMoments, drawPeriods, type Period } from './periods.ts';
import type { SeededRandom } from './random.ts';

const OUTAGES = ['refused', 'no answer', 'error 500', 'error 502', 'error 503'] as const;

export function drawServerEvents(
  period: Period,
  server: number,
  random: SeededRandom,
): readonly ServerEvent[] {
  const restarts = [...drawMoments(period, 6 * DAY_MS, random)].map((at): ServerEvent => ({
    at,
    kind: 'restart',
    server,
  }));
  const outages = drawPeriods(period, 10 * DAY_MS, MINUTE_MS, 5 * HOUR_MS, random).flatMap(
    ({ from, to }): ServerEvent[] => [
      { at: from, kind: 'outage', server, outage: random.pick(OUTAGES) },
      ...(random.chance(0.6) ? [{ at: to, kind: 'restart' as const, server }] : []),
      { at: to, kind: 'outage over', server },
    ],
  );
  const throttles = drawPeriods(period, 10 * DAY_MS, 10 * SECOND_MS, HOUR_MS, random).flatMap(
    ({ from, to }): ServerEvent[] => [
      { at: from, kind: 'throttle', server, throttle: drawThrottle(to - from, random) },
      { at: to, kind: 'throttle over', server },
    ],
  );
  const badConnections = drawPeriods(period, 8 * DAY_MS, MINUTE_MS, HOUR_MS, random).flatMap(
    ({ from, to }): ServerEvent[] => [
      { at: from, kind: 'bad connection', server },
      { at: to, kind: 'bad connection over', server },
    ],
  );
  return [...restarts, ...outages, ...throttles, ...badConnections];
}

/** Values of Retry-After that are no time, or a time that nobody can wait for. */
const ABSURD = [
  ['0', 0],
  ['', 0],
  ['-5', 0],
  ['soon', 0],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['31536000', Infinity],
  ['99999999999999999999', Infinity],
  ['Fri, 31 Dec 9999 23:59:59 GMT', Infinity],
] as const;

/** The server asks clients to wait for 10 to 100 % of the time for which it throttles, or for an absurd time. */
function drawThrottle(lengthMs: number, random: SeededRandom): Throttle {
  const status = random.pick([429, 503]);
  const form = random.pick(['seconds', 'date', 'absurd']);
  if (form === 'absurd') {
    const [absurd, waitMs] = random.pick(ABSURD);
    return { status, form: { absurd }, waitMs };
  }
  const waitMs = Math.ceil((lengthMs * random.between(0.1, 1)) / SECOND_MS) * SECOND_MS;
  return { status, form, waitMs };
}
