import { SECOND_MS, sleep, type Clock } from '../clock.ts';
import type { Account } from './account.ts';

/** How long quitting may wait for servers. */
const MAX_QUIT_MS = 5 * SECOND_MS;

/** The sessions that are being ended on their servers. */
export class EndingSessions {
  readonly #clock: Clock;
  readonly #logError: (error: unknown) => void;
  readonly #ending = new Set<Promise<void>>();

  constructor({ clock, logError }: { clock: Clock; logError: (error: unknown) => void }) {
    this.#clock = clock;
    this.#logError = logError;
  }

  /** Stops the account, and ends its session. */
  add(account: Account): void {
    const ended: Promise<void> = account
      .endSession()
      .catch(this.#logError)
      .finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  /** Resolves when all have ended, at most after `MAX_QUIT_MS`. */
  async wait(): Promise<void> {
    await Promise.race([sleep(this.#clock, MAX_QUIT_MS), Promise.all(this.#ending)]);
  }
}
