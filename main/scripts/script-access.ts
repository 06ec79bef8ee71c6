import type { AccountList } from '../sessions/account-list.ts';
import type { Account } from '../sessions/account.ts';
import type { ScriptAccess } from '../sessions/saved-account.ts';

/** What scripts may do with each account, as set by its user. */
export class ScriptAccessControl {
  readonly #accounts: AccountList;
  readonly #shown: () => readonly Account[];
  readonly #newToken: () => string;

  /**
   * @param shown returns the accounts that scripts see: not a removed one, even while its removal can be undone
   * @param newToken returns 128 random bits, as text for an address
   */
  constructor(accounts: AccountList, shown: () => readonly Account[], newToken: () => string) {
    this.#accounts = accounts;
    this.#shown = shown;
    this.#newToken = newToken;
  }

  async set(id: string, scripts: ScriptAccess): Promise<void> {
    const account = this.#accounts.get(id);
    account.update({ scripts });
    if (scripts.localAddress !== 'off') account.localToken ??= this.#newToken();
    await this.#accounts.save(account);
  }

  /** Replaces the local address. Programs with the old address can no longer use the account. */
  async renewToken(id: string): Promise<void> {
    const account = this.#accounts.get(id);
    account.localToken = this.#newToken();
    await this.#accounts.save(account);
  }

  /** Makes a new local address for each account that is not remembered. Its old address was lost when Keyvigil quit. */
  async start(): Promise<void> {
    for (const { saved, localToken } of this.withLocalAddress) {
      if (localToken === undefined) await this.renewToken(saved.id);
    }
  }

  /** The accounts that have a local address now. */
  get withLocalAddress(): readonly Account[] {
    return this.#shown().filter(({ saved }) => saved.scripts.localAddress !== 'off');
  }
}
