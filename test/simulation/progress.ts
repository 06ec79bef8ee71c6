/** Says how far it is: on a terminal in one line that changes, elsewhere in a line now and then. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #saidAt = performance.now();

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  say(text: string): void {
    const now = performance.now();
    const restMs = this.#out.isTTY ? 100 : 10_000;
    if (now - this.#saidAt < restMs) return;
    this.#saidAt = now;
    this.#out.write(this.#out.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[2K');
  }
}
