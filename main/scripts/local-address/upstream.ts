import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Fetch } from '../../systems/system.ts';

export interface UpstreamRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable | undefined;
  /** Ends the answer's body too. */
  readonly signal: AbortSignal;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** Decompressed. */
  readonly body: Readable | undefined;
}

/**
 * Sends one request, without cookies, and streams both ways. Rejects as a fetch does, also for a redirect: following it would
 * send the key to another server. What is not GET or HEAD must not be repeated, not even on a reused connection that breaks.
 */
export type Upstream = (request: UpstreamRequest) => Promise<UpstreamAnswer>;

/** On plain Node. */
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
