import PQueue from 'p-queue';
import type { Services } from './system.ts';

/** The most requests that a server gets at once, even if twenty accounts need it after a night's sleep. */
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
      // The queue rejects at an abort, although the request still runs. Wait for its answer: after a login, the caller must end the
      // new session.
      if (running) return running;
      throw error;
    }
  };
}
