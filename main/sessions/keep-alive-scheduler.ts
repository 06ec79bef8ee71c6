import { MINUTE_MS, SECOND_MS, type Clock, type Random } from '../clock.ts';
import type { Account } from './account.ts';
import type { Presence } from './rest.ts';
import { ServerGroup } from './server-group.ts';
import type { SessionEvent } from './session.ts';
import { WakeUpTimer } from './wake-up-timer.ts';

/** Requests after a start or a wake-up are spread over this time, so that an office's computers do not all send in one second. */
const RESUME_SPREAD_MS = 3 * SECOND_MS;
/** The spread after a lost network is shorter, because fewer computers return at once and the user waits. */
const NETWORK_SPREAD_MS = SECOND_MS;
/** How soon Keyvigil notices that an idle user is back. */
const PRESENCE_CHECK_MS = 3 * SECOND_MS;

export interface KeepAliveSchedulerDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Called only if an account may rest. */
  readonly presence: () => Presence;
  /** Called after the machine slept. No session could be kept alive during that time. */
  readonly onSlept: (from: number, to: number) => void;
  /** Logs an unexpected error. */
  readonly logError: (error: unknown) => void;
}

/** Keeps the sessions of all servers alive, with one timer. */
export class KeepAliveScheduler {
  readonly #deps: KeepAliveSchedulerDeps;
  readonly #groups = new Map<string, ServerGroup>();
  readonly #timer: WakeUpTimer;
  /** When to check next whether a resting session is needed again. */
  #checkPresenceAt = Infinity;

  constructor(deps: KeepAliveSchedulerDeps) {
    this.#deps = deps;
    this.#timer = new WakeUpTimer({
      clock: deps.clock,
      dueAt: () =>
        Math.min(this.#checkPresenceAt, ...[...this.#groups.values()].map(({ dueAt }) => dueAt)),
      onDue: () => {
        this.#updateRest();
        this.#keepAliveDue();
      },
      onResume: (sleptFrom) => {
        if (sleptFrom !== undefined) deps.onSlept(sleptFrom, deps.clock.now());
        this.#updateRest();
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

  add(account: Account): void {
    const group = this.#groups.get(account.server) ?? new ServerGroup(this.#deps.clock);
    this.#groups.set(account.server, group);
    group.add(account);
    this.#timer.update();
  }

  delete(account: Account): void {
    const group = this.#groups.get(account.server);
    group?.delete(account);
    if (group?.isEmpty) this.#groups.delete(account.server);
  }

  /** Call this with every event of an account. */
  onEvent(account: Account, event: SessionEvent): void {
    this.#groups.get(account.server)?.tellOthers(account, event);
    this.#timer.update();
  }

  /** Whether the server has forgotten another session since this session was verified. */
  isSuspect(account: Account): boolean {
    return this.#groups.get(account.server)?.isSuspect(account) ?? false;
  }

  hasServerAnswered({ server }: Account): boolean {
    return this.#groups.get(server)?.hasAnswered ?? false;
  }

  suspend(): void {
    this.#timer.suspend();
  }

  resume(): void {
    this.#timer.resume();
  }

  /** Call this when the network is back or has changed. */
  networkReturned(): void {
    this.#retrySoon(NETWORK_SPREAD_MS);
    this.#timer.update();
  }

  #retrySoon(spreadMs: number, groups: Iterable<ServerGroup> = this.#groups.values()): void {
    const { clock, random } = this.#deps;
    for (const group of groups) group.retryAllAt(clock.now() + random() * spreadMs);
  }

  /** Updates which sessions rest. Sessions that are needed again are treated as after sleep. */
  #updateRest(): void {
    const { clock, presence } = this.#deps;
    this.#checkPresenceAt = Infinity;
    const groups = [...this.#groups.values()].filter((group) => group.resters.length > 0);
    if (groups.length === 0) return;
    const now = clock.now();
    const seen = presence();
    const needed = new Set<ServerGroup>();
    for (const group of groups) {
      for (const account of group.resters) {
        const isNeededAgain = account.updateRest(seen);
        if (isNeededAgain) needed.add(group);
        if (!account.isResting) continue;
        // A user may return at any second, so check often. Working hours begin at a full minute, so check at full minutes.
        const isAway = account.saved.rest?.when === 'away' && !seen.isLocked;
        const checkMs = isAway ? PRESENCE_CHECK_MS : MINUTE_MS - (clock.wall() % MINUTE_MS);
        this.#checkPresenceAt = Math.min(this.#checkPresenceAt, now + checkMs);
      }
    }
    this.#retrySoon(RESUME_SPREAD_MS, needed);
  }

  #keepAliveDue(): void {
    const { clock, logError } = this.#deps;
    for (const group of this.#groups.values()) {
      if (group.dueAt > clock.now()) continue;
      group
        .keepDueAlive()
        .catch(logError)
        .finally(() => this.#timer.update());
    }
  }
}
