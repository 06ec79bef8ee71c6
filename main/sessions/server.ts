import { MINUTE_MS, type Clock } from '../clock.ts';
import type { KeptAccount } from './kept-account.ts';
import { nextTurn } from './schedule.ts';
import type { Offline, Session } from './session.ts';

/** A session that was found gone makes the others of its server suspect, but not more often than this. */
const SUSPICION_MS = MINUTE_MS;

/**
 * The accounts of one server. What one of them finds out about the server counts for all: they touch it in turns, ask it one
 * for all while it is away, and look after themselves when one of them was forgotten.
 */
export class Server {
  readonly #accounts = new Set<KeptAccount>();
  readonly #clock: Clock;
  readonly #rescheduled: () => void;
  /** One account is asking for all. */
  #isAsking = false;
  /** Until then, nothing is due: what was due during a sleep is spread over a few seconds. */
  #notBefore = -Infinity;
  /** Sessions last verified before this time may have been forgotten. */
  #suspectedAt = -Infinity;
  /** As `#findDue` found it; undefined until it is asked for again. */
  #due: { at: number } | undefined;

  /** @param rescheduled called where `dueAt` has changed although no account has */
  constructor(clock: Clock, rescheduled: () => void) {
    this.#clock = clock;
    this.#rescheduled = rescheduled;
  }

  get isEmpty(): boolean {
    return this.#accounts.size === 0;
  }

  add(kept: KeptAccount): this {
    this.#accounts.add(kept);
    this.changed();
    return this;
  }

  delete(kept: KeptAccount): void {
    this.#accounts.delete(kept);
    this.changed();
  }

  /** Something about one of the accounts is different. */
  changed(): void {
    this.#due = undefined;
  }

  /** When it next needs attention; infinite where only its users can do something, or it has it already. */
  get dueAt(): number {
    if (this.#isAsking) return Infinity;
    this.#due ??= { at: this.#findDue() };
    return Math.max(this.#due.at, this.#notBefore);
  }

  #findDue(): number {
    let at = this.#nextTurn()?.at ?? Infinity;
    for (const kept of this.#accounts) at = Math.min(at, this.#dueAtOf(kept));
    return at;
  }

  #dueAtOf({ session, dueAt = Infinity }: KeptAccount): number {
    const isSuspect = session.state === 'live' && session.held.verifiedAt < this.#suspectedAt;
    return isSuspect && dueAt < Infinity ? this.#suspectedAt : dueAt;
  }

  /** Whoever is busy uses the server just now, unless it is its user who takes the time. */
  #nextTurn() {
    const accounts = [...this.#accounts];
    const isUsed = accounts.some(({ isBusy, session }) => isBusy && session.state !== 'signing-in');
    return isUsed ? undefined : nextTurn(accounts);
  }

  /** Whoever waits to try again, or fell due meanwhile, has its turn at `at`. */
  wake(at: number): void {
    this.#notBefore = at;
    for (const kept of this.#accounts) kept.retryAt(at);
  }

  /** Resolves when it is known whether the session of `kept` lives, as it may not be in the first seconds after a sleep. */
  async settle(kept: KeptAccount): Promise<void> {
    if (kept.isBusy && kept.session.state === 'renewing') await kept.atRest();
    else if (this.#isInDoubt(kept)) await this.#attendOne(kept);
  }

  #isInDoubt(kept: KeptAccount): boolean {
    const { state } = kept.session;
    if (state !== 'live' && state !== 'renewing') return false;
    return Math.min(this.#dueAtOf(kept), this.#nextTurn()?.at ?? Infinity) <= this.#clock.now();
  }

  /** Attends to what is due. One account asks first: what it finds of the server need not be found again by each. */
  async attend(): Promise<void> {
    const first = this.#whoIsFirst();
    if (!first) return;
    this.#isAsking = true;
    let wasForgotten: boolean;
    try {
      wasForgotten = await this.#attendOne(first);
    } finally {
      this.#isAsking = false;
      this.changed();
      this.#rescheduled();
    }
    const found = awayIn(first.session);
    if (found) this.#putLast(first);
    for (const kept of this.#accounts) {
      if (kept === first) continue;
      if (found) kept.serverAway(found);
      else if (awayIn(kept.session)) kept.serverBack(this.#clock.now(), wasForgotten);
    }
    await Promise.all(this.#whoIsDue().map((kept) => this.#attendOne(kept, !found)));
  }

  /** Another asks the next time: it may be this account alone that gets no answer. */
  #putLast(kept: KeptAccount): void {
    if (this.#accounts.delete(kept)) this.#accounts.add(kept);
  }

  /** Those who must ask for their own sake. */
  #whoIsDue(): KeptAccount[] {
    const now = this.#clock.now();
    return [...this.#accounts].filter((kept) => this.#dueAtOf(kept) <= now);
  }

  /** Whoever must ask for its own sake, best with a live session, or else the one whose turn it is. */
  #whoIsFirst(): KeptAccount | undefined {
    const due = this.#whoIsDue();
    const live = due.find(({ session }) => session.state === 'live');
    if (live) return live;
    const turn = this.#nextTurn();
    return turn && turn.at <= this.#clock.now() ? turn.by : due[0];
  }

  /** Resolves with whether the server had forgotten its session. */
  async #attendOne(kept: KeptAccount, isServerThere = false): Promise<boolean> {
    const startedAt = this.#clock.now();
    const key = kept.held?.key;
    await kept.attend(isServerThere);
    const wasForgotten = key !== undefined && kept.held?.key !== key;
    if (wasForgotten && startedAt >= this.#suspectedAt + SUSPICION_MS) {
      this.#suspectedAt = startedAt;
      this.changed();
      this.#rescheduled();
    }
    return wasForgotten;
  }
}

/** Offline for a reason that is the server's, and so that of all its accounts. */
function awayIn(session: Session): Offline | undefined {
  return session.state === 'offline' && session.isServerAway ? session : undefined;
}
