import { Transform, type TransformCallback } from 'node:stream';

/**
 * Puts asterisks over a session key wherever a server repeats it, as in a page about an address that was not found. The length
 * stays the same. A program that uses the local address never sees the key.
 */
export class KeyMask extends Transform {
  readonly #key: Buffer;
  readonly #mask: Buffer;
  /** The last bytes received, if they may be the beginning of the key. */
  #held = Buffer.alloc(0);

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
    const end = data.length - this.#beginningAtEnd(data);
    this.#held = Buffer.from(data.subarray(end));
    done(null, data.subarray(0, end));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#held);
  }

  /** How many bytes at the end of `data` may be the beginning of the key. */
  #beginningAtEnd(data: Buffer): number {
    for (let length = Math.min(this.#key.length - 1, data.length); length > 0; length--) {
      const end = data.subarray(data.length - length);
      if (end.equals(this.#key.subarray(0, length))) return length;
    }
    return 0;
  }
}
