import type { Answer } from '../../main/bridge/contract.ts';
import type { Ask } from './main-process.svelte.ts';

const PAUSE_MS = 600;

type Reading = Extract<Answer<'readAddress'>, { ok: true }>['value'];

/** The server address as typed, and how Keyvigil reads it. */
export class AddressField {
  typed = $state('');
  /** Undefined until the address was read and is valid. Stays until the next answer, so that the form does not jump. */
  reading = $state.raw<Reading>();
  problem = $state<string>();
  /** Whether the chosen system answers there; undefined until that is known. */
  doesAnswer = $state<boolean>();
  readonly #ask: Ask;
  #lastRead: string | undefined;
  #lastAsked: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Reads what was typed, once for each method. */
  async read(system: string, method: string): Promise<void> {
    const address = this.typed.trim();
    const current = [system, method, address].join(' ');
    if (current === this.#lastRead) return;
    this.#lastRead = current;
    const result =
      address === '' ? undefined : await this.#ask('readAddress', { system, method, address });
    if (current !== this.#lastRead) return;
    this.reading = result?.ok ? result.value : undefined;
    this.problem = result?.ok === false ? result.error.message : undefined;
  }

  /** Asks the server who it is, once the user pauses. */
  askSoon(system: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#askServer(system), PAUSE_MS);
  }

  /** Stops the question. A sign-in will answer it. */
  stopAsking(): void {
    clearTimeout(this.#timer);
  }

  async #askServer(system: string): Promise<void> {
    const address = this.typed.trim();
    const current = [system, address].join(' ');
    if (current === this.#lastAsked) return;
    this.#lastAsked = current;
    this.doesAnswer = undefined;
    // Wait for a dot: "nexus" is rarely a whole address.
    if (!address.includes('.')) return;
    const doesAnswer = await this.#ask('askServer', { system, address });
    if (current === this.#lastAsked) this.doesAnswer = doesAnswer;
  }
}
