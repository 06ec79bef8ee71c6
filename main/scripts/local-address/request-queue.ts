import PQueue from 'p-queue';

/** The limit that browsers have for one server. Keep-alives have their own limit, so they never wait for programs. */
const MAX_CONCURRENT = 6;
const MAX_WAITING = 100;

/** The requests of programs to each server: first come, first served. */
export class RequestQueue {
  readonly #queues = new Map<string, PQueue>();

  /**
   * @returns false if `exchange` did not run, because too many requests wait already
   * @throws the signal's reason if the signal aborts
   */
  async run(server: string, signal: AbortSignal, exchange: () => Promise<void>): Promise<boolean> {
    const queue = this.#queues.get(server) ?? new PQueue({ concurrency: MAX_CONCURRENT });
    this.#queues.set(server, queue);
    if (queue.size >= MAX_WAITING) return false;
    await queue.add(exchange, { signal });
    return true;
  }
}
