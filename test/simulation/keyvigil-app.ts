import type { Rest } from '../../main/sessions/rest.ts';
import type { FieldValues } from '../../main/systems/system.ts';
import { startAccounts, type Accounts } from '../support/account-world.ts';
import type { App, AppDeps } from './app.ts';
import type { WorldAccount } from './world-server.ts';

/** Runs Keyvigil's own accounts, with the real clients. */
export class KeyvigilApp implements App {
  readonly #accounts: Accounts;
  readonly #rest: Rest | undefined;
  readonly #ids = new Map<WorldAccount, string>();

  /** @param rest how every account rests */
  constructor(deps: AppDeps, rest?: Rest) {
    this.#rest = rest;
    this.#accounts = startAccounts(deps);
  }

  get bugs(): readonly unknown[] {
    return this.#accounts.reported;
  }

  async add(account: WorldAccount): Promise<void> {
    const session = await this.#accounts.add({ ...account.form, rest: this.#rest });
    this.#ids.set(account, session.saved.id);
  }

  quit(): void {
    this.#accounts.list.stop();
  }

  start(): void {
    this.#accounts.restart();
  }

  suspend(): void {
    this.#accounts.scheduler.suspend();
  }

  resume(): void {
    this.#accounts.scheduler.resume();
  }

  networkReturned(): void {
    this.#accounts.scheduler.networkReturned();
  }

  keyOf(account: WorldAccount): string | undefined {
    return this.#session(account).sessionKey?.key;
  }

  asksUser(account: WorldAccount): boolean {
    return this.#session(account).session.state === 'sign-in-needed';
  }

  async signIn(account: WorldAccount, typed: FieldValues | undefined): Promise<boolean> {
    return (await this.#accounts.list.signIn(this.#ids.get(account)!, typed)).ok;
  }

  #session(account: WorldAccount) {
    return this.#accounts.list.get(this.#ids.get(account)!);
  }
}
