const NOTHING = Buffer.alloc(0);

/**
 * Replaces the session key with asterisks where a server repeats it, for example in a page about an unknown address. So no
 * program that uses the local address sees the key. The length stays the same.
 */
export class KeyMask {
  readonly #masks: readonly TextMask[];

  constructor(key: string) {
    this.#masks = writtenForms(key).map((form) => new TextMask(form));
  }

  /**
   * Changes the chunk.
   * @returns what may be sent now
   */
  next(chunk: Buffer): Buffer {
    return this.#masks.reduce((data, mask) => mask.next(data), chunk);
  }

  /** What is left to send after the last chunk. */
  end(): Buffer {
    return this.#masks.reduce(
      (data, mask) => Buffer.concat([mask.next(data), mask.end()]),
      NOTHING,
    );
  }
}

/** The key as it is, as in an address, and as JSON may escape it. The keys of NEXUS IC have only one form, so masking them stays fast. */
export function writtenForms(key: string): readonly string[] {
  const forms = [
    key,
    encodeURIComponent(key),
    key.replaceAll('/', '\\/'),
    key.replaceAll('+', '\\u002B'),
    key.replaceAll('+', '\\u002B').replaceAll('/', '\\u002F').replaceAll('=', '\\u003D'),
  ];
  const inLowerCase = forms.map((form) =>
    form.replace(/%..|\\u..../g, (escape) => escape.toLowerCase()),
  );
  return [...new Set([...forms, ...inLowerCase])];
}

/** Replaces one text with asterisks. */
class TextMask {
  readonly #text: Buffer;
  readonly #mask: Buffer;
  /** The last bytes received, if they may be the beginning of the text. */
  #pending = NOTHING;

  constructor(text: string) {
    this.#text = Buffer.from(text);
    this.#mask = Buffer.alloc(this.#text.length, '*');
  }

  next(chunk: Buffer): Buffer {
    const data = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (let at = data.indexOf(this.#text); at >= 0; at = data.indexOf(this.#text, at)) {
      this.#mask.copy(data, at);
    }
    const end = this.#beginningAtEnd(data);
    this.#pending = end === data.length ? NOTHING : Buffer.from(data.subarray(end));
    return data.subarray(0, end);
  }

  end(): Buffer {
    return this.#pending;
  }

  /** The index from which the end of `data` may be the beginning of the text; `data.length` if there is none. */
  #beginningAtEnd(data: Buffer): number {
    const end = data.length;
    for (let at = Math.max(0, end - this.#text.length + 1); at < end; at++) {
      if (this.#text.compare(data, at, end, 0, end - at) === 0) return at;
    }
    return end;
  }
}
