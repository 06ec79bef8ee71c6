import { Readable } from 'node:stream';

/** A longer body is passed on while it arrives, so it cannot be sent again. */
const MAX_REPEATABLE_BYTES = 1024 * 1024;

export interface RequestBody {
  /** Whether `content` may be called more than once. */
  readonly isRepeatable: boolean;
  content(): Buffer | Readable;
}

/** Keeps a short body in memory, so that it can be sent again. */
export async function readBody(incoming: Readable): Promise<RequestBody> {
  // Keep the connection open, because the answer is sent on it.
  const rest = incoming.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    chunks.push(next.value);
    bytes += next.value.length;
    if (bytes > MAX_REPEATABLE_BYTES) {
      return {
        isRepeatable: false,
        content: () => Readable.from(concat(chunks.splice(0), rest), { objectMode: false }),
      };
    }
  }
  const content = Buffer.concat(chunks);
  return { isRepeatable: true, content: () => content };
}

async function* concat(
  first: readonly Buffer[],
  rest: AsyncIterableIterator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}
