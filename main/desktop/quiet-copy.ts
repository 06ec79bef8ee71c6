import { copyCheckWords } from '../bridge/copy-check-words.ts';
import { copyKey, type CopyDeps } from '../bridge/copy-key.ts';
import type { CopyCheck } from '../bridge/contract.ts';
import type { ShownAccounts } from '../bridge/shown-accounts.ts';
import { m } from '../messages/index.ts';
import type { Account } from '../sessions/account.ts';
import { notify } from './notifications.ts';

/** Copies keys without a window. Notifications tell the user the result. */
export class QuietCopy {
  readonly #deps: CopyDeps;
  readonly #shownAccounts: ShownAccounts;
  readonly #openPopup: () => void;

  constructor(deps: CopyDeps, shownAccounts: ShownAccounts, openPopup: () => void) {
    this.#deps = deps;
    this.#shownAccounts = shownAccounts;
    this.#openPopup = openPopup;
  }

  /** For the tray menu. Notifies only of a failure, because the closing menu already shows that the click worked. */
  async copy(id: string): Promise<void> {
    const copied = await copyKey(this.#deps, id);
    if (!copied.ok) this.#notify(this.#deps.accounts.get(id), copied.error.message);
  }

  /** For the global shortcut. */
  async copyFirst(): Promise<void> {
    const [first] = this.#shownAccounts.all;
    if (!first) return this.#openPopup();
    const copied = await copyKey(this.#deps, first.saved.id);
    const words = copied.ok
      ? m.key_is_on_clipboard({ seconds: copied.value.clearsInSeconds })
      : copied.error.message;
    this.#notify(first, words);
  }

  /** Notifies of what the check of a copied key found. */
  tell(account: Account, check: CopyCheck): void {
    const words = copyCheckWords(check, account.saved.name);
    if (words !== undefined) this.#notify(account, words);
  }

  #notify({ saved: { name } }: Account, words: string): void {
    notify(name, words, this.#openPopup);
  }
}
