import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../main/clock.ts';
import { ownerOf } from '../../main/sessions/account-form.ts';
import { nexusIc } from '../../main/systems/nexus-ic/index.ts';
import { NO_CHOICES, type SavedAccount, type Secrets } from '../../main/sessions/saved-account.ts';
import { startAccounts, type Accounts } from '../support/account-world.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { CountingServer, type RequestRate } from './counting-server.ts';
import { MachineClock } from './machine-clock.ts';
import { SeededRandom } from './random.ts';

export interface FleetOptions {
  readonly machines: number;
  readonly seed: number;
}

const SLEEP_MS = 8 * HOUR_MS;
const OUTAGE_MS = 15 * MINUTE_MS;

/**
 * Shows whether many machines send their requests to one server at the same time. After a night, all machines wake up within one
 * minute. Later come their keep-alives, an outage of the server, and the end of the outage.
 */
export async function runFleet({ machines, seed }: FleetOptions): Promise<readonly RequestRate[]> {
  const clock = new VirtualClock();
  const server = new CountingServer(clock);
  const random = new SeededRandom(seed, 'fleet');
  const fleet = Array.from({ length: machines }, (_, number) =>
    startMachine(number, clock, server, new SeededRandom(seed, `client ${number}`)),
  );
  await clock.advance(MINUTE_MS);
  for (const { accounts, machineClock } of fleet) {
    accounts.scheduler.suspend();
    machineClock.sleep();
  }
  await clock.advance(SLEEP_MS);
  for (const { accounts, machineClock } of fleet) {
    clock.setTimer(random.between(0, MINUTE_MS), () => {
      machineClock.resume();
      accounts.scheduler.resume();
    });
  }

  const resumed = clock.now();
  await clock.advance(MINUTE_MS + 5 * SECOND_MS);
  const resume = server.rate('All wake up within one minute', resumed, resumed + MINUTE_MS);
  await clock.advance(9 * MINUTE_MS);
  const later = resumed + 8 * MINUTE_MS;
  const keepAlives = server.rate('Their keep-alives, 8 minutes later', later, later + MINUTE_MS);

  server.isAway = true;
  await clock.advance(OUTAGE_MS);
  const now = clock.now();
  const away = server.rate('An outage, its last 3 minutes', now - 3 * MINUTE_MS, now);
  server.isAway = false;
  await clock.advance(6 * MINUTE_MS);
  const back = server.rate('The 5 minutes after the outage', now, now + 5 * MINUTE_MS);
  for (const { accounts } of fleet) accounts.list.stop();
  return [resume, keepAlives, away, back];
}

interface Machine {
  readonly accounts: Accounts;
  readonly machineClock: MachineClock;
}

/** Starts a machine whose user signed in yesterday. */
function startMachine(
  number: number,
  clock: VirtualClock,
  server: CountingServer,
  random: SeededRandom,
): Machine {
  const machineClock = new MachineClock(clock);
  const accounts = startAccounts({
    clock: machineClock,
    fetch: server.fetch,
    random: random.next,
  });
  const id = `account-${number}`;
  accounts.storage.accounts = [account(id)];
  accounts.storage.secrets.set(id, secrets(clock.now(), id));
  // The accounts load what is stored only when they start.
  accounts.restart();
  return { accounts, machineClock };
}

const account = (id: string): SavedAccount => ({
  id,
  name: id,
  system: 'nexus-ic',
  method: 'password',
  address: 'https://nexus.example.com',
  values: { userName: id },
  learned: { base: 'https://nexus.example.com/data/icweb.dll', verb: 'POST' },
  remember: true,
  keepAliveMinutes: 8,
  wanted: true,
  ...NO_CHOICES,
});

const secrets = (now: number, id: string): Secrets => ({
  owner: ownerOf(account(id), nexusIc.methods[0]!),
  values: { password: 'pässword' },
  isRefused: false,
  unansweredLogins: 0,
  sessionKey: { key: 'OLD', since: now, verifiedAt: now, facts: [] },
});
