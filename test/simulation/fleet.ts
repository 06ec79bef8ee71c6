/** Many machines use one server, each with a Keyvigil of its own: do they hit it in step? */
import { MINUTE_MS, SECOND_MS, type Clock } from '../../main/clock.ts';
import { ownerOf } from '../../main/sessions/account-form.ts';
import { nexusIc } from '../../main/systems/nexus-ic/index.ts';
import type { Account, Secrets } from '../../main/sessions/account.ts';
import { NoAnswer } from '../simulators/faults.ts';
import { startAccounts, type Accounts } from '../support/account-world.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { Dice } from './dice.ts';

export interface FleetOptions {
  readonly clients: number;
  readonly seed: number;
}

/** How many requests reached the server in each second of some time. */
export interface Rush {
  readonly name: string;
  readonly peakPerSecond: number;
  readonly meanPerSecond: number;
  readonly peakToMean: number;
  readonly requests: number;
}

const SLEEP_MS = 8 * 60 * MINUTE_MS;
const OUTAGE_MS = 15 * MINUTE_MS;

/**
 * All resume within one minute, after a night; then the keep-alives that follow from it; then the server is away for a quarter of an hour, and
 * returns.
 */
export async function fleet({ clients, seed }: FleetOptions): Promise<readonly Rush[]> {
  const clock = new VirtualClock();
  const server = new CountingServer(clock);
  const dice = new Dice(seed, 'fleet');
  const machines = Array.from({ length: clients }, (_, number) =>
    machine(number, clock, server, new Dice(seed, `client ${number}`)),
  );
  await clock.advance(MINUTE_MS);
  for (const { accounts, time } of machines) {
    accounts.keepAlive.suspend();
    time.sleep();
  }
  await clock.advance(SLEEP_MS);
  for (const { accounts, time } of machines) {
    clock.setTimer(dice.between(0, MINUTE_MS), () => {
      time.resume();
      accounts.keepAlive.resume();
    });
  }

  const resumed = clock.now();
  await clock.advance(MINUTE_MS + 5 * SECOND_MS);
  const resume = server.rush('All resume within one minute', resumed, resumed + MINUTE_MS);
  await clock.advance(9 * MINUTE_MS);
  const later = resumed + 8 * MINUTE_MS;
  const keepAlives = server.rush('Their keep-alives, 8 minutes later', later, later + MINUTE_MS);

  server.isAway = true;
  await clock.advance(OUTAGE_MS);
  const away = server.rush(
    'The server is away, its last 3 minutes',
    clock.now() - 3 * MINUTE_MS,
    clock.now(),
  );
  server.isAway = false;
  const back = clock.now();
  await clock.advance(6 * MINUTE_MS);
  const returned = server.rush(
    'The server is back, the 5 minutes after',
    back,
    back + 5 * MINUTE_MS,
  );
  for (const { accounts } of machines) accounts.list.stop();
  return [resume, keepAlives, away, returned];
}

interface Machine {
  readonly accounts: Accounts;
  readonly time: MachineClock;
}

/** A machine on which somebody signed in yesterday. */
function machine(number: number, clock: VirtualClock, server: CountingServer, dice: Dice): Machine {
  const time = new MachineClock(clock);
  const accounts = startAccounts({ clock: time, fetch: server.fetch, random: dice.random });
  const id = `account-${number}`;
  accounts.storage.accounts = [account(id)];
  accounts.storage.secrets.set(id, secrets(clock.now(), id));
  // A start loads what is stored.
  accounts.restart();
  return { accounts, time };
}

/** The clock of one machine among many, which can sleep while the others do not. */
class MachineClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<{ at: number; readonly action: () => void; cancel: () => void }>();
  #asleepSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  wall(): number {
    return this.#clock.wall();
  }

  setTimer(delayMs: number, action: () => void): () => void {
    const timer = {
      at: this.now() + delayMs,
      action: () => {
        this.#timers.delete(timer);
        action();
      },
      cancel: () => {},
    };
    this.#timers.add(timer);
    timer.cancel = this.#clock.setTimer(delayMs, timer.action);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Timers stand still. */
  sleep(): void {
    this.#asleepSince = this.now();
    for (const { cancel } of this.#timers) cancel();
  }

  resume(): void {
    const sleptMs = this.now() - (this.#asleepSince ?? this.now());
    this.#asleepSince = undefined;
    for (const timer of this.#timers) {
      timer.at += sleptMs;
      timer.cancel = this.#clock.setTimer(timer.at - this.now(), timer.action);
    }
  }
}

const account = (id: string): Account => ({
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
  scripts: { mayUseCommand: false, localAddress: 'off' },
});

const secrets = (now: number, id: string): Secrets => ({
  owner: ownerOf(account(id), nexusIc.methods[0]!),
  values: { password: 'pässword' },
  isRefused: false,
  unansweredLogins: 0,
  sessionKey: { key: 'OLD', since: now, verifiedAt: now, facts: [] },
});

/** Of a NEXUS IC only what a count needs: it lets everybody in, and knows no session from before the night. */
class CountingServer {
  isAway = false;
  readonly #clock: VirtualClock;
  readonly #arrivals = new Map<number, number>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  readonly fetch = async (url: string): Promise<Response> => {
    const second = Math.floor(this.#clock.now() / SECOND_MS);
    this.#arrivals.set(second, (this.#arrivals.get(second) ?? 0) + 1);
    await new Promise<void>((resolve) => this.#clock.setTimer(50, resolve));
    if (this.isAway) throw new NoAnswer('ECONNREFUSED');
    if (url.includes('/security/login')) {
      return Response.json({ hash: 'NEW', id: 1, username: 'u', license: 'write' });
    }
    return url.includes('hash=NEW')
      ? Response.json({ version: '6.9.0.0', schema: '6.9.0' })
      : new Response(null, { status: 401 });
  };

  rush(name: string, from: number, to: number): Rush {
    const perSecond: number[] = [];
    for (let at = from; at < to; at += SECOND_MS) {
      perSecond.push(this.#arrivals.get(Math.floor(at / SECOND_MS)) ?? 0);
    }
    const requests = perSecond.reduce((sum, count) => sum + count, 0);
    const meanPerSecond = requests / perSecond.length;
    const peakPerSecond = Math.max(...perSecond);
    return {
      name,
      peakPerSecond,
      meanPerSecond,
      peakToMean: requests === 0 ? 0 : peakPerSecond / meanPerSecond,
      requests,
    };
  }
}
