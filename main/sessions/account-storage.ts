import type { Account } from './account.ts';
import type { SavedAccount, Secrets } from './saved-account.ts';

/** Stores accounts, in the user's own order. */
export interface AccountStore {
  load(): readonly SavedAccount[];
  save(accounts: readonly SavedAccount[]): void;
}

/** Stores secrets, by the account's id. Stores nothing if there is no keyring. */
export interface SecretStore {
  get(id: string): Secrets | undefined;
  set(id: string, secrets: Secrets): Promise<void>;
  delete(id: string): void;
}

export interface AccountStorageDeps {
  readonly accounts: AccountStore;
  readonly vault: SecretStore;
  /** Called if something could not be stored, for example because the disk is full or the keyring locked. */
  readonly onNotStored: (error: unknown) => void;
}

/** Stores accounts and their secrets. If storing fails, the sessions stay alive in memory. */
export class AccountStorage {
  readonly #deps: AccountStorageDeps;

  constructor(deps: AccountStorageDeps) {
    this.#deps = deps;
  }

  load(): readonly { readonly saved: SavedAccount; readonly secrets: Secrets | undefined }[] {
    const { accounts, vault } = this.#deps;
    return accounts.load().map((saved) => ({ saved, secrets: vault.get(saved.id) }));
  }

  saveAccounts(accounts: readonly SavedAccount[]): void {
    try {
      this.#deps.accounts.save(accounts);
    } catch (error) {
      this.#deps.onNotStored(error);
    }
  }

  async saveSecrets({ saved, method, secrets }: Account): Promise<void> {
    const { id, remember, wanted } = saved;
    // Without a keyring, `set` does nothing. What a sign-out forgets must not come back with the keyring.
    const mustForget = !wanted && method.signOutForgets !== undefined;
    try {
      if (!remember || mustForget) this.#deps.vault.delete(id);
      if (remember) await this.#deps.vault.set(id, secrets);
    } catch (error) {
      this.#deps.onNotStored(error);
    }
  }

  deleteSecrets(id: string): void {
    try {
      this.#deps.vault.delete(id);
    } catch (error) {
      this.#deps.onNotStored(error);
    }
  }
}
