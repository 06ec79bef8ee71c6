/** Runs tasks one after the other, in the order in which they came. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  /** One controller for the running task and for each waiting task, so that listeners on a signal are freed with their task. */
  readonly #aborts = new Set<AbortController>();

  /** @param task gets a signal that `abort` aborts, even while the task still waits for its turn */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.#aborts.add(abort);
    const result = this.#last
      .then(() => task(abort.signal))
      .finally(() => this.#aborts.delete(abort));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Aborts the running task and the waiting ones; later tasks are not affected. */
  abort(): void {
    for (const abort of this.#aborts) abort.abort();
  }
}
