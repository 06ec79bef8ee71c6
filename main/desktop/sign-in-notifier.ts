import type { AccountBrief } from '../bridge/contract.ts';
import { DAY_MS, SECOND_MS, setAlarm, type Clock } from '../clock.ts';
import { m } from '../messages/index.ts';

/** Accounts that need their user within this time share a notification, because ten may need it after a night's sleep. */
const COLLECT_MS = 5 * SECOND_MS;
/** If the user did nothing for a day, notify again, because the first notification may have been missed. */
const REPEAT_MS = DAY_MS;

export interface SignInNotifierDeps {
  readonly clock: Clock;
  readonly notify: (title: string, body: string, onClick: () => void) => void;
  /** Whether notifications are on, and the popup is closed. */
  readonly mayNotify: () => boolean;
  /** Opens the popup, at this account if there is only one. */
  readonly open: (id?: string) => void;
}

/** Notifies when accounts that were kept alive need their user, and then once a day until they are signed in. */
export class SignInNotifier {
  readonly #deps: SignInNotifierDeps;
  #accounts: readonly AccountBrief[] = [];
  /** The accounts for the next notification. */
  readonly #collected = new Set<string>();
  /** When each account was in a notification last. */
  readonly #notifiedAt = new Map<string, number>();

  constructor(deps: SignInNotifierDeps) {
    this.#deps = deps;
  }

  /** Call this after every change. */
  update(accounts: readonly AccountBrief[]): void {
    const before = new Map(this.#accounts.map(({ id, state }) => [id, state]));
    this.#accounts = accounts;
    for (const { id, state } of accounts) {
      const stateBefore = before.get(id);
      const wasKept =
        stateBefore === 'live' || stateBefore === 'renewing' || stateBefore === 'offline';
      if (state === 'sign-in-needed' && wasKept) this.#collect(id);
    }
  }

  #collect(id: string): void {
    if (this.#collected.size === 0) this.#deps.clock.setTimer(COLLECT_MS, () => this.#notify());
    this.#collected.add(id);
  }

  #notify(): void {
    const { clock, notify, mayNotify, open } = this.#deps;
    const needed = this.#accounts.filter(
      ({ id, state }) => this.#collected.has(id) && state === 'sign-in-needed',
    );
    this.#collected.clear();
    if (needed.length === 0) return;
    if (mayNotify()) {
      const only = needed.length === 1 ? needed[0]!.id : undefined;
      notify(m.sign_in_needed(), needed.map(({ name }) => name).join(', '), () => open(only));
    }
    const now = clock.now();
    for (const { id } of needed) this.#notifiedAt.set(id, now);
    setAlarm(clock, REPEAT_MS, () => {
      // A later notification about an account repeats itself.
      const unrepeated = needed.filter(({ id }) => this.#notifiedAt.get(id) === now);
      for (const { id } of unrepeated) this.#collect(id);
    });
  }
}
