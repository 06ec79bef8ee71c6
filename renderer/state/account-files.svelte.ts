import { m } from '../../main/messages/index.ts';
import type { MainProcess } from './main-process.svelte.ts';
import type { Messages } from './messages.svelte.ts';
import type { Navigation } from './navigation.svelte.ts';

/** Exports and imports accounts, without their secrets. */
export class AccountFiles {
  /** The system's file dialog is open. */
  isChoosing = $state(false);
  readonly #main: MainProcess;
  readonly #messages: Messages;
  readonly #navigation: Navigation;

  constructor(main: MainProcess, messages: Messages, navigation: Navigation) {
    this.#main = main;
    this.#messages = messages;
    this.#navigation = navigation;
  }

  async export(): Promise<void> {
    this.#messages.clearAlert();
    if (await this.#main.ask('exportAccounts', undefined)) {
      this.#messages.showStatus(m.exported());
    }
  }

  async choose(): Promise<void> {
    if (this.isChoosing) return;
    this.#messages.clearAlert();
    this.isChoosing = true;
    const result = await this.#main.ask('chooseImport', undefined);
    this.isChoosing = false;
    if (result?.ok === false) this.#messages.showAlert(result.error.message);
    else if (result && result.value.length > 0) this.#navigation.showImport(result.value);
  }

  async import(): Promise<void> {
    const count = await this.#main.ask('importAccounts', undefined);
    if (count === undefined) return;
    this.#navigation.showAccounts();
    this.#messages.showStatus(m.accounts_added({ count }));
  }
}
