import { SvelteMap } from 'svelte/reactivity';
import type { AccountView, SignInPrompt } from '../../main/bridge/contract.ts';
import { m } from '../../main/messages/index.ts';
import type { MainProcess } from './main-process.svelte.ts';
import type { Messages } from './messages.svelte.ts';
import type { Navigation } from './navigation.svelte.ts';

/** The sign-ins in progress. */
export class SignIns {
  readonly #main: MainProcess;
  readonly #messages: Messages;
  readonly #navigation: Navigation;
  /** The sign-ins that were started from the list, by the account's id. */
  readonly #attempts = new SvelteMap<string, symbol>();

  /** The prompts on screen. A form shows only the prompt of its own sign-in. */
  readonly prompts = $derived.by((): readonly SignInPrompt[] => {
    const prompts = this.#main.snapshot?.prompts ?? [];
    const { form } = this.#navigation;
    return form ? prompts.filter(({ id }) => id === form.attempt.accountId) : prompts;
  });

  constructor(main: MainProcess, messages: Messages, navigation: Navigation) {
    this.#main = main;
    this.#messages = messages;
    this.#navigation = navigation;
  }

  /** Signs in with the stored credentials. If they are missing or refused, a form asks for them. */
  async start(account: AccountView): Promise<void> {
    const { id } = account;
    this.#messages.clearAlert();
    if (!account.canSignInAlone) return this.#navigation.showSignIn(account);
    if (this.#attempts.has(id)) return;
    const attempt = Symbol(id);
    const { screen } = this.#navigation;
    this.#attempts.set(id, attempt);
    const result = await this.#main.ask('signIn', { id });
    const wasCancelled = this.#attempts.get(id) !== attempt;
    if (wasCancelled) return;
    this.#attempts.delete(id);
    if (!result || result.ok) return;
    const hasStayed = this.#navigation.screen === screen;
    if (hasStayed) await this.#navigation.showSignIn(account, result.error);
    else this.#messages.showProblem(account, result.error);
  }

  /** Whether the account's row has a Cancel button. A prompt has its own Cancel button. */
  canCancel(id: string): boolean {
    return this.#attempts.has(id) && !this.prompts.some((prompt) => prompt.id === id);
  }

  /** The end of this account's sign-in shows nothing any more. */
  forget(id: string): void {
    this.#attempts.delete(id);
  }

  cancel(id: string): void {
    this.forget(id);
    void this.#main.ask('cancelSignIn', { id });
  }

  openPage(id: string): void {
    void this.#main.ask('openPromptPage', { id });
  }

  async copyCode(id: string): Promise<void> {
    if (await this.#main.ask('copyPromptCode', { id })) this.#messages.showStatus(m.code_copied());
  }
}
