import { MINUTE_MS, SECOND_MS, type Clock } from '../clock.ts';
import { MAX_CONCURRENT_REQUESTS } from '../systems/request-limit.ts';
import type { Account } from './account.ts';
import { dueAt, nextTurn } from './rhythm.ts';
import { outageOf, type SessionEvent } from './session.ts';

/** How long an answer proves that the server is there, and is itself. */
const ANSWER_COUNTS_MS = 30 * SECOND_MS;
/** A forgotten session makes the others suspect, at most once in this time. */
const MIN_BETWEEN_SUSPICIONS_MS = MINUTE_MS;

/**
 * The accounts of one server. What one account finds out about the server counts for all: it is away, it is back, or it has
 * forgotten its sessions.
 */
export class ServerGroup {
  readonly #accounts = new Set<Account>();
  readonly #clock: Clock;
  #isAsking = false;
  /** Nothing is due before this time. It spreads what fell due during sleep over a few seconds. */
  #notBefore = -Infinity;
  /** Sessions verified before this time may have been forgotten. */
  #suspectBefore = -Infinity;
  #answeredAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The accounts that may rest. */
  get resters(): readonly Account[] {
    return [...this.#accounts].filter(({ saved }) => saved.rest);
  }

  get isEmpty(): boolean {
    return this.#accounts.size === 0;
  }

  get hasAnswered(): boolean {
    return this.#clock.now() - this.#answeredAt < ANSWER_COUNTS_MS;
  }

  add(account: Account): void {
    this.#accounts.add(account);
  }

  delete(account: Account): void {
    this.#accounts.delete(account);
  }

  /** When the server needs the next request; infinite if only users can do something, or requests are under way. */
  get dueAt(): number {
    if (this.#isAsking) return Infinity;
    let at = nextTurn(this.#awake)?.at ?? Infinity;
    for (const account of this.#accounts) at = Math.min(at, this.#dueAtOf(account));
    return Math.max(at, this.#notBefore);
  }

  /** The machine or the network is back: retry at `at`, and do nothing before. */
  resume(at: number): void {
    this.#notBefore = at;
    // It may be another network, with a captive portal.
    this.#answeredAt = -Infinity;
    for (const account of this.#accounts) account.apply({ type: 'retry-moved', retryAt: at });
  }

  /** Keeps alive what is due. One account asks first: what it finds out may save the others' requests. */
  async keepAlive(): Promise<void> {
    const first = this.#chooseFirst();
    if (!first || this.#isAsking) return;
    this.#isAsking = true;
    try {
      await first.keepAlive();
      const asked = new Set([first]);
      const keepOthersAlive = async () => {
        for (let next; (next = this.#findDue(asked));) {
          asked.add(next);
          await next.keepAlive();
        }
      };
      // Ask at most as many at once as the request limit allows, for the same reason.
      await Promise.all(Array.from({ length: MAX_CONCURRENT_REQUESTS }, keepOthersAlive));
    } finally {
      this.#isAsking = false;
    }
  }

  /** Every event of an account passes here. Those that tell something about the server count for its other accounts. */
  learn(from: Account, event: SessionEvent): void {
    switch (event.type) {
      case 'verified':
        this.#answered(from, { knowsSession: true });
        break;
      case 'server-identified':
        this.#answeredAt = this.#clock.now();
        break;
      case 'signed-in':
        this.#answered(from);
        break;
      case 'expired':
        if (!event.saidByServer) break;
        this.#forgotten();
        this.#answered(from);
        break;
      case 'user-needed':
        if (event.saidByServer) this.#answered(from);
        break;
      case 'failed':
        this.#failed(from);
        break;
      default:
        break;
    }
  }

  /** The server has answered, so it is not away. If it still knows one session, it has forgotten none. */
  #answered(from: Account, { knowsSession = false } = {}): void {
    const now = this.#clock.now();
    this.#answeredAt = now;
    for (const account of this.#accounts) {
      if (account === from) continue;
      const isKeyTrusted = knowsSession && account.isKeyTrusted;
      account.apply({ type: 'server-back', retryAt: now, isKeyTrusted });
    }
  }

  #forgotten(): void {
    const now = this.#clock.now();
    if (now >= this.#suspectBefore + MIN_BETWEEN_SUSPICIONS_MS) this.#suspectBefore = now;
  }

  #failed(from: Account): void {
    if (from.session.state !== 'offline' || !from.session.isServerAway) return;
    if (this.hasAnswered) {
      // The server has just answered, so this account has trouble of its own. If another one fails next, the server is away.
      this.#answeredAt = -Infinity;
      from.apply({ type: 'server-not-away' });
      return;
    }
    // Move the account to the end, so that another one asks next time.
    if (this.#accounts.delete(from)) this.#accounts.add(from);
    const outage = outageOf(from.session);
    for (const account of this.#accounts) {
      if (account !== from) account.apply({ type: 'server-away', outage });
    }
  }

  isSuspect({ sessionKey }: Account): boolean {
    return sessionKey !== undefined && sessionKey.verifiedAt < this.#suspectBefore;
  }

  get #awake(): readonly Account[] {
    return [...this.#accounts].filter(({ isResting }) => !isResting);
  }

  #dueAtOf(account: Account): number {
    if (account.isResting) return account.restDueAt;
    const { session, rhythm } = account;
    const isSuspect = session.state === 'live' && this.isSuspect(account);
    return isSuspect ? this.#suspectBefore : (dueAt(session, rhythm) ?? Infinity);
  }

  #findDue(except: ReadonlySet<Account>): Account | undefined {
    const now = this.#clock.now();
    return [...this.#accounts].find(
      (account) => this.#dueAtOf(account) <= now && !except.has(account),
    );
  }

  /** The account that asks first: its answer decides what the others do. */
  #chooseFirst(): Account | undefined {
    const now = this.#clock.now();
    const due = [...this.#accounts].filter((account) => this.#dueAtOf(account) <= now);
    const live = due.find(({ session }) => session.state === 'live');
    if (live) return live;
    const turn = nextTurn(this.#awake);
    return turn && turn.at <= now ? turn.by : due[0];
  }
}
