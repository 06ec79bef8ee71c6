import { SECOND_MS, type Clock } from '../clock.ts';
import { UNDO_SECONDS } from '../limits.ts';
import type { AccountList } from '../sessions/account-list.ts';
import { inOrder } from '../sessions/account-order.ts';
import type { Account } from '../sessions/account.ts';
import type { SettingsStore } from '../storage/settings.ts';

export interface ShownAccountsDeps {
  readonly accounts: AccountList;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** The accounts that are shown. A removed account is hidden at once, and removed for good when the user can no longer undo that. */
export class ShownAccounts {
  readonly #deps: ShownAccountsDeps;
  /** The function that cancels the timer of a removal, by the account's id. */
  readonly #pending = new Map<string, () => void>();

  constructor(deps: ShownAccountsDeps) {
    this.#deps = deps;
  }

  /** In the order that the user has chosen. */
  get all(): readonly Account[] {
    const { accounts, settings } = this.#deps;
    const shown = accounts.all.filter(({ saved: { id } }) => !this.#pending.has(id));
    return inOrder(shown, settings.get().accountOrder);
  }

  remove(id: string): void {
    const { accounts, clock, onChange } = this.#deps;
    if (accounts.get(id).saved.managed)
      throw new Error('Only the administrator removes this account.');
    this.undo(id);
    accounts.cancelSignIn(id);
    this.#pending.set(
      id,
      clock.setTimer(UNDO_SECONDS * SECOND_MS, () => this.#finish(id)),
    );
    onChange();
  }

  /** @returns false if it is too late: the account is gone */
  undo(id: string): boolean {
    const { accounts, onChange } = this.#deps;
    this.#pending.get(id)?.();
    if (this.#pending.delete(id)) onChange();
    return accounts.all.some(({ saved }) => saved.id === id);
  }

  /** Call this when no removal can be undone any more. */
  finishRemovals(): void {
    for (const [id, cancelTimer] of this.#pending) {
      cancelTimer();
      this.#finish(id);
    }
  }

  #finish(id: string): void {
    this.#pending.delete(id);
    this.#deps.accounts.remove(id);
  }
}
