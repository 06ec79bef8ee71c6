const NOTHING = Buffer.alloc(0);

/**
 * Replaces the session key with asterisks where a server repeats it, for example in a page about an unknown address. So no
 * program that uses the local address sees the key. The length stays the same.
 */
export class KeyMask {
  readonly #key: Buffer;
  readonly #mask: Buffer;
  /** The last bytes received, if they may be the beginning of the key. */
  #pending = NOTHING;

  constructor(key: string) {
    this.#key = Buffer.from(key);
    this.#mask = Buffer.alloc(this.#key.length, '*');
  }

  /**
   * Changes the chunk.
   * @returns what may be sent now
   */
  next(chunk: Buffer): Buffer {
    const data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (let at = data.indexOf(this.#key); at >= 0; at = data.indexOf(this.#key, at)) {
      this.#mask.copy(data, at);
    }
    const end = this.#beginningAtEnd(data);
    this.#pending = end === data.length ? NOTHING : Buffer.from(data.subarray(end));
    return data.subarray(0, end);
  }

  /** What is left to send after the last chunk. */
  end(): Buffer {
    return this.#pending;
  }

  /** The index from which the end of `data` may be the beginning of the key; `data.length` if there is none. */
  #beginningAtEnd(data: Buffer): number {
    const end = data.length;
    for (let at = Math.max(0, end - this.#key.length + 1); at < end; at++) {
      if (this.#key.compare(data, at, end, 0, end - at) === 0) return at;
    }
    return end;
  }
}
