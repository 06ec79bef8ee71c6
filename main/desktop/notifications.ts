import { Notification } from 'electron';
import type { AccountBrief } from '../bridge/contract.ts';
import { SECOND_MS, type Clock } from '../clock.ts';

/** Accounts that need their user within this time share a notification: after a night's sleep there may be ten. */
const COLLECT_MS = 5 * SECOND_MS;

export function notify(title: string, body: string, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  notification.on('click', onClick);
  notification.show();
}

/** Notifies once when accounts that were kept alive need their user. */
export class SignInNotifier {
  readonly #clock: Clock;
  readonly #openPopup: () => void;
  readonly #mayNotify: () => boolean;
  #accounts: readonly AccountBrief[] = [];
  readonly #collected = new Set<string>();

  constructor(clock: Clock, openPopup: () => void, mayNotify: () => boolean) {
    this.#clock = clock;
    this.#openPopup = openPopup;
    this.#mayNotify = mayNotify;
  }

  update(accounts: readonly AccountBrief[]): void {
    const before = new Map(this.#accounts.map(({ id, state }) => [id, state]));
    this.#accounts = accounts;
    for (const { id, state } of accounts) {
      const stateBefore = before.get(id);
      const wasKept =
        stateBefore === 'live' || stateBefore === 'renewing' || stateBefore === 'offline';
      if (state !== 'sign-in-needed' || !wasKept) continue;
      if (this.#collected.size === 0) this.#clock.setTimer(COLLECT_MS, () => this.#notify());
      this.#collected.add(id);
    }
  }

  #notify(): void {
    const names = this.#accounts
      .filter(({ id, state }) => this.#collected.has(id) && state === 'sign-in-needed')
      .map(({ name }) => name);
    this.#collected.clear();
    if (names.length === 0 || !this.#mayNotify()) return;
    notify('Sign-in needed', names.join(', '), this.#openPopup);
  }
}
