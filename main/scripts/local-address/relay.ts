import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { KeyMask } from './key-mask.ts';

/**
 * How many bytes of an answer may wait for the client. Chromium delivers up to 2 MB at once, so while the client reads one
 * part, the next part can arrive.
 */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Sends the body of an answer with the key masked, no faster than the client reads. Resolves when everything is sent, or when
 * the connection is closed. One loop is faster than a pipeline of streams, which each have a buffer.
 */
export async function relay(
  body: Readable,
  outgoing: Writable,
  { key, signal }: { readonly key: string; readonly signal: AbortSignal },
): Promise<void> {
  const mask = new KeyMask(key);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      outgoing.write(mask.next(chunk));
      if (outgoing.writableLength > MAX_WAITING_BYTES) await once(outgoing, 'drain', { signal });
    }
    outgoing.end(mask.end());
    await once(outgoing, 'finish', { signal });
  } catch {
    // The server or the client disconnected. Close the connection, so that the client does not take a part for the whole.
    outgoing.destroy();
  }
}
