import PQueue from 'p-queue';
import type { Services } from './system.ts';

/** How many requests a server gets at the same time. After a night's sleep, twenty accounts must not ask it at once. */
export const MAX_CONCURRENT_REQUESTS = 2;

/** The `limit` of `Services`: first come, first served, for each origin. */
export function createRequestLimit(): Services['limit'] {
  const queues = new Map<string, PQueue>();
  return async <T>(url: string, signal: AbortSignal, request: () => Promise<T>) => {
    const { origin } = new URL(url);
    const queue = queues.get(origin) ?? new PQueue({ concurrency: MAX_CONCURRENT_REQUESTS });
    queues.set(origin, queue);
    let running = undefined as Promise<T> | undefined;
    try {
      return await queue.add(() => (running = request()), { signal });
    } catch (error) {
      // The abort may come after the answer. The caller needs that answer: a successful login must be logged out.
      if (running) return running;
      throw error;
    }
  };
}
