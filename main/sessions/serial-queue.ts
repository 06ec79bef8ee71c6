/** Runs tasks one after the other, in the order in which they came. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();
  #abort = new AbortController();

  /** @param task gets a signal that aborts with `abort`, even while the task still waits for its turn */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    const result = this.#last.then(() => task(signal));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Aborts the running task and the waiting ones; later tasks are not affected. */
  abort(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }
}
