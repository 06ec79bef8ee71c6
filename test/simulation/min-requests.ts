import type { SessionLife } from './world-server.ts';

/**
 * A lower bound of the requests that keep one server's sessions alive. Each session must be used once in its own interval, and
 * any session once in the server's interval. A stretch is a time in which at least one session lives. It begins with a login, which
 * is a use too, so the number of intervals in a stretch is rounded down.
 */
export class MinRequests {
  /** Counts logins for sessions that expired although the app did not neglect them. */
  logins = 0;
  /** Counts logouts: the app logs out when a session begins to rest. */
  logouts = 0;
  readonly #life: SessionLife;
  #keepAlives = 0;
  /** The live time of the current stretch. */
  #reachableMs = 0;
  #ofSessions = 0;

  constructor(life: SessionLife) {
    this.#life = life;
  }

  get total(): number {
    return this.#keepAlives + this.#ofStretch() + this.logins + this.logouts;
  }

  /** Adds a time in which requests were possible and at least one session lived. */
  addLiveTime(ms: number): void {
    this.#reachableMs += ms;
  }

  /**
   * Ends a session.
   * @param reachableMs for how long the session lived and could be used
   */
  endSession(reachableMs: number): void {
    this.#ofSessions += Math.floor(reachableMs / this.#life.sessionEveryMs);
  }

  /** Ends the stretch, because its last session ended. */
  endStretch(): void {
    this.#keepAlives += this.#ofStretch();
    this.#reachableMs = 0;
    this.#ofSessions = 0;
  }

  #ofStretch(): number {
    return Math.max(Math.floor(this.#reachableMs / this.#life.serverEveryMs), this.#ofSessions);
  }
}
