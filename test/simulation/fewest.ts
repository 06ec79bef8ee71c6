import type { SessionLife } from './servers.ts';

/**
 * The fewest requests that could have kept the sessions of one server alive: a lower bound, which nobody who does not know the future
 * can quite reach. In each stretch of time in which any session lived, the server was to be touched once for each of its intervals, and
 * each session once for each of its own; one touch can serve for both. Only time counts in which a request could have been made. Each
 * stretch is rounded down: the login at its beginning is a touch too. To that come the logins that could not be avoided.
 */
export class FewestRequests {
  /** Logins for sessions that did not die by their keeper's neglect. */
  logins = 0;
  readonly #life: SessionLife;
  #keepAlives = 0;
  /** Of the stretch that goes on. */
  #reachableMs = 0;
  #ofSessions = 0;

  constructor(life: SessionLife) {
    this.#life = life;
  }

  get total(): number {
    return this.#keepAlives + this.#ofStretch() + this.logins;
  }

  /** The server could be reached, and any session lived on it. */
  lived(ms: number): void {
    this.#reachableMs += ms;
  }

  /** A session is over that lived, and could be reached, for so long. */
  sessionOver(reachableMs: number): void {
    this.#ofSessions += Math.floor(reachableMs / this.#life.sessionEveryMs);
  }

  /** No session lives any more. */
  stretchOver(): void {
    this.#keepAlives += this.#ofStretch();
    this.#reachableMs = 0;
    this.#ofSessions = 0;
  }

  #ofStretch(): number {
    return Math.max(Math.floor(this.#reachableMs / this.#life.serverEveryMs), this.#ofSessions);
  }
}
