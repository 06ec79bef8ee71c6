import { MINUTE_MS, type Clock } from '../clock.ts';
import type { Found, KeptAccount } from './kept-account.ts';
import { dueAt, nextTurn } from './schedule.ts';
import type { Offline, Session } from './session.ts';

/** Requests to one server at the same time: after a night's sleep, twenty accounts are not to fall upon it together. */
export const MOST_AT_ONCE = 2;
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
  #isAttending = false;
  /** While one account is asking for all. */
  #asking: Promise<unknown> | undefined;
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
    if (this.#isAttending) return Infinity;
    this.#due ??= { at: this.#findDue() };
    return Math.max(this.#due.at, this.#notBefore);
  }

  #findDue(): number {
    let at = this.#nextTurn()?.at ?? Infinity;
    for (const kept of this.#accounts) at = Math.min(at, this.#dueAtOf(kept));
    return at;
  }

  #dueAtOf({ session, dueAt = Infinity }: KeptAccount): number {
    return this.#isSuspect(session) && dueAt < Infinity ? this.#suspectedAt : dueAt;
  }

  #isSuspect(session: Session): boolean {
    return session.state === 'live' && session.held.verifiedAt < this.#suspectedAt;
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
    while (this.#isInDoubt(kept)) {
      if (kept.isBusy) await kept.atRest();
      else if (this.#asking) await this.#asking;
      else {
        await this.#attendOne(kept);
        return;
      }
    }
  }

  /** Something was due that tells of it, whether it is under way by now or not. */
  #isInDoubt({ session, rhythm }: KeptAccount): boolean {
    if (session.state === 'renewing') return true;
    if (session.state !== 'live') return false;
    const turn = nextTurn(this.#accounts)?.at ?? Infinity;
    const own = this.#isSuspect(session) ? -Infinity : (dueAt(session, rhythm) ?? Infinity);
    return Math.min(turn, own) <= this.#clock.now();
  }

  /** Attends to what is due. One account asks first: what it finds of the server need not be found again by each. */
  async attend(): Promise<void> {
    const first = this.#whoIsFirst();
    if (!first) return;
    this.#isAttending = true;
    try {
      const asking = this.#attendOne(first);
      // Whoever waits for it wants to know when it is over, not how.
      this.#asking = asking.catch(() => undefined);
      const found = await asking;
      this.#asking = undefined;
      if (found === 'away') this.#away(first);
      else if (found !== 'nothing') await this.#answered(first, found === 'known');
    } finally {
      this.#isAttending = false;
      this.#asking = undefined;
      this.changed();
      this.#rescheduled();
    }
  }

  /** What `first` found of the server goes for all. */
  #away(first: KeptAccount): void {
    const found = awayIn(first.session);
    if (!found) return;
    this.#putLast(first);
    for (const kept of this.#accounts) if (kept !== first) kept.serverAway(found);
  }

  async #answered(first: KeptAccount, isKnown: boolean): Promise<void> {
    for (const kept of this.#accounts) {
      if (kept !== first && awayIn(kept.session)) kept.serverBack(this.#clock.now(), isKnown);
    }
    let isThere = true;
    /** Asks for one after the other, until two in a row get no answer: one alone has trouble of its own. */
    const ask = async () => {
      for (let next = this.#findDueOne(); next; next = this.#findDueOne()) {
        const found = await this.#attendOne(next, isThere);
        if (found === 'away') {
          if (!isThere) return this.#away(next);
          next.serverThere();
        }
        if (found !== 'nothing') isThere = found !== 'away';
      }
    };
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, ask));
  }

  /** Another asks the next time: it may be this account alone that gets no answer. */
  #putLast(kept: KeptAccount): void {
    if (this.#accounts.delete(kept)) this.#accounts.add(kept);
  }

  /** One that must ask for its own sake. */
  #findDueOne(isWanted = (_kept: KeptAccount) => true): KeptAccount | undefined {
    const now = this.#clock.now();
    for (const kept of this.#accounts) {
      if (this.#dueAtOf(kept) <= now && isWanted(kept)) return kept;
    }
    return undefined;
  }

  /** Whoever must ask for its own sake, best with a live session, or else the one whose turn it is. */
  #whoIsFirst(): KeptAccount | undefined {
    const live = this.#findDueOne(({ session }) => session.state === 'live');
    if (live) return live;
    const turn = this.#nextTurn();
    return turn && turn.at <= this.#clock.now() ? turn.by : this.#findDueOne();
  }

  async #attendOne(kept: KeptAccount, isServerThere = false): Promise<Found> {
    const startedAt = this.#clock.now();
    const found = await kept.attend(isServerThere);
    if (found === 'forgotten' && startedAt >= this.#suspectedAt + SUSPICION_MS) {
      this.#suspectedAt = startedAt;
      this.changed();
      this.#rescheduled();
    }
    return found;
  }
}

/** Offline for a reason that is the server's, and so that of all its accounts. */
function awayIn(session: Session): Offline | undefined {
  return session.state === 'offline' && session.isServerAway ? session : undefined;
}
