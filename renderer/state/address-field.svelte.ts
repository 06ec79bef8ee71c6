import type { Ask } from './main-process.svelte.ts';

/** The server address as typed, and how Keyvigil reads it. */
export class AddressField {
  typed = $state('');
  /** Undefined until the address was read and is valid. */
  reading = $state.raw<{ address: string; insecure: boolean }>();
  problem = $state<string>();
  readonly #ask: Ask;
  #lastRead: string | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Reads what was typed, once for each system. */
  async read(system: string): Promise<void> {
    const address = this.typed.trim();
    const current = `${system} ${address}`;
    if (current === this.#lastRead) return;
    this.#lastRead = current;
    this.reading = undefined;
    this.problem = undefined;
    if (address === '') return;
    const result = await this.#ask('readAddress', { system, address });
    if (current !== this.#lastRead) return;
    if (result?.ok) this.reading = result.value;
    else this.problem = result?.error.message;
  }
}
