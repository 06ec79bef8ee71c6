import type { Interaction } from '../systems/system.ts';

/** What a sign-in waits for that its user does elsewhere. */
export type Prompt = { readonly accountName: string; readonly expiresAt: number } & (
  | { readonly kind: 'browser' }
  | { readonly kind: 'window' }
  | { readonly kind: 'device-code'; readonly code: string; readonly address: string }
);

export interface PromptParts {
  readonly openBrowser: (url: string) => Promise<void>;
  readonly openWindow: (
    url: string,
    returnUrl: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** The prompt, or that there is none, has changed. */
  readonly changed: () => void;
  /** A sign-in for which the user went elsewhere is over. */
  readonly returned: () => void;
}

/** Shows the user what a sign-in waits for: the latest, where there are several. */
export class Prompts {
  readonly #parts: PromptParts;
  #current: { readonly prompt: Prompt; readonly page: string } | undefined;

  constructor(parts: PromptParts) {
    this.#parts = parts;
  }

  get current(): Prompt | undefined {
    return this.#current?.prompt;
  }

  /** Opens the page of the prompt, once more if need be. */
  async openPage(): Promise<void> {
    if (this.#current) await this.#parts.openBrowser(this.#current.page);
  }

  /** A user for one sign-in of the account of this name; to be ended with it. */
  for(accountName: string): Interaction & { end(): void } {
    let mine: Prompt | undefined;
    const show = (prompt: Prompt, page: string) => {
      mine = prompt;
      this.#current = { prompt, page };
      this.#parts.changed();
    };
    return {
      browser: (url, expiresAt) => {
        show({ kind: 'browser', accountName, expiresAt }, url);
        return this.#parts.openBrowser(url);
      },
      window: (url, returnUrl, expiresAt, signal) => {
        show({ kind: 'window', accountName, expiresAt }, url);
        return this.#parts.openWindow(url, returnUrl, signal);
      },
      code: (code, address, expiresAt) =>
        show({ kind: 'device-code', accountName, code, address, expiresAt }, address),
      end: () => {
        if (!mine) return;
        if (this.#current?.prompt === mine) this.#current = undefined;
        this.#parts.changed();
        this.#parts.returned();
      },
    };
  }
}
