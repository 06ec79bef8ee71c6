import { randomUUID } from 'node:crypto';
import { failed, success, type Result } from '../result.ts';
import type { FieldValues, System } from '../systems/system.ts';
import {
  findMethod,
  missingField,
  missingProblem,
  ownerOf,
  readForm,
  readImported,
  readTyped,
  signsInAlike,
  type AccountForm,
  type FormProblem,
} from './account-form.ts';
import { moved } from './account-order.ts';
import { Account } from './account.ts';
import type { AccountStorage } from './account-storage.ts';
import type { AccountDeps } from './account-state.ts';
import { choicesOf, type SavedAccount, type Secrets } from './saved-account.ts';
import { EndingSessions } from './ending-sessions.ts';
import type { KeepAliveScheduler } from './keep-alive-scheduler.ts';
import type { Login } from './login.ts';
import { SIGNED_OUT, type Session } from './session.ts';
import { SignInAttempts } from './sign-in-attempts.ts';

/** Is notified when something happens to an account. */
export interface AccountObserver {
  /** The session changed, or the account was loaded. */
  changed(account: Account, before: Session): void;
  removed(id: string): void;
}

export interface AccountListDeps extends Pick<
  AccountDeps,
  'services' | 'clock' | 'random' | 'interaction' | 'logError'
> {
  readonly systems: readonly System[];
  readonly storage: AccountStorage;
  readonly scheduler: KeepAliveScheduler;
  readonly observer: AccountObserver;
}

export type FormResult = Result<void, FormProblem>;

/** Every account: loads, adds, edits and removes them, and stores each change. */
export class AccountList {
  readonly #deps: AccountListDeps;
  #accounts = new Map<string, Account>();
  /** Accounts with a system or method that this version does not support. They stay stored for a newer version. */
  #unknown: readonly SavedAccount[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #attempts: SignInAttempts;
  readonly #ending: EndingSessions;
  #isRunning = false;

  constructor(deps: AccountListDeps) {
    this.#deps = deps;
    this.#attempts = new SignInAttempts(deps);
    this.#ending = new EndingSessions(deps);
  }

  /** Loads the stored accounts. Verifies their session keys, and logs in only where no valid key is stored. */
  start(): void {
    const { storage, systems, scheduler } = this.#deps;
    const stored = storage.load();
    this.#isRunning = true;
    for (const { saved, secrets } of stored) {
      if (!findMethod(systems, saved)) continue;
      const account = this.#create(saved, secrets);
      this.#observe((observer) => observer.changed(account, SIGNED_OUT));
    }
    this.#unknown = stored.flatMap(({ saved }) => (this.#accounts.has(saved.id) ? [] : [saved]));
    scheduler.start();
  }

  /** Aborts all requests. The sessions stay alive on their servers for the next start. */
  stop(): void {
    this.#isRunning = false;
    this.#deps.scheduler.stop();
    this.#attempts.cancelAll();
    for (const account of this.all) account.stop();
  }

  /** Waits for the log-outs of removed accounts. With `all`, logs out the others too; the next start signs in where it can. */
  endSessions(which: 'all' | 'removed'): Promise<void> {
    if (which === 'all') for (const account of this.all) this.#ending.add(account);
    return this.#ending.wait();
  }

  get all(): readonly Account[] {
    return [...this.#accounts.values()];
  }

  /** Every secret value in memory, for the redactor. */
  get secretsInUse(): readonly string[] {
    const typed = this.all.flatMap(({ secrets }) => Object.values(secrets.values));
    return [...typed, ...this.keysInUse];
  }

  /** Every session key and local address token. */
  get keysInUse(): readonly string[] {
    return this.all.flatMap(({ keysInUse }) => keysInUse);
  }

  /** Whether a sign-in runs, also one of a new or edited account. */
  get isSigningIn(): boolean {
    const isAny = this.all.some(({ session }) => session.state === 'signing-in');
    return isAny || this.#attempts.areRunning;
  }

  /** @throws if the account does not exist (any more) */
  get(id: string): Account {
    const account = this.#accounts.get(id);
    if (!account) throw new Error('This account does not exist any more.');
    return account;
  }

  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Signs in with the form's values, and saves the account only if the sign-in succeeds. */
  async add(id: string, form: AccountForm): Promise<FormResult> {
    const isTaken = this.#accounts.has(id) || this.#unknown.some((account) => account.id === id);
    if (isTaken) throw new Error('An account with this id exists already.');
    const reading = readForm(form, this.#deps.systems);
    if (!reading.ok) return reading;
    const { saved, secretValues } = reading.value;
    const login = await this.#attempts.signIn({ ...saved, id }, secretValues);
    return login.ok ? this.#addSignedIn({ ...saved, id }, login.value) : login;
  }

  /**
   * Adds accounts without secrets, and leaves out those that this version cannot use.
   * @returns how many were added
   */
  addSignedOut(forms: readonly AccountForm[]): number {
    const readings = forms.map((form) => readImported(form, this.#deps.systems));
    const added = readings.flatMap((reading) => (reading.ok ? [reading.value.saved] : []));
    for (const saved of added) {
      const account = this.#create({ ...saved, id: randomUUID(), wanted: false }, undefined);
      this.#observe((observer) => observer.changed(account, SIGNED_OUT));
    }
    this.#saveAccounts();
    this.#notify();
    return added.length;
  }

  /** Saves an edited account, after a new sign-in if the change needs one. If the sign-in fails, nothing changes. */
  async edit(id: string, form: AccountForm): Promise<FormResult> {
    const { systems } = this.#deps;
    const account = this.get(id);
    const draft = readForm(form, systems, {}, { mayLackSecrets: true });
    if (!draft.ok) return draft;
    const { method } = findMethod(systems, draft.value.saved)!;
    const isSameOwner = ownerOf(draft.value.saved, method) === account.secrets.owner;
    const stored = isSameOwner ? account.credentials.usable : {};
    const reading = readForm(form, systems, stored, { mayLackSecrets: isSameOwner });
    if (!reading.ok) return reading;
    const { saved, secretValues } = reading.value;
    // A typed secret means a sign-in, even if it is the stored one: the button says *Sign in*.
    const areSecretsTyped = Object.keys(draft.value.secretValues).length > 0;
    if (!areSecretsTyped && signsInAlike(account.saved, saved, account.method)) {
      const { name, remember, keepAliveMinutes, rest, values } = saved;
      account.update({ name, remember, keepAliveMinutes, rest, values });
      account.use();
      await this.save(account);
      return success(undefined);
    }
    const missing = missingField(method, { ...saved.values, ...secretValues });
    if (missing) return failed(missingProblem(missing));
    const withCurrentChoices = () => ({ ...saved, id, ...choicesOf(account.saved) });
    const login = await this.#attempts.signIn(withCurrentChoices(), secretValues);
    if (!login.ok) return login;
    this.#retire(account);
    // The user may have changed these choices during the sign-in.
    return this.#addSignedIn(withCurrentChoices(), login.value, account.localToken);
  }

  /** @param raw what the user typed; without it, the stored credentials are used */
  async signIn(id: string, raw?: FieldValues): Promise<FormResult> {
    const account = this.get(id);
    const { saved, method, credentials } = account;
    const typed = raw && readTyped(method, raw);
    const missing = missingField(method, { ...saved.values, ...credentials.usable, ...typed });
    if (missing) return failed(missingProblem(missing));
    return this.#attempts.refusalLimit.run(saved, method, () => account.signIn(typed));
  }

  /** Notifies the listeners of a change at once, and stores the account's secrets, for which the keyring may wait. */
  async save(account: Account): Promise<void> {
    this.#notify();
    await this.#saveSecrets(account);
  }

  /** Moves an account in the user's own order: before the account `before`, or to the end. */
  move(id: string, before: string | undefined): void {
    const all = moved(this.all, this.get(id), before === undefined ? undefined : this.get(before));
    this.#accounts = new Map(all.map((account) => [account.saved.id, account]));
    this.#saveAccounts();
    this.#notify();
  }

  /** Cancels the sign-in that the user started for this account. Silent renewals go on. */
  cancelSignIn(id: string): void {
    this.#attempts.cancel(id);
    this.#accounts.get(id)?.cancelSignIn();
  }

  remove(id: string): void {
    this.#retire(this.get(id));
    this.#attempts.cancel(id);
    this.#accounts.delete(id);
    this.#deps.storage.deleteSecrets(id);
    this.#saveAccounts();
    this.#observe((observer) => observer.removed(id));
    this.#notify();
  }

  async #addSignedIn(
    saved: SavedAccount,
    { learned, secretValues, sessionKey }: Login,
    localToken?: string,
  ): Promise<FormResult> {
    const { method } = findMethod(this.#deps.systems, saved)!;
    const account = this.#create(
      { ...saved, learned, wanted: false },
      {
        owner: ownerOf(saved, method),
        values: secretValues,
        isRefused: false,
        unansweredLogins: 0,
        ...(localToken !== undefined && { localToken }),
      },
    );
    account.update({ wanted: true }); // Above, it is false: so the session begins signed out, and this change saves the account.
    account.use();
    account.apply({ type: 'signed-in', sessionKey });
    await this.#saveSecrets(account);
    return success(undefined);
  }

  #create(saved: SavedAccount, secrets: Secrets | undefined): Account {
    const { systems, services, clock, random, interaction, scheduler, logError } = this.#deps;
    const account: Account = new Account(saved, findMethod(systems, saved)!, secrets, {
      services,
      clock,
      random,
      interaction,
      logError,
      saveAccount: () => this.#saveAccounts(),
      saveSecrets: () => this.#saveSecrets(account),
      hasServerAnswered: () => scheduler.hasServerAnswered(account),
      isSuspect: () => scheduler.isSuspect(account),
      onRest: () => this.#notify(),
      onEvent: (event, before) => {
        if (account.session !== before) {
          this.#observe((observer) => observer.changed(account, before));
        }
        scheduler.onEvent(account, event);
        this.#notify();
      },
    });
    this.#accounts.set(saved.id, account);
    scheduler.add(account);
    return account;
  }

  #retire(account: Account): void {
    this.#deps.scheduler.delete(account);
    this.#ending.add(account);
  }

  async #saveSecrets(account: Account): Promise<void> {
    const isKept = this.#accounts.get(account.saved.id) === account;
    if (this.#isRunning && isKept) await this.#deps.storage.saveSecrets(account);
  }

  #saveAccounts(): void {
    const accounts = [...this.all.map(({ saved }) => saved), ...this.#unknown];
    if (this.#isRunning) this.#deps.storage.saveAccounts(accounts);
  }

  #notify(): void {
    if (this.#isRunning) for (const listener of this.#listeners) listener();
  }

  /** A failing activity log must not break a session. */
  #observe(tell: (observer: AccountObserver) => void): void {
    try {
      tell(this.#deps.observer);
    } catch (error) {
      this.#deps.logError(error);
    }
  }
}
