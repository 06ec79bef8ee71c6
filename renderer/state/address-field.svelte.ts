import type { Answer } from '../../main/bridge/contract.ts';
import type { Ask } from './main-process.svelte.ts';

const PAUSE_MS = 600;

type Reading = Extract<Answer<'readAddress'>, { ok: true }>['value'];

/** The server address as typed, and how Keyvigil reads it. */
export class AddressField {
  typed = $state('');
  /** Undefined until a valid address was read. Keeps its value until the next answer, so that the form does not jump. */
  reading = $state.raw<Reading>();
  problem = $state<string>();
  /** Whether a server of the chosen system answers at this address; undefined until that is known. */
  doesAnswer = $state<boolean>();
  readonly #ask: Ask;
  #lastRead: string | undefined;
  #lastAsked: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Reads the address, unless the last call read the same address for the same method. */
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

  /** Checks which system the server belongs to, as soon as the user stops typing. */
  askSoon(system: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#askServer(system), PAUSE_MS);
  }

  /** Call this when another system is chosen: the form would show an earlier answer as the answer of that system. */
  askAgain(system: string): void {
    if (this.#timer === undefined) return;
    this.#lastAsked = this.doesAnswer = undefined;
    this.askSoon(system);
  }

  /** Cancels a check that has not begun. */
  stopAsking(): void {
    clearTimeout(this.#timer);
  }

  async #askServer(system: string): Promise<void> {
    const address = this.typed.trim();
    const current = [system, address].join(' ');
    if (current === this.#lastAsked) return;
    this.#lastAsked = current;
    this.doesAnswer = undefined;
    // Wait for a dot, because a word without a dot, such as "nexus", is rarely a whole address.
    if (!address.includes('.')) return;
    const doesAnswer = await this.#ask('askServer', { system, address });
    if (current === this.#lastAsked) this.doesAnswer = doesAnswer;
  }
}
