import { SECOND_MS, type Clock } from '../clock.ts';

const CHECK_MS = SECOND_MS;

export interface NetworkWatchDeps {
  readonly clock: Clock;
  /** A name for the current network, to be compared with an earlier one; undefined without a network. */
  readonly network: () => string | undefined;
  /** Whether something waits for a network. */
  readonly isNeeded: () => boolean;
  readonly onReturn: () => void;
}

/**
 * While something waits for a network, notices that the network is back or has changed. Electron has no event for this in the
 * main process.
 */
export class NetworkWatch {
  readonly #deps: NetworkWatchDeps;
  #before: string | undefined;
  #isRunning = false;

  constructor(deps: NetworkWatchDeps) {
    this.#deps = deps;
  }

  /** Call this when the result of `isNeeded` may have changed. */
  update(): void {
    if (this.#isRunning || !this.#deps.isNeeded()) return;
    this.#before = this.#deps.network();
    this.#wait();
  }

  #wait(): void {
    this.#isRunning = true;
    this.#deps.clock.setTimer(CHECK_MS, () => this.#check());
  }

  #check(): void {
    const now = this.#deps.network();
    const isAnother = now !== undefined && now !== this.#before;
    this.#before = now;
    if (isAnother) this.#deps.onReturn();
    this.#isRunning = false;
    if (this.#deps.isNeeded()) this.#wait();
  }
}
