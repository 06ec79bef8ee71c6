import { SECOND_MS, type Clock } from '../clock.ts';

export interface Clipboard {
  read(): Promise<string>;
  write(text: string): Promise<void>;
  clear(): Promise<void>;
}

/** Copies keys to the clipboard, and clears each again unless something else was copied since. */
export class KeyCopier {
  readonly #clipboard: Clipboard;
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  #copied: string | undefined;
  #cancelTimer: () => void = () => {};

  constructor(clipboard: Clipboard, clock: Clock, report: (error: unknown) => void) {
    this.#clipboard = clipboard;
    this.#clock = clock;
    this.#report = report;
  }

  async copy(text: string, clearAfterSeconds: number): Promise<void> {
    await this.#clipboard.write(text);
    this.#copied = text;
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.setTimer(clearAfterSeconds * SECOND_MS, () => {
      this.clear().catch(this.#report);
    });
  }

  /** Clears a copied key now, if it is still on the clipboard. */
  async clear(): Promise<void> {
    this.#cancelTimer();
    const copied = this.#copied;
    this.#copied = undefined;
    if (copied !== undefined && (await this.#clipboard.read()) === copied) {
      await this.#clipboard.clear();
    }
  }
}
