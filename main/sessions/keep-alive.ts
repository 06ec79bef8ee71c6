import { SECOND_MS, type Clock, type Random } from '../clock.ts';
import type { AccountSession } from './account-session.ts';
import { ServerGroup } from './server-group.ts';
import type { SessionEvent } from './session.ts';
import { WakeUpTimer } from './wake-up-timer.ts';

/** Starts and wake-ups spread their requests over this time: an office's machines must not all ask in the same second. */
const RESUME_SPREAD_MS = 3 * SECOND_MS;
/** A network returns for fewer machines at a time, and its user waits. */
const NETWORK_SPREAD_MS = SECOND_MS;

export interface KeepAliveDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** The machine was asleep: no session could be kept alive. */
  readonly onSlept: (from: number, to: number) => void;
  /** Logs a bug. */
  readonly report: (error: unknown) => void;
}

/** Keeps the sessions of all servers alive, with one timer. */
export class KeepAlive {
  readonly #deps: KeepAliveDeps;
  readonly #groups = new Map<string, ServerGroup>();
  readonly #timer: WakeUpTimer;

  constructor(deps: KeepAliveDeps) {
    this.#deps = deps;
    this.#timer = new WakeUpTimer({
      clock: deps.clock,
      dueAt: () => Math.min(Infinity, ...[...this.#groups.values()].map(({ dueAt }) => dueAt)),
      onDue: () => this.#attend(),
      onResume: (sleptFrom) => {
        if (sleptFrom !== undefined) deps.onSlept(sleptFrom, deps.clock.now());
        this.#retrySoon(RESUME_SPREAD_MS);
      },
    });
  }

  start(): void {
    this.#timer.start();
  }

  stop(): void {
    this.#timer.stop();
  }

  add(account: AccountSession): void {
    const group = this.#groups.get(account.server) ?? new ServerGroup(this.#deps.clock);
    this.#groups.set(account.server, group);
    group.add(account);
    this.#timer.update();
  }

  delete(account: AccountSession): void {
    const group = this.#groups.get(account.server);
    group?.delete(account);
    if (group?.isEmpty) this.#groups.delete(account.server);
  }

  /** Call it with every event of an account. */
  onEvent(account: AccountSession, event: SessionEvent): void {
    this.#groups.get(account.server)?.learn(account, event);
    this.#timer.update();
  }

  /** The server has forgotten another session since this one was verified. */
  isSuspect(account: AccountSession): boolean {
    return this.#groups.get(account.server)?.isSuspect(account) ?? false;
  }

  hasServerAnswered({ server }: AccountSession): boolean {
    return this.#groups.get(server)?.hasAnswered ?? false;
  }

  suspend(): void {
    this.#timer.suspend();
  }

  resume(): void {
    this.#timer.resume();
  }

  /** There is a network again, or another one. */
  networkReturned(): void {
    this.#retrySoon(NETWORK_SPREAD_MS);
    this.#timer.update();
  }

  #retrySoon(spreadMs: number): void {
    const { clock, random } = this.#deps;
    for (const group of this.#groups.values()) group.resume(clock.now() + random() * spreadMs);
  }

  #attend(): void {
    const { clock, report } = this.#deps;
    for (const group of this.#groups.values()) {
      if (group.dueAt > clock.now()) continue;
      group
        .attend()
        .catch(report)
        .finally(() => this.#timer.update());
    }
  }
}
