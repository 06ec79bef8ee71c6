import { SECOND_MS, type Clock } from '../clock.ts';
import { UNDO_SECONDS } from '../limits.ts';
import type { AccountList } from '../sessions/account-list.ts';
import { inOrder } from '../sessions/account-order.ts';
import type { Account } from '../sessions/account.ts';
import type { SettingsStore } from '../storage/settings.ts';

export interface RemovalsDeps {
  readonly accounts: AccountList;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** Hides a removed account on every screen at once. Removes it for good when the user can no longer undo the removal. */
export class Removals {
  readonly #deps: RemovalsDeps;
  /** The function that cancels the timer of a removal, by the account's id. */
  readonly #pending = new Map<string, () => void>();

  constructor(deps: RemovalsDeps) {
    this.#deps = deps;
  }

  /** The accounts that are shown, in their order. */
  get shown(): readonly Account[] {
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

  /** Call this when Keyvigil quits. */
  finishAll(): void {
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
