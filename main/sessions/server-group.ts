import { MINUTE_MS, SECOND_MS, type Clock } from '../clock.ts';
import { MAX_CONCURRENT_REQUESTS } from '../systems/request-limit.ts';
import type { Account } from './account.ts';
import { dueAt, nextServerRequest } from './rhythm.ts';
import { outageOf, type SessionEvent } from './session.ts';

/** How long an answer proves that the server responds, and that no captive portal answers instead. */
const ANSWER_COUNTS_MS = 30 * SECOND_MS;
/** When one session was forgotten, the others are verified early. This happens at most once in this time. */
const MIN_BETWEEN_SUSPICIONS_MS = MINUTE_MS;

/**
 * The accounts of one server. If one account finds that the server stopped responding, responds again, or has forgotten its
 * sessions, all accounts act on it.
 */
export class ServerGroup {
  readonly #accounts = new Set<Account>();
  readonly #clock: Clock;
  #isAsking = false;
  /** No request is due before this time. It delays requests after a sleep, so that many computers do not send at once. */
  #quietUntil = -Infinity;
  /** Sessions that were last verified before this time may have been forgotten by the server. */
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

  isSuspect({ sessionKey }: Account): boolean {
    return sessionKey !== undefined && sessionKey.verifiedAt < this.#suspectBefore;
  }

  add(account: Account): void {
    this.#accounts.add(account);
  }

  delete(account: Account): void {
    this.#accounts.delete(account);
  }

  /** When the next request is due; infinite if only users can act, or while requests are running. */
  get dueAt(): number {
    if (this.#isAsking) return Infinity;
    const own = [...this.#accounts].map((account) => this.#dueAtOf(account));
    const at = Math.min(nextServerRequest(this.#awake)?.at ?? Infinity, ...own);
    return Math.max(at, this.#quietUntil);
  }

  /** Call this when the machine or the network is back, or a resting session is needed. Sends requests at `at`, and none before. */
  retryAllAt(at: number): void {
    this.#quietUntil = at;
    // The computer may be in another network, behind a captive portal.
    this.#answeredAt = -Infinity;
    for (const account of this.#accounts) account.apply({ type: 'retry-moved', retryAt: at });
  }

  /** Keeps the due sessions alive. One account asks first, because after its answer the others may not have to ask. */
  async keepDueAlive(): Promise<void> {
    const first = this.#chooseFirst();
    if (!first || this.#isAsking) return;
    this.#isAsking = true;
    try {
      await first.keepAlive();
      const asked = new Set([first]);
      const keepOthersAlive = async () => {
        for (let next = this.#findDue(asked); next; next = this.#findDue(asked)) {
          asked.add(next);
          await next.keepAlive();
        }
      };
      // Start no more than the request limit lets through, because after an answer the waiting accounts may not have to ask.
      await Promise.all(Array.from({ length: MAX_CONCURRENT_REQUESTS }, keepOthersAlive));
    } finally {
      this.#isAsking = false;
    }
  }

  /** Call this with every event of an account. Applies what the event says about the server to the other accounts. */
  tellOthers(from: Account, event: SessionEvent): void {
    switch (event.type) {
      case 'verified':
      case 'signed-in':
        this.#serverAnswered(from, { knowsSession: event.type === 'verified' });
        break;
      case 'server-identified':
        this.#answeredAt = this.#clock.now();
        break;
      case 'expired':
        if (!event.saidByServer) break;
        this.#suspectOthers();
        this.#serverAnswered(from);
        break;
      case 'user-needed':
        if (!event.saidByServer) break;
        this.#serverAnswered(from);
        for (const account of this.#accounts) account.learnRefusal(from);
        break;
      case 'failed':
        this.#serverFailed(from);
        break;
      default:
        break;
    }
  }

  /** The server responds again. If it still knows one session, it has forgotten none. */
  #serverAnswered(from: Account, { knowsSession = false } = {}): void {
    const now = this.#clock.now();
    this.#answeredAt = now;
    for (const account of this.#accounts) {
      if (account === from) continue;
      const isKeyTrusted = knowsSession && account.isKeyTrusted;
      account.apply({ type: 'server-back', retryAt: now, isKeyTrusted });
    }
  }

  #suspectOthers(): void {
    const now = this.#clock.now();
    if (now >= this.#suspectBefore + MIN_BETWEEN_SUSPICIONS_MS) this.#suspectBefore = now;
  }

  #serverFailed(from: Account): void {
    if (from.session.state !== 'offline' || !from.session.isServerAway) return;
    if (this.hasAnswered) {
      // The server has just answered, so only this account has trouble. If another account fails next, the server is down.
      this.#answeredAt = -Infinity;
      from.apply({ type: 'server-not-away' });
      return;
    }
    // Move this account to the end, so that another account sends the first request next time.
    if (this.#accounts.delete(from)) this.#accounts.add(from);
    const outage = outageOf(from.session);
    for (const account of this.#accounts) {
      if (account !== from) account.apply({ type: 'server-away', outage });
    }
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

  #isDue(account: Account): boolean {
    return this.#dueAtOf(account) <= this.#clock.now();
  }

  #findDue(except: ReadonlySet<Account>): Account | undefined {
    return [...this.#accounts].find((account) => this.#isDue(account) && !except.has(account));
  }

  /** The account that sends its request first. Its answer decides what the others do. */
  #chooseFirst(): Account | undefined {
    const due = [...this.#accounts].filter((account) => this.#isDue(account));
    const live = due.find(({ session }) => session.state === 'live');
    if (live) return live;
    const next = nextServerRequest(this.#awake);
    return next && next.at <= this.#clock.now() ? next.sender : due[0];
  }
}
