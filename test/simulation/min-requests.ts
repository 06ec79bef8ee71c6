import type { SessionLife } from './world-server.ts';

/**
 * A lower bound of the requests that keep one server's sessions alive. While any session lives, the server must be used once in each
 * of its intervals, and each session once in each of its own; one use counts for both. Only time in which a request was possible
 * counts. Each stretch is rounded down, because the login at its start is a use too. Logins that nobody could avoid are added, and logouts to rest.
 */
export class MinRequests {
  /** Logins for sessions that expired although nobody neglected them. */
  logins = 0;
  /** Sessions that ended to rest. */
  logouts = 0;
  readonly #life: SessionLife;
  #keepAlives = 0;
  /** In the current stretch. */
  #reachableMs = 0;
  #ofSessions = 0;

  constructor(life: SessionLife) {
    this.#life = life;
  }

  get total(): number {
    return this.#keepAlives + this.#ofStretch() + this.logins + this.logouts;
  }

  /** Requests were possible, and at least one session lived. */
  addLiveTime(ms: number): void {
    this.#reachableMs += ms;
  }

  /** A session ended that lived, and could be used, for this long. */
  endSession(reachableMs: number): void {
    this.#ofSessions += Math.floor(reachableMs / this.#life.sessionEveryMs);
  }

  /** The last session ended. */
  endStretch(): void {
    this.#keepAlives += this.#ofStretch();
    this.#reachableMs = 0;
    this.#ofSessions = 0;
  }

  #ofStretch(): number {
    return Math.max(Math.floor(this.#reachableMs / this.#life.serverEveryMs), this.#ofSessions);
  }
}
