/**
 * Asks an address once, and then several more times. Prints how many of these later requests failed, and the most bytes by which
 * memory grew. Run it with --expose-gc: garbage of earlier requests must not count.
 */
import { send } from '../../main/systems/http.ts';
import { unlimited } from './unlimited.ts';
import { VirtualClock } from './virtual-clock.ts';

const [url = '', times = '1'] = process.argv.slice(2);
const services = { fetch, limit: unlimited, clock: new VirtualClock(), timeLimitMs: 60_000 };

async function fails(): Promise<boolean> {
  const request = { url, method: 'GET', headers: {} } as const;
  const outcome = await send(request, services, new AbortController().signal);
  globalThis.gc!();
  return !outcome.ok;
}

// The first request loads what every request needs, so it is not measured.
await fails();
const before = process.memoryUsage().rss;
let peak = before;
setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
let failures = 0;
for (let i = 0; i < Number(times); i++) failures += Number(await fails());
console.log(JSON.stringify({ failures, grownBytes: peak - before }));
process.exit();
