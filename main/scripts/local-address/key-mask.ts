import { Transform, type TransformCallback } from 'node:stream';

const NOTHING = Buffer.alloc(0);

/**
 * Puts asterisks over a session key wherever a server repeats it, as in a page about an address that was not found. The length
 * stays the same. A program that uses the local address never sees the key.
 */
export class KeyMask extends Transform {
  readonly #key: Buffer;
  readonly #mask: Buffer;
  /** The end of what came, if it is the beginning of the key. */
  #held = NOTHING;

  constructor(key: string) {
    super();
    this.#key = Buffer.from(key);
    this.#mask = Buffer.alloc(this.#key.length, '*');
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (let at = data.indexOf(this.#key); at >= 0; at = data.indexOf(this.#key, at)) {
      this.#mask.copy(data, at);
    }
    const held = this.#beginningAtEnd(data);
    const end = data.length - held;
    this.#held = held === 0 ? NOTHING : Buffer.from(data.subarray(end));
    done(null, held === 0 ? data : data.subarray(0, end));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#held);
  }

  /** How many bytes at the end of `data` may be the beginning of the key. */
  #beginningAtEnd(data: Buffer): number {
    const from = Math.max(0, data.length - this.#key.length + 1);
    for (let at = from; at < data.length; at++) {
      if (this.#key.compare(data, at, data.length, 0, data.length - at) === 0)
        return data.length - at;
    }
    return 0;
  }
}
