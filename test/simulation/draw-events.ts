import { DAY_MS } from '../../main/clock.ts';
import type { Rest } from '../../main/sessions/rest.ts';
import { drawMachineEvents } from './machine-events.ts';
import type { WorldEvent } from './events.ts';
import { drawMoments, type Period } from './periods.ts';
import type { NamedRandom } from './random.ts';
import { drawRestEvents } from './rest-events.ts';
import { drawServerEvents } from './server-events.ts';

/**
 * Draws all events of a world before its first minute passes, so that every app meets the same world.
 * @param servers the number of servers
 * @param accounts the numbers of the accounts with a password
 */
export function drawEvents(
  period: Period,
  servers: number,
  accounts: readonly number[],
  random: NamedRandom,
  rest?: Rest,
): readonly WorldEvent[] {
  const drawn: WorldEvent[] = drawMachineEvents(period, random);
  for (let server = 0; server < servers; server++) {
    drawn.push(...drawServerEvents(period, server, random(`server ${server}`)));
  }
  for (const account of accounts) {
    for (const at of drawMoments(period, 60 * DAY_MS, random(`password ${account}`))) {
      drawn.push({ at, kind: 'password changed', account });
    }
  }
  if (rest) drawn.push(...drawRestEvents(period, rest, random));
  // Working hours follow the wall clock. While the wall clock is wrong, it is not clear whether a session is needed.
  const isJudged = ({ kind }: WorldEvent) =>
    rest?.when !== 'off-hours' || kind !== 'wall clock set';
  return drawn
    .filter(isJudged)
    .map((event) => ({ ...event, at: Math.round(event.at) }))
    .filter(({ at }) => at < period.to)
    .sort((a, b) => a.at - b.at);
}
