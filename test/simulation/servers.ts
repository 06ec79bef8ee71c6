import { MINUTE_MS } from '../../main/clock.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import { startNexusIcServer } from './nexus-ic-server.ts';
import type { SeededRandom } from './random.ts';
import { startRibCxServer } from './rib-cx-server.ts';
import type { SessionLife, WorldServer } from './world-server.ts';

const NEXUS_IC_LIFE: SessionLife = {
  sessionIdleMs: 60 * MINUTE_MS,
  serverIdleMs: 10 * MINUTE_MS,
  sessionEveryMs: 30 * MINUTE_MS,
  serverEveryMs: 8 * MINUTE_MS,
};

/** No document says how long a RIB CX key stays valid. The time here is short, because a short time is harder for the app. */
const RIB_CX_LIFE: SessionLife = {
  sessionIdleMs: 20 * MINUTE_MS,
  serverIdleMs: Infinity,
  sessionEveryMs: 10 * MINUTE_MS,
  serverEveryMs: Infinity,
};

/**
 * Customers have a few servers with many accounts, and many servers with one. The mix repeats until every account has a server.
 */
const MIX = [
  { system: 'nexus-ic', accounts: 3 },
  { system: 'rib-cx', accounts: 2 },
  { system: 'nexus-ic', accounts: 1 },
  { system: 'nexus-ic', accounts: 20 },
  { system: 'rib-cx', accounts: 6 },
  { system: 'nexus-ic', accounts: 1 },
  { system: 'rib-cx', accounts: 1 },
  { system: 'nexus-ic', accounts: 8 },
  { system: 'nexus-ic', accounts: 2 },
  { system: 'nexus-ic', accounts: 1 },
] as const;

/** Journals without a limit would fill the memory in a simulated month. */
const JOURNAL_LIMIT = 10;

export async function startServers(
  accounts: number,
  clock: VirtualClock,
  random: SeededRandom,
): Promise<readonly WorldServer[]> {
  const servers: WorldServer[] = [];
  for (let next = 0; next < accounts;) {
    const { system, accounts: max } = MIX[servers.length % MIX.length]!;
    const numbers = Array.from({ length: Math.min(max, accounts - next) }, () => next++);
    const deps = { number: servers.length, clock, random, journalLimit: JOURNAL_LIMIT };
    servers.push(
      system === 'nexus-ic'
        ? await startNexusIcServer(numbers, { ...deps, life: NEXUS_IC_LIFE })
        : await startRibCxServer(numbers, { ...deps, life: RIB_CX_LIFE }),
    );
  }
  return servers;
}
