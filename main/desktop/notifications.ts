import { Notification } from 'electron';
import type { AccountBrief } from '../bridge/contract.ts';
import { SECOND_MS, type Clock } from '../clock.ts';

/** What falls within this time is told together: after a night's sleep, ten accounts are one notice. */
const TOGETHER_MS = 5 * SECOND_MS;

/** Tells once, outside the popup, that accounts which were kept alive now need their user. */
export class SignInNotifier {
  readonly #clock: Clock;
  readonly #open: () => void;
  readonly #isPopupOpen: () => boolean;
  #accounts: readonly AccountBrief[] = [];
  readonly #fallen = new Set<string>();

  constructor(clock: Clock, open: () => void, isPopupOpen: () => boolean) {
    this.#clock = clock;
    this.#open = open;
    this.#isPopupOpen = isPopupOpen;
  }

  update(accounts: readonly AccountBrief[]): void {
    const before = new Map(this.#accounts.map(({ id, state }) => [id, state]));
    this.#accounts = accounts;
    const fallen = accounts.filter(({ id, state }) => {
      const was = before.get(id);
      const wasKept = was === 'live' || was === 'renewing' || was === 'offline';
      return state === 'sign-in-needed' && wasKept;
    });
    if (fallen.length === 0) return;
    if (this.#fallen.size === 0) this.#clock.setTimer(TOGETHER_MS, () => this.#tell());
    for (const { id } of fallen) this.#fallen.add(id);
  }

  #tell(): void {
    const names = this.#accounts
      .filter(({ id, state }) => this.#fallen.has(id) && state === 'sign-in-needed')
      .map(({ name }) => name);
    this.#fallen.clear();
    if (names.length === 0 || this.#isPopupOpen() || !Notification.isSupported()) return;
    const notification = new Notification({ title: 'Sign-in needed', body: names.join(', ') });
    notification.on('click', this.#open);
    notification.show();
  }
}
