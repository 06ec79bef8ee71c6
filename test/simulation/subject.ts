import type { Random } from '../../main/clock.ts';
import type { FieldValues, Fetch } from '../../main/systems/system.ts';
import { keepIn, type KeptWorld } from '../support/keeper-world.ts';
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

/** Keyvigil's own keeper, with the real clients. */
export class KeeperSubject implements Subject {
  readonly #world: KeptWorld;
  readonly #ids = new Map<Account, string>();

  constructor(parts: SubjectParts) {
    this.#world = keepIn(parts);
  }

  get faults(): readonly unknown[] {
    return this.#world.reported;
  }

  async add(account: Account): Promise<void> {
    const kept = await this.#world.add(account.form);
    this.#ids.set(account, kept.account.id);
  }

  end(): void {
    this.#world.keeper.stop();
  }

  start(): void {
    this.#world.restart();
  }

  suspend(): void {
    this.#world.keeper.suspend();
  }

  wake(): void {
    this.#world.keeper.wake();
  }

  networkReturned(): void {
    this.#world.keeper.networkReturned();
  }

  keyOf(account: Account): string | undefined {
    return this.#kept(account).held?.key;
  }

  asksForPerson(account: Account): boolean {
    return this.#kept(account).session.state === 'sign-in-needed';
  }

  async signIn(account: Account, typed: FieldValues | undefined): Promise<boolean> {
    return (await this.#world.keeper.signIn(this.#kept(account).account.id, typed)).ok;
  }

  #kept(account: Account) {
    return this.#world.keeper.account(this.#ids.get(account)!);
  }
}
