import type { AccountSession } from './account-session.ts';
import type { Account, Secrets } from './account.ts';

/** Where accounts are stored, in the order in which they are shown. */
export interface AccountStore {
  load(): readonly Account[];
  save(accounts: readonly Account[]): void;
}

/** Where secrets are stored, by the account's id. Without a keyring it stores nothing. */
export interface SecretStore {
  get(id: string): Secrets | undefined;
  set(id: string, secrets: Secrets): Promise<void>;
  delete(id: string): void;
}

export interface AccountStorageDeps {
  readonly accounts: AccountStore;
  readonly vault: SecretStore;
  /** Something could not be stored, and is in memory only: a full disk, or a keyring that was locked. */
  readonly onNotStored: (error: unknown) => void;
}

/** Stores accounts and their secrets. What cannot be stored costs no session. */
export class AccountStorage {
  readonly #deps: AccountStorageDeps;

  constructor(deps: AccountStorageDeps) {
    this.#deps = deps;
  }

  load(): readonly { readonly account: Account; readonly secrets: Secrets | undefined }[] {
    const { accounts, vault } = this.#deps;
    return accounts.load().map((account) => ({ account, secrets: vault.get(account.id) }));
  }

  saveAccounts(accounts: readonly Account[]): void {
    try {
      this.#deps.accounts.save(accounts);
    } catch (error) {
      this.#deps.onNotStored(error);
    }
  }

  async saveSecrets({ account: { id, remember }, secrets }: AccountSession): Promise<void> {
    try {
      if (remember) await this.#deps.vault.set(id, secrets);
      else this.#deps.vault.delete(id);
    } catch (error) {
      this.#deps.onNotStored(error);
    }
  }

  deleteSecrets(id: string): void {
    this.#deps.vault.delete(id);
  }
}
