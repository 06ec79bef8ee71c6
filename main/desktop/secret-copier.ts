import { SECOND_MS, setAlarm, type Clock } from '../clock.ts';

/** A copied text whose time ended during sleep is cleared this soon after it. */
const MAX_LATE_MS = 2 * SECOND_MS;

export interface Clipboard {
  read(): Promise<string>;
  /** @param options `isSecret`: keep the text out of clipboard histories, where the system can */
  write(text: string, options?: { isSecret?: boolean }): Promise<void>;
  clear(): Promise<void>;
}

/** Copies session keys and other secrets to the clipboard. Clears each after a time, unless something else was copied since. */
export class SecretCopier {
  readonly #clipboard: Clipboard;
  readonly #clock: Clock;
  readonly #logError: (error: unknown) => void;
  #copied: string | undefined;
  #earlyClears = 0;
  #cancelTimer: () => void = () => {};

  constructor(clipboard: Clipboard, clock: Clock, logError: (error: unknown) => void) {
    this.#clipboard = clipboard;
    this.#clock = clock;
    this.#logError = logError;
  }

  get earlyClears(): number {
    return this.#earlyClears;
  }

  async copy(text: string, clearAfterSeconds: number): Promise<void> {
    await this.#clipboard.write(text, { isSecret: true });
    this.#copied = text;
    this.#cancelTimer();
    const clear = () => void this.clear(text).catch(this.#logError);
    this.#cancelTimer = setAlarm(this.#clock, clearAfterSeconds * SECOND_MS, clear, MAX_LATE_MS);
  }

  /** Clears a key that a crashed Keyvigil left behind. */
  async clearLeftover(keys: readonly string[]): Promise<void> {
    const text = await this.#clipboard.read();
    const isOurs = (key: string) => text.includes(key) || text.includes(encodeURIComponent(key));
    if (keys.some(isOurs)) await this.#clipboard.clear();
  }

  /**
   * Copies `text` if `copied` is still on the clipboard.
   * @returns whether `text` is now on the clipboard
   */
  async replace(copied: string, text: string, clearAfterSeconds: number): Promise<boolean> {
    const current = await this.#clipboard.read();
    if (current !== this.#copied) return false;
    // After two clicks, the check of the other copy may have replaced it already.
    if (current === text) return true;
    if (current !== copied) return false;
    await this.copy(text, clearAfterSeconds);
    return true;
  }

  /** Clears what was copied last before its time, if it is still on the clipboard. */
  async clearNow(): Promise<void> {
    this.#earlyClears += 1;
    if (this.#copied !== undefined) await this.clear(this.#copied);
  }

  /** Clears `copied`, if it is still on the clipboard. */
  async clear(copied: string): Promise<void> {
    if (copied !== this.#copied) return;
    this.#cancelTimer();
    this.#copied = undefined;
    if ((await this.#clipboard.read()) === copied) await this.#clipboard.clear();
  }
}
