import type { Clock, Random } from '../clock.ts';
import { SECOND_MS } from '../clock.ts';
import type { Failure } from '../systems/failure.ts';
import type { Client, FieldValues, Services, System } from '../systems/system.ts';
import {
  askFor,
  missingField,
  readForm,
  signsInAlike,
  type Account,
  type AccountForm,
  type FormProblem,
  type Held,
  readTyped,
  type Secrets,
} from './account.ts';
import { KeptAccount, type Surroundings } from './kept-account.ts';

/** Where accounts are stored, in the order in which they are shown. */
export interface AccountStore {
  load(): readonly Account[];
  save(accounts: readonly Account[]): void;
}

/** Where secrets are stored, by the account's id. Without a keyring it stores nothing, and says so elsewhere. */
export interface SecretStore {
  get(id: string): Secrets | undefined;
  set(id: string, secrets: Secrets): Promise<void>;
  delete(id: string): void;
}

export interface KeeperParts {
  readonly systems: readonly System[];
  /** Asked anew for each request, so that a changed setting counts at once. */
  readonly services: () => Services;
  readonly accounts: AccountStore;
  readonly vault: SecretStore;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of what could not be stored, and is in memory only. */
  readonly notStored: (error: unknown) => void;
  readonly newId: () => string;
  readonly interaction: Surroundings['interaction'];
  /** Told of a fault that nobody waits for. */
  readonly report: (error: unknown) => void;
}

export type Saved<T> = { ok: true; value: T } | { ok: false; problem: FormProblem };

/** Requests to one server at the same time: after a night's sleep, twenty accounts are not to fall upon it together. */
export const MOST_AT_ONCE = 2;
/** Timers count in 32 bits of milliseconds; a longer wait is cut into pieces. */
const LONGEST_TIMER_MS = 24 * 60 * 60 * SECOND_MS;
/** After a wake-up, requests are spread over this time, so that not every machine of an office asks in the same second. */
const WAKE_SPREAD_MS = 3 * SECOND_MS;

/** Holds every account's session and keeps it alive, with one timer for all of them. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #kept = new Map<string, KeptAccount>();
  /** Accounts of systems or methods that this version does not know: stored again as they were found. */
  #unknown: readonly Account[] = [];
  readonly #listeners = new Set<() => void>();
  /** An account that is being added, or signed in to with changed credentials. */
  #candidate: KeptAccount | undefined;
  #cancelTimer: () => void = () => {};
  /** Servers that one account is asking for all of its accounts. */
  readonly #asking = new Set<string>();
  #running = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  /** Takes up what is stored: what may still be alive is verified, and logged in anew only where the server says it is gone. */
  start(): void {
    const { accounts, vault, systems } = this.#parts;
    const stored = accounts.load();
    for (const account of stored) {
      const system = systems.find(
        ({ id, methods }) =>
          id === account.system && methods.some((method) => method.id === account.method),
      );
      if (system) this.#kept.set(account.id, this.#keep(account, vault.get(account.id), system));
    }
    this.#unknown = stored.filter(({ id }) => !this.#kept.has(id));
    this.#running = true;
    this.#attendAll(({ session }) => session.state === 'renewing');
    this.#changed();
  }

  /** Ends all requests; sessions stay alive on their servers, to be taken up at the next start. */
  stop(): void {
    this.#running = false;
    this.#cancelTimer();
    this.#candidate?.end();
    for (const kept of this.#kept.values()) kept.end();
  }

  get accounts(): readonly KeptAccount[] {
    return [...this.#kept.values()];
  }

  /** @throws where no such account exists (any more) */
  account(id: string): KeptAccount {
    const kept = this.#kept.get(id);
    if (!kept) throw new Error('This account does not exist any more.');
    return kept;
  }

  /** Calls `listener` whenever something changed; the function it returns ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Signs in with what the form holds; the account is kept only where that worked. */
  async add(form: AccountForm): Promise<Saved<string>> {
    const reading = readForm(form, this.#parts.systems);
    if (!reading.ok) return reading;
    const account = { ...reading.account, id: this.#parts.newId() };
    const signedIn = await this.#tryOut(account, reading.secretValues);
    if (!signedIn.ok) return signedIn;
    await this.#adopt(signedIn.value);
    return { ok: true, value: account.id };
  }

  /** Saves an edited account; signs in first where the edit changes how. Where that fails, nothing has changed. */
  async edit(id: string, form: AccountForm): Promise<Saved<undefined>> {
    const kept = this.account(id);
    const { account } = kept;
    const sameWayIn = form.system === account.system && form.method === account.method;
    const system = this.#parts.systems.find(({ id }) => id === form.system);
    const address = system?.readAddress(form.address);
    // What is stored for one server is not sent to another because an address was mistyped.
    const sameServer =
      address?.ok && new URL(address.address).origin === new URL(account.address).origin;
    const stored = sameWayIn && sameServer ? kept.usableSecrets : {};
    let reading = readForm(form, this.#parts.systems, stored, sameWayIn);
    if (!reading.ok) return reading;
    const { name, remember, keepAliveMinutes } = reading.account;
    const sameSecrets = Object.entries(reading.secretValues).every(
      ([field, value]) => stored[field] === value,
    );
    if (sameSecrets && signsInAlike(account, reading.account)) {
      await kept.update({ name, remember, keepAliveMinutes });
      return { ok: true, value: undefined };
    }
    reading = readForm(form, this.#parts.systems, stored);
    if (!reading.ok) return reading;
    const signedIn = await this.#tryOut({ ...reading.account, id }, reading.secretValues);
    if (!signedIn.ok) return signedIn;
    if (this.#kept.get(id) !== kept) {
      signedIn.value.end();
      this.#tellSignedOut(signedIn.value.client, signedIn.value.held);
      return { ok: false, problem: { message: 'This account was removed meanwhile.' } };
    }
    kept.end();
    const { client, held } = kept;
    await this.#adopt(signedIn.value);
    if (held?.key !== signedIn.value.held?.key) this.#tellSignedOut(client, held);
    return { ok: true, value: undefined };
  }

  async signIn(id: string, raw?: FieldValues): Promise<Saved<undefined>> {
    const kept = this.account(id);
    const typed = raw && readTyped(kept.method, raw);
    const { account, usableSecrets } = kept;
    const given = { ...account.values, ...usableSecrets, ...typed };
    const missing = missingField(kept.method, given);
    if (missing) return { ok: false, problem: askFor(missing) };
    const outcome = await kept.signIn(typed);
    return outcome.ok ? { ok: true, value: undefined } : blame(outcome.failure, kept);
  }

  /** Cancels the sign-in that a user waits for; silent ones go on. */
  cancelSignIn(): void {
    this.#candidate?.end();
    for (const kept of this.#kept.values()) kept.cancelSignIn();
  }

  remove(id: string): void {
    const kept = this.account(id);
    const { held, client } = kept;
    kept.end();
    this.#kept.delete(id);
    this.#parts.vault.delete(id);
    this.#saveAccounts();
    this.#changed();
    this.#tellSignedOut(client, held);
  }

  /** The server is told as a courtesy: some count their licences by sessions. */
  #tellSignedOut(client: Client, held: Held | undefined): void {
    if (held) this.#background(client.signOut(held.key, new AbortController().signal));
  }

  /** The network is back, or the machine woke up: whatever waits for a retry is tried now, and what fell due meanwhile too. */
  wake(): void {
    for (const kept of this.#kept.values()) kept.retryAt(this.#soon());
    this.#changed();
  }

  /** Signs in with an account that is not kept yet. */
  async #tryOut(account: Account, secretValues: FieldValues): Promise<Saved<KeptAccount>> {
    const system = this.#parts.systems.find(({ id }) => id === account.system)!;
    const secrets: Secrets = { values: { ...secretValues }, refused: false, lostLogins: 0 };
    const candidate = this.#keep({ ...account, wanted: false }, secrets, system);
    this.#candidate?.end();
    this.#candidate = candidate;
    const outcome = await candidate.signIn();
    if (this.#candidate === candidate) this.#candidate = undefined;
    if (outcome.ok) return { ok: true, value: candidate };
    candidate.end();
    return blame(outcome.failure, candidate);
  }

  #adopt(kept: KeptAccount): Promise<void> {
    this.#kept.set(kept.account.id, kept);
    this.#changed();
    return this.#store(kept);
  }

  #keep(account: Account, secrets: Secrets | undefined, system: System): KeptAccount {
    const { services, clock, random, interaction } = this.#parts;
    return new KeptAccount(account, secrets, system, {
      services,
      clock,
      random,
      interaction,
      changed: () => this.#changed(),
      store: (kept) => this.#store(kept),
    });
  }

  async #store(kept: KeptAccount): Promise<void> {
    const { id, remember } = kept.account;
    if (!this.#running || this.#kept.get(id) !== kept) return;
    try {
      this.#saveAccounts();
      if (remember) await this.#parts.vault.set(id, kept.secrets);
      else this.#parts.vault.delete(id);
    } catch (error) {
      // A full disk or a keyring that was locked: the session lives, in memory only.
      this.#parts.notStored(error);
    }
  }

  #saveAccounts(): void {
    const known = this.accounts.map(({ account }) => account);
    this.#parts.accounts.save([...known, ...this.#unknown]);
  }

  #changed(): void {
    if (!this.#running) return;
    this.#setTimer();
    for (const listener of this.#listeners) listener();
  }

  #setTimer(): void {
    const { clock } = this.#parts;
    this.#cancelTimer();
    const deadlines = this.accounts.flatMap((kept) =>
      this.#asking.has(serverOf(kept)) ? [] : (kept.dueAt ?? []),
    );
    if (deadlines.length === 0) return;
    const delayMs = Math.max(Math.min(...deadlines) - clock.now(), 0);
    this.#cancelTimer = clock.setTimer(Math.min(delayMs, LONGEST_TIMER_MS), () =>
      this.#attendDue(),
    );
  }

  #attendDue(): void {
    const now = this.#parts.clock.now();
    this.#attendAll(({ dueAt }) => dueAt !== undefined && dueAt <= now);
    this.#setTimer();
  }

  #attendAll(isDue: (kept: KeptAccount) => boolean): void {
    const byServer = Map.groupBy(this.accounts.filter(isDue), serverOf);
    for (const [server, due] of byServer) {
      if (!this.#asking.has(server)) this.#background(this.#attendServer(server, due));
    }
  }

  /** One account asks first, for all: what it finds of the server need not be found again by each. */
  async #attendServer(server: string, [first, ...others]: readonly KeptAccount[]): Promise<void> {
    if (!first) return;
    this.#asking.add(server);
    try {
      await first.attend();
    } finally {
      this.#asking.delete(server);
      this.#changed();
    }
    const { session } = first;
    const isAway = session.state === 'offline' && session.isServerAway;
    for (const kept of this.accounts) {
      if (kept === first || serverOf(kept) !== server) continue;
      const wasAway = kept.session.state === 'offline' && kept.session.isServerAway;
      if (isAway && (wasAway || others.includes(kept))) kept.serverAway(session);
      else if (wasAway) kept.serverBack(this.#soon());
      else if (others.includes(kept)) this.#background(kept.attend());
    }
  }

  /** Within seconds, at random: not every machine of an office is to ask in the same one. */
  #soon(): number {
    const { clock, random } = this.#parts;
    return clock.now() + random() * WAKE_SPREAD_MS;
  }

  #background(work: Promise<unknown>): void {
    work.catch(this.#parts.report);
  }
}

/** Accounts with one origin have one server. */
function serverOf({ account }: KeptAccount): string {
  return new URL(account.address).origin;
}

/** A failed sign-in as the form shows it: credentials that were refused stand beside the last field that holds them. */
function blame(failure: Failure, { method }: KeptAccount): { ok: false; problem: FormProblem } {
  const field = failure.kind === 'refused' ? method.fields.at(-1)?.id : undefined;
  return { ok: false, problem: { message: failure.message, ...(field && { field }) } };
}
