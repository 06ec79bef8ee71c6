import { Notification } from 'electron';
import type { AccountView } from '../bridge/contract.ts';

/** Tells once, outside the popup, that an account which was kept alive now needs its user. */
export class SignInNotifier {
  readonly #open: () => void;
  readonly #isPopupOpen: () => boolean;
  #before = new Map<string, AccountView['state']>();

  constructor(open: () => void, isPopupOpen: () => boolean) {
    this.#open = open;
    this.#isPopupOpen = isPopupOpen;
  }

  update(accounts: readonly AccountView[]): void {
    const fallen = accounts.filter(({ id, state }) => {
      const before = this.#before.get(id);
      const wasKept = before === 'live' || before === 'renewing' || before === 'offline';
      return state === 'sign-in-needed' && wasKept;
    });
    this.#before = new Map(accounts.map(({ id, state }) => [id, state]));
    if (fallen.length === 0 || this.#isPopupOpen() || !Notification.isSupported()) return;
    const notification = new Notification({
      title: 'Sign-in needed',
      body: fallen.map(({ name }) => name).join(', '),
    });
    notification.on('click', this.#open);
    notification.show();
  }
}
