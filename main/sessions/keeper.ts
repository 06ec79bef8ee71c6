import type { Clock, Random } from '../clock.ts';
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
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
import { Server } from './server.ts';
import { SIGNED_OUT, type Session } from './session.ts';

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
  readonly witness: Witness;
}

/** Sees what happens, and may keep a record of it. */
export interface Witness {
  /** The session of an account that is kept has become another than it was `before`. */
  became(account: KeptAccount, before: Session): void;
  removed(id: string): void;
  /** The machine was asleep: no account could be kept alive. */
  slept(from: number, to: number): void;
}

export type Saved<T> = { ok: true; value: T } | { ok: false; problem: FormProblem };

/** Timers stand still while the machine sleeps: one that is set for longer would miss deadlines where nobody tells of the waking. */
const LONGEST_TIMER_MS = MINUTE_MS;
/** No timer is that late on a machine that is awake. */
const LATE_MS = 30 * SECOND_MS;
/** Starts and wake-ups spread their requests over this time, so that not every machine of an office asks in the same second. */
const WAKE_SPREAD_MS = 3 * SECOND_MS;
/** Networks return for fewer at a time, and whoever sees that expects his sessions to. */
const RETURN_SPREAD_MS = SECOND_MS;

/** Holds every account's session and keeps it alive, with one timer for all of them. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #kept = new Map<string, KeptAccount>();
  /** Accounts of systems or methods that this version does not know: stored again as they were found. */
  #unknown: readonly Account[] = [];
  /** As they were last stored. */
  #saved: readonly Account[] = [];
  readonly #listeners = new Set<() => void>();
  /** An account that is being added, or signed in to with changed credentials. */
  #candidate: KeptAccount | undefined;
  readonly #servers = new Map<string, Server>();
  #timer: { at: number; cancel: () => void } | undefined;
  /** When the machine was last known to be awake, while it is not known to be so. */
  #asleepSince: number | undefined;
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
      if (system) this.#enter(this.#make(account, vault.get(account.id), system));
    }
    this.#unknown = stored.filter(({ id }) => !this.#kept.has(id));
    this.#running = true;
    this.wake();
  }

  /** Ends all requests; sessions stay alive on their servers, to be taken up at the next start. */
  stop(): void {
    this.#running = false;
    this.#timer?.cancel();
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

  /**
   * The account, once it is known whether its session lives: what is copied right after a sleep is to be no dead key.
   * @throws where no such account exists (any more)
   */
  async settled(id: string): Promise<KeptAccount> {
    const kept = this.account(id);
    await this.#servers.get(kept.server)?.settle(kept);
    return this.account(id);
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
    const { client, held } = kept;
    this.#leave(kept);
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
    this.#leave(kept);
    this.#kept.delete(id);
    this.#parts.vault.delete(id);
    this.#saveAccounts();
    this.#tell((witness) => witness.removed(id));
    this.#changed();
    this.#tellSignedOut(client, held);
  }

  /** The server is told as a courtesy: some count their licences by sessions. */
  #tellSignedOut(client: Client, held: Held | undefined): void {
    if (held) this.#background(client.signOut(held.key, new AbortController().signal));
  }

  /** The machine is about to sleep. */
  suspend(): void {
    this.#asleepSince ??= this.#parts.clock.now();
  }

  /** The machine woke up: what fell due meanwhile has its turn, and whatever waits to try again, too. */
  wake(): void {
    this.#wakeWithin(WAKE_SPREAD_MS);
  }

  /** There is a network again, or another: whatever waits to try again has its turn. */
  networkReturned(): void {
    this.#wakeWithin(RETURN_SPREAD_MS);
  }

  #wakeWithin(spreadMs: number): void {
    const { clock, random } = this.#parts;
    const now = clock.now();
    if (this.#isLate(now)) this.#asleepSince ??= this.#timer?.at;
    this.#timer?.cancel();
    this.#timer = undefined;
    const from = this.#asleepSince;
    if (from !== undefined) this.#tell((witness) => witness.slept(from, now));
    this.#asleepSince = undefined;
    for (const server of this.#servers.values()) server.wake(now + random() * spreadMs);
    this.#changed();
  }

  /** Signs in with an account that is not kept yet. */
  async #tryOut(account: Account, secretValues: FieldValues): Promise<Saved<KeptAccount>> {
    const system = this.#parts.systems.find(({ id }) => id === account.system)!;
    const secrets: Secrets = { values: { ...secretValues }, refused: false, lostLogins: 0 };
    const candidate = this.#make({ ...account, wanted: false }, secrets, system);
    this.#candidate?.end();
    this.#candidate = candidate;
    const outcome = await candidate.signIn();
    if (this.#candidate === candidate) this.#candidate = undefined;
    if (outcome.ok) return { ok: true, value: candidate };
    candidate.end();
    return blame(outcome.failure, candidate);
  }

  #adopt(kept: KeptAccount): Promise<void> {
    this.#enter(kept);
    this.#changed();
    return this.#store(kept);
  }

  #enter(kept: KeptAccount): void {
    this.#kept.set(kept.account.id, kept);
    const { clock } = this.#parts;
    const server =
      this.#servers.get(kept.server) ?? new Server(clock, () => this.#running && this.#setTimer());
    this.#servers.set(kept.server, server.add(kept));
    this.#tell((witness) => witness.became(kept, SIGNED_OUT));
  }

  #leave(kept: KeptAccount): void {
    kept.end();
    const server = this.#servers.get(kept.server);
    server?.delete(kept);
    if (server?.isEmpty) this.#servers.delete(kept.server);
  }

  #isKept(kept: KeptAccount): boolean {
    return this.#kept.get(kept.account.id) === kept;
  }

  #make(account: Account, secrets: Secrets | undefined, system: System): KeptAccount {
    const { services, clock, random, interaction } = this.#parts;
    return new KeptAccount(account, secrets, system, {
      services,
      clock,
      random,
      interaction,
      changed: (kept) => {
        this.#servers.get(kept.server)?.changed();
        this.#changed();
      },
      became: (kept, before) => {
        if (this.#isKept(kept)) this.#tell((witness) => witness.became(kept, before));
      },
      store: (kept) => this.#store(kept),
    });
  }

  async #store(kept: KeptAccount): Promise<void> {
    const { id, remember } = kept.account;
    if (!this.#running || !this.#isKept(kept)) return;
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
    const all = [...this.accounts.map(({ account }) => account), ...this.#unknown];
    const { length } = this.#saved;
    if (all.length === length && all.every((account, i) => account === this.#saved[i])) return;
    this.#parts.accounts.save(all);
    this.#saved = all;
  }

  #changed(): void {
    if (!this.#running) return;
    this.#setTimer();
    for (const listener of this.#listeners) listener();
  }

  /** One timer for all. One that goes off sooner than need be finds nothing to do, and is set anew. */
  #setTimer(): void {
    const { clock } = this.#parts;
    const now = clock.now();
    if (this.#isLate(now)) {
      this.wake();
      return;
    }
    let due = now + LONGEST_TIMER_MS;
    for (const { dueAt } of this.#servers.values()) due = Math.min(due, dueAt);
    const at = Math.max(due, now);
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel();
    this.#timer = { at, cancel: clock.setTimer(at - now, () => this.#attendDue()) };
  }

  /** The machine slept, and nobody has said so. */
  #isLate(now: number): boolean {
    return this.#timer !== undefined && now > this.#timer.at + LATE_MS;
  }

  #attendDue(): void {
    const now = this.#parts.clock.now();
    if (this.#isLate(now)) {
      this.wake();
      return;
    }
    this.#timer = undefined;
    for (const server of this.#servers.values()) {
      if (server.dueAt <= now) this.#background(server.attend());
    }
    this.#setTimer();
  }

  /** No record is worth a session: one that cannot be kept is reported, and that is all. */
  #tell(what: (witness: Witness) => void): void {
    const { witness, report } = this.#parts;
    try {
      what(witness);
    } catch (error) {
      report(error);
    }
  }

  #background(work: Promise<unknown>): void {
    work.catch(this.#parts.report);
  }
}

/** A failed sign-in as the form shows it: credentials that were refused stand beside the last field that holds them. */
function blame(failure: Failure, { method }: KeptAccount): { ok: false; problem: FormProblem } {
  const field = failure.kind === 'refused' ? method.fields.at(-1)?.id : undefined;
  return { ok: false, problem: { message: failure.message, ...(field && { field }) } };
}
