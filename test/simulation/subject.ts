import type { Random } from '../../main/clock.ts';
import type { FieldValues, Fetch } from '../../main/systems/system.ts';
import { startAccounts, type Accounts } from '../support/account-world.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Account } from './servers.ts';

/** Whoever keeps the sessions: Keyvigil, or what it is compared with. */
export interface Subject {
  /** A person adds an account, and signs in with it. */
  add(account: Account): Promise<void>;
  /** The program ends, and with it all that it had in memory only. */
  end(): void;
  start(): void;
  /** The operating system says that the machine is about to sleep. */
  suspend(): void;
  /** The operating system says that the machine woke up. */
  wake(): void;
  /** The operating system says that there is a network again. */
  networkReturned(): void;
  /** The key that a user would copy now. */
  keyOf(account: Account): string | undefined;
  /** What a person sees who looks: this account waits for them. */
  asksForPerson(account: Account): boolean;
  /** A person signs in, having typed what is given; resolves with whether that worked. */
  signIn(account: Account, typed: FieldValues | undefined): Promise<boolean>;
  /** Faults of its own. */
  readonly faults: readonly unknown[];
}

export interface SubjectParts {
  readonly clock: VirtualClock;
  readonly fetch: Fetch;
  readonly random: Random;
}

/** Keyvigil's own list of accounts, with the real clients. */
export class KeyvigilSubject implements Subject {
  readonly #accounts: Accounts;
  readonly #ids = new Map<Account, string>();

  constructor(parts: SubjectParts) {
    this.#accounts = startAccounts(parts);
  }

  get faults(): readonly unknown[] {
    return this.#accounts.reported;
  }

  async add(account: Account): Promise<void> {
    const session = await this.#accounts.add(account.form);
    this.#ids.set(account, session.account.id);
  }

  end(): void {
    this.#accounts.list.stop();
  }

  start(): void {
    this.#accounts.restart();
  }

  suspend(): void {
    this.#accounts.keepAlive.suspend();
  }

  wake(): void {
    this.#accounts.keepAlive.resume();
  }

  networkReturned(): void {
    this.#accounts.keepAlive.networkReturned();
  }

  keyOf(account: Account): string | undefined {
    return this.#session(account).sessionKey?.key;
  }

  asksForPerson(account: Account): boolean {
    return this.#session(account).session.state === 'sign-in-needed';
  }

  async signIn(account: Account, typed: FieldValues | undefined): Promise<boolean> {
    return (await this.#accounts.list.signIn(this.#ids.get(account)!, typed)).ok;
  }

  #session(account: Account) {
    return this.#accounts.list.get(this.#ids.get(account)!);
  }
}
