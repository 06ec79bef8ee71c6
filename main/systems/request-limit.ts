import PQueue from 'p-queue';
import type { Services } from './system.ts';

/** Requests to one server at the same time. Twenty accounts must not hit it together after a night's sleep. */
export const MAX_CONCURRENT_REQUESTS = 2;

/** The `limit` of `Services`: first come, first served, for each origin. */
export function createRequestLimit(): Services['limit'] {
  const queues = new Map<string, PQueue>();
  return (url, signal, request) => {
    const { origin } = new URL(url);
    const queue = queues.get(origin) ?? new PQueue({ concurrency: MAX_CONCURRENT_REQUESTS });
    queues.set(origin, queue);
    return queue.add(request, { signal });
  };
}
