import { SECOND_MS, type Clock } from '../clock.ts';

const CHECK_MS = SECOND_MS;

export interface NetworkWatchDeps {
  readonly clock: Clock;
  /** Names the network that this machine is connected to; only compared. Undefined without a network. */
  readonly network: () => string | undefined;
  /** Something waits for a network. */
  readonly isNeeded: () => boolean;
  readonly onReturn: () => void;
}

/**
 * Notices a network's return, or another network, while something waits for one. Electron tells the main process of neither.
 * The server may still be out of reach, but it is worth a try.
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
