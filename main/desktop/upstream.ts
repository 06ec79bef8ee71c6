import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { net, session, type IncomingMessage } from 'electron';
import { isRead } from '../scripts/local-address/gate.ts';
import type { Upstream, UpstreamAnswer } from '../scripts/local-address/upstream.ts';

/**
 * Sends programs' requests with the system's proxy and certificates. Uses `net.request`, because `net.fetch` keeps the whole
 * request body in memory.
 */
export const upstream: Upstream = ({ url, method, headers, body, signal }) => {
  const reads = isRead(method);
  return new Promise<UpstreamAnswer>((resolve, reject) => {
    signal.throwIfAborted();
    const request = net.request({
      url,
      method,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
      // Separate sessions in memory, because Chromium opens at most six connections to a server in each session, and keep-alives
      // must not wait for programs. Changes share no connection with reads: if a reused connection breaks, Chromium repeats the
      // request, but a change must never be repeated.
      session: session.fromPartition(reads ? 'local-address-reads' : 'local-address-changes'),
    });
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    if (!reads) request.setHeader('Connection', 'close');
    const abort = () => {
      request.abort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    request.on('error', reject);
    request.on('response', (incoming) => {
      const answer = toAnswer(incoming);
      // Otherwise an answer that nobody reads would keep its connection open.
      answer.body?.once('close', () => request.abort());
      resolve(answer);
    });
    if (body === undefined || Buffer.isBuffer(body)) request.end(body);
    else {
      request.chunkedEncoding = true;
      pipeline(body, request as unknown as NodeJS.WritableStream).catch(reject);
    }
  });
};

function toAnswer(answer: IncomingMessage): UpstreamAnswer {
  const { statusCode: status, rawHeaders } = answer;
  const headers = Array.from(
    { length: rawHeaders.length / 2 },
    (_, i) => [rawHeaders[2 * i]!, toBytes(rawHeaders[2 * i + 1]!)] as const,
  );
  // Electron's `IncomingMessage` is a readable stream, although its type does not say so.
  return { status, headers, body: answer as unknown as Readable };
}

/** Electron reads headers as UTF-8, and Node writes each character as a byte. */
const toBytes = (value: string) => Buffer.from(value).toString('latin1');
