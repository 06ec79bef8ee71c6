import PQueue from 'p-queue';
import type { Services } from './system.ts';

/** Requests to one server at the same time. Twenty accounts must not hit it together after a night's sleep. */
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
      // An abort also takes a running request out of the queue. Its answer may have come already: a login to log out again.
      if (running) return running;
      throw error;
    }
  };
}
