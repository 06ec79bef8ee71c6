/** Shows how far a run is: on a terminal as one line that changes, elsewhere as a new line every ten seconds. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #writtenAt = performance.now();

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  show(text: string): void {
    const now = performance.now();
    const intervalMs = this.#out.isTTY ? 100 : 10_000;
    if (now - this.#writtenAt < intervalMs) return;
    this.#writtenAt = now;
    this.#out.write(this.#out.isTTY ? `\r\x1b[2K${text}` : `${text}\n`);
  }

  clear(): void {
    if (this.#out.isTTY) this.#out.write('\r\x1b[2K');
  }
}
