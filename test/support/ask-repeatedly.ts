/**
 * Sends several requests to an address. Prints how many of them failed, and by how many bytes memory grew at most. Run it with
 * --expose-gc, because garbage of earlier requests must not count.
 */
import { send } from '../../main/systems/http.ts';
import { unlimited } from './unlimited.ts';
import { VirtualClock } from './virtual-clock.ts';

const [url = '', times = '1'] = process.argv.slice(2);
const services = { fetch, limit: unlimited, clock: new VirtualClock(), timeLimitMs: 60_000 };

async function fails(address: string): Promise<boolean> {
  const request = { url: address, method: 'GET', headers: {} } as const;
  const outcome = await send(request, services, new AbortController().signal);
  globalThis.gc!();
  return !outcome.ok;
}

// The first requests load what every request needs, so they are not measured.
for (let i = 0; i < 20; i++) await fails(`${url}/small`);
const before = process.memoryUsage().rss;
let peak = before;
setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
let failures = 0;
for (let i = 0; i < Number(times); i++) failures += Number(await fails(url));
console.log(JSON.stringify({ failures, grownBytes: peak - before }));
process.exit();
