import * as v from 'valibot';
import type { Interaction } from '../systems/system.ts';
import type { SavedAccount } from './saved-account.ts';

const common = {
  /** The account's id. */
  id: v.string(),
  accountName: v.string(),
  /** When the prompt expires, in the clock's milliseconds. */
  expiresAt: v.number(),
};

/** What a sign-in asks its user to do: in the browser, in a window, or with a code. */
export const Prompt = v.variant('kind', [
  v.object({ kind: v.literal('browser'), ...common }),
  v.object({ kind: v.literal('window'), ...common }),
  v.object({ kind: v.literal('device-code'), ...common, code: v.string(), address: v.string() }),
]);
export type Prompt = Readonly<v.InferOutput<typeof Prompt>>;

export interface PromptDeps {
  readonly openBrowser: (url: string) => Promise<void>;
  readonly openWindow: (
    url: string,
    returnUrl: string,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  readonly onChange: () => void;
  /** Called when a sign-in ends that sent the user to a browser or another window, unless it was cancelled. */
  readonly onReturn: () => void;
}

/** What each running sign-in asks its user to do, by the account's id. */
export class Prompts {
  readonly #deps: PromptDeps;
  readonly #prompts = new Map<string, { readonly prompt: Prompt; readonly page: string }>();

  constructor(deps: PromptDeps) {
    this.#deps = deps;
  }

  get all(): readonly Prompt[] {
    return [...this.#prompts.values()].map(({ prompt }) => prompt);
  }

  get(id: string): Prompt | undefined {
    return this.#prompts.get(id)?.prompt;
  }

  /** Opens the page of a prompt again. */
  async openPage(id: string): Promise<void> {
    const page = this.#prompts.get(id)?.page;
    if (page !== undefined) await this.#deps.openBrowser(page);
  }

  /** Asks the user during one sign-in of this account. Call `end` when the sign-in is over. */
  interactionFor({
    id,
    name: accountName,
  }: Pick<SavedAccount, 'id' | 'name'>): Interaction & { end(): void } {
    let mine: Prompt | undefined;
    let wasCancelled = () => false;
    const show = (prompt: Prompt, page: string, signal: AbortSignal) => {
      mine = prompt;
      wasCancelled = () => signal.aborted && (signal.reason as Error).name !== 'TimeoutError';
      this.#prompts.set(id, { prompt, page });
      this.#deps.onChange();
    };
    return {
      openBrowser: (url, expiresAt, signal) => {
        show({ kind: 'browser', id, accountName, expiresAt }, url, signal);
        return this.#deps.openBrowser(url);
      },
      openWindow: (url, returnUrl, expiresAt, signal) => {
        show({ kind: 'window', id, accountName, expiresAt }, url, signal);
        return this.#deps.openWindow(url, returnUrl, signal);
      },
      showCode: (code, address, expiresAt, signal) =>
        show({ kind: 'device-code', id, accountName, code, address, expiresAt }, address, signal),
      end: () => {
        if (!mine) return;
        if (this.get(id) === mine) this.#prompts.delete(id);
        this.#deps.onChange();
        if (!wasCancelled()) this.#deps.onReturn();
      },
    };
  }
}
