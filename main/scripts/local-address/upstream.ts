import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Fetch } from '../../systems/system.ts';

export interface UpstreamRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable | undefined;
  /** Aborts the request, and also the body of its answer. */
  readonly signal: AbortSignal;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** The decompressed body. */
  readonly body: Readable | undefined;
}

/**
 * Sends one request without cookies, and streams both bodies. Rejects like a fetch, and also for a redirect: following it would
 * send the key to another server. Never repeats a request that is not GET or HEAD, even if a reused connection breaks.
 */
export type Upstream = (request: UpstreamRequest) => Promise<UpstreamAnswer>;

/** Used in tests, which run on plain Node. */
export const upstreamByFetch =
  (fetch: Fetch): Upstream =>
  async ({ url, method, headers, body, signal }) => {
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers,
      signal,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      ...(body && {
        body: Buffer.isBuffer(body) ? new Uint8Array(body) : (Readable.toWeb(body) as BodyInit),
        duplex: 'half',
      }),
    };
    const answer = await fetch(url, init);
    return {
      status: answer.status,
      headers: [...answer.headers],
      body: answer.body ? Readable.fromWeb(answer.body as ReadableStream) : undefined,
    };
  };
