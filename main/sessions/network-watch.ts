import { SECOND_MS, type Clock } from '../clock.ts';

const CHECK_MS = SECOND_MS;

/**
 * Watches for a network's return, or for another one, while `isWatching` says that something waits for it. The main process is
 * not told of either: it has to look. (Neither tells for sure that a server can be reached, but both are worth a try.)
 */
export class NetworkWatch {
  readonly #clock: Clock;
  readonly #network: () => string | undefined;
  readonly #isWatching: () => boolean;
  readonly #returned: () => void;
  #before: string | undefined;
  #isRunning = false;

  /** @param network what this machine is connected to, in words that only compare; undefined without a network */
  constructor(
    clock: Clock,
    network: () => string | undefined,
    isWatching: () => boolean,
    returned: () => void,
  ) {
    this.#clock = clock;
    this.#network = network;
    this.#isWatching = isWatching;
    this.#returned = returned;
  }

  /** To be called whenever the answer of `isWatching` may have changed. */
  update(): void {
    if (this.#isRunning || !this.#isWatching()) return;
    this.#before = this.#network();
    this.#wait();
  }

  #wait(): void {
    this.#isRunning = true;
    this.#clock.setTimer(CHECK_MS, () => this.#look());
  }

  #look(): void {
    const now = this.#network();
    const isAnother = now !== undefined && now !== this.#before;
    this.#before = now;
    if (isAnother) this.#returned();
    this.#isRunning = false;
    if (this.#isWatching()) this.#wait();
  }
}
