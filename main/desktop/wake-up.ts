import { net, powerMonitor } from 'electron';
import { SECOND_MS, type Clock } from '../clock.ts';

const NETWORK_CHECK_MS = 2 * SECOND_MS;

/** Tells `keeper` when the machine goes to sleep, and when it, or its user, is back. */
export function followSleep(keeper: { suspend(): void; wake(): void }): void {
  powerMonitor.on('suspend', () => keeper.suspend());
  powerMonitor.on('resume', () => keeper.wake());
  powerMonitor.on('unlock-screen', () => keeper.wake());
}

/**
 * Watches for the network's return while `isWatching` says that something waits for it. The main process is not told of it:
 * it has to look. (`isOnline()` true says nothing sure, but false becoming true is worth a try.)
 */
export class NetworkWatch {
  readonly #clock: Clock;
  readonly #isWatching: () => boolean;
  readonly #returned: () => void;
  #wasOnline = true;
  #isRunning = false;

  constructor(clock: Clock, isWatching: () => boolean, returned: () => void) {
    this.#clock = clock;
    this.#isWatching = isWatching;
    this.#returned = returned;
  }

  /** To be called whenever the answer of `isWatching` may have changed. */
  update(): void {
    if (this.#isRunning || !this.#isWatching()) return;
    this.#isRunning = true;
    this.#wasOnline = net.isOnline();
    this.#look();
  }

  #look(): void {
    const isOnline = net.isOnline();
    const isBack = isOnline && !this.#wasOnline;
    this.#wasOnline = isOnline;
    if (isBack) this.#returned();
    this.#isRunning = this.#isWatching();
    if (this.#isRunning) this.#clock.setTimer(NETWORK_CHECK_MS, () => this.#look());
  }
}
