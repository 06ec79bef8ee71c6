import { SECOND_MS, type Clock } from '../clock.ts';

export interface Clipboard {
  read(): Promise<string>;
  write(text: string): Promise<void>;
  clear(): Promise<void>;
}

/** Puts keys on the clipboard, and takes them off again unless something else was copied meanwhile. */
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

  /** Takes a key that is still on the clipboard off it, now. */
  async clear(): Promise<void> {
    this.#cancelTimer();
    const copied = this.#copied;
    this.#copied = undefined;
    if (copied !== undefined && (await this.#clipboard.read()) === copied) {
      await this.#clipboard.clear();
    }
  }
}
