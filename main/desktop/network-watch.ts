import { SECOND_MS, type Clock } from '../clock.ts';

const CHECK_MS = SECOND_MS;

export interface NetworkWatchDeps {
  readonly clock: Clock;
  /** A name for the current network, to be compared with an earlier one; undefined without a network. */
  readonly network: () => string | undefined;
  /** Something waits for a network. */
  readonly isNeeded: () => boolean;
  readonly onReturn: () => void;
}

/**
 * Notices that the network is back, or is another one, while something waits for it. Electron has no event for that in the main
 * process.
 */
export class NetworkWatch {
  readonly #deps: NetworkWatchDeps;
  #before: string | undefined;
  #isRunning = false;

  constructor(deps: NetworkWatchDeps) {
    this.#deps = deps;
  }

  /** Call it when the answer of `isNeeded` may have changed. */
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
