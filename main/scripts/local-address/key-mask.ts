const NOTHING = Buffer.alloc(0);

/**
 * Puts asterisks over a session key wherever a server repeats it, as in a page about an address that was not found. The length
 * stays the same. A program that uses the local address never sees the key.
 */
export class KeyMask {
  readonly #key: Buffer;
  readonly #mask: Buffer;
  /** The last bytes received, if they may be the beginning of the key. */
  #held = NOTHING;

  constructor(key: string) {
    this.#key = Buffer.from(key);
    this.#mask = Buffer.alloc(this.#key.length, '*');
  }

  /** Changes the chunk. @returns what may be sent now */
  next(chunk: Buffer): Buffer {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    for (let at = data.indexOf(this.#key); at >= 0; at = data.indexOf(this.#key, at)) {
      this.#mask.copy(data, at);
    }
    const end = this.#beginningAtEnd(data);
    this.#held = end === data.length ? NOTHING : Buffer.from(data.subarray(end));
    return data.subarray(0, end);
  }

  /** What may be sent when nothing more comes. */
  rest(): Buffer {
    return this.#held;
  }

  /** Where the end of `data` begins that may be the beginning of the key. */
  #beginningAtEnd(data: Buffer): number {
    const end = data.length;
    for (let at = Math.max(0, end - this.#key.length + 1); at < end; at++) {
      if (this.#key.compare(data, at, end, 0, end - at) === 0) return at;
    }
    return end;
  }
}
