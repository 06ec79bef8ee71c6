import type { Answer } from '../../main/bridge/contract.ts';
import type { Ask } from './main-process.svelte.ts';

type Reading = Extract<Answer<'readAddress'>, { ok: true }>['value'];

/** The server address as typed, and how Keyvigil reads it. */
export class AddressField {
  typed = $state('');
  /** Undefined until the address was read and is valid. Stays until the next answer, so that the form does not jump. */
  reading = $state.raw<Reading>();
  problem = $state<string>();
  readonly #ask: Ask;
  #lastRead: string | undefined;

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
}
