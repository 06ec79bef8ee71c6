import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { KeyMask } from './key-mask.ts';

/**
 * How much of an answer may wait until the client takes it. Chromium hands over up to 2 MB at once: while the client takes one
 * part, the next one comes.
 */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/**
 * Sends the body of an answer, with the key hidden, no faster than the client takes it. Resolves when the client's connection
 * has all of it, or is closed. One loop takes less time than a pipeline of streams, each with a buffer of its own.
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
    outgoing.end(mask.rest());
    await once(outgoing, 'finish', { signal });
  } catch {
    // The server or the client broke off. The client must not take a part for the whole.
    outgoing.destroy();
  }
}
