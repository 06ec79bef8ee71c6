import type { FieldValues, Fetch } from '../../main/systems/system.ts';
import type { Random } from '../../main/clock.ts';
import type { Presence } from '../../main/sessions/rest.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { WorldAccount } from './world-server.ts';

/** An app that keeps sessions alive: Keyvigil, or another app to compare Keyvigil with. */
export interface App {
  /** The user adds an account and signs in. */
  add(account: WorldAccount): Promise<void>;
  /** Ends the app, which loses everything that it has only in memory. */
  quit(): void;
  start(): void;
  /** The operating system announces that the machine falls asleep. */
  suspend(): void;
  /** The operating system announces that the machine woke up, or was unlocked. */
  resume(): void;
  /** The operating system announces that the network is back. */
  networkReturned(): void;
  /** @returns the key that the user would get by copying it now */
  keyOf(account: WorldAccount): string | undefined;
  /** @returns whether the app asks the user to sign in */
  asksUser(account: WorldAccount): boolean;
  /**
   * The user signs in.
   * @returns whether the sign-in worked
   */
  signIn(account: WorldAccount, typed: FieldValues | undefined): Promise<boolean>;
  /** The bugs that the app itself reported. */
  readonly bugs: readonly unknown[];
}

export interface AppDeps {
  readonly clock: VirtualClock;
  readonly fetch: Fetch;
  readonly random: Random;
  readonly presence: () => Presence;
}
