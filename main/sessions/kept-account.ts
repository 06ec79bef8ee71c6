import { isDeepStrictEqual } from 'node:util';
import { MINUTE_MS, type Clock, type Random } from '../clock.ts';
import { failed, success, type Failure, type Outcome } from '../systems/failure.ts';
import type {
  Client,
  Fact,
  Fetch,
  FieldValues,
  Interaction,
  Listing,
  Method,
  Services,
  System,
} from '../systems/system.ts';
import { missingField, type Account, type Held, type Secrets } from './account.ts';
import { retryDelayMs } from './backoff.ts';
import { dueAt, rhythm, type Rhythm } from './schedule.ts';
import {
  after,
  failuresInARow,
  heldBy,
  SIGNED_OUT,
  type Offline,
  type Session,
  type SessionEvent,
} from './session.ts';

/** One, and once more: a server may count each as a wrong password, whatever became of its answer. */
const MOST_LOST_LOGINS = 2;

const LOST: Failure = {
  kind: 'refused',
  unasked: true,
  message:
    'The server’s answers to two sign-ins were lost. Keyvigil does not try a third by itself, as that could lock the account.',
};

/** Asks whether a server answers at all: it has no such key, and no login is counted. */
const NO_KEY = 'none';

/** It may have reached the server, and nobody knows what the server made of it. */
function isLost(failure: Failure): boolean {
  return (
    failure.kind === 'cancelled' ||
    (failure.kind === 'unreachable' && ['time-out', 'cut-off'].includes(failure.reason))
  );
}

export interface Surroundings {
  readonly services: () => Services;
  readonly clock: Clock;
  readonly random: Random;
  /** Something that is shown, or a deadline, has changed. */
  readonly changed: (account: KeptAccount) => void;
  /** Its session has become another than it was `before`. */
  readonly became: (account: KeptAccount, before: Session) => void;
  /** A user to be asked by a sign-in of the account of this name; to be ended with it. */
  readonly interaction: (accountName: string) => Interaction & { end(): void };
  /** Stores account and secrets as they are now. */
  readonly store: (account: KeptAccount) => Promise<void>;
}

/** What attending to a session has told about its server. */
export type Found =
  /** It knows the session. */
  | 'known'
  /** It has forgotten it. */
  | 'forgotten'
  /** It answered, but nothing was asked about the session, or it did not say. */
  | 'answered'
  | 'away'
  /** It was not asked, or what went wrong is this account's own. */
  | 'nothing';

/**
 * One account and its session: every request made for it starts here, one at a time. What is asked for while another is under
 * way waits for its turn; signing out, and the end, cut the line short.
 */
export class KeptAccount {
  readonly #system: System;
  readonly #around: Surroundings;
  readonly #server: string;
  #account: Account;
  #rhythm: Rhythm;
  #values: FieldValues;
  #refused: boolean;
  #lostLogins: number;
  #session: Session = SIGNED_OUT;
  /** The server answered others when it did not answer this. */
  #hasOwnTrouble = false;
  /** When the server last answered to the key; undefined while it has not since Keyvigil was started. */
  #usedAt: number | undefined;
  #listing: Listing | undefined;
  #beforeSignIn: Session = SIGNED_OUT;
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** Turns under way or waiting. */
  #waiting = 0;
  #cut = new AbortController();
  /** For the sign-ins that the user asked for, begun or waiting; what else is in line goes on. */
  #takenBack = new AbortController();
  #ended = false;

  constructor(
    account: Account,
    secrets: Secrets | undefined,
    system: System,
    around: Surroundings,
  ) {
    this.#account = account;
    this.#values = secrets?.values ?? {};
    this.#refused = secrets?.refused ?? false;
    this.#lostLogins = secrets?.lostLogins ?? 0;
    this.#system = system;
    this.#around = around;
    this.#server = new URL(account.address).origin;
    this.#rhythm = rhythm(system, account.keepAliveMinutes);
    if (!account.wanted) return;
    if (secrets?.held) {
      // It may still be alive: that is for the server to say, and costs no login.
      this.#session = { state: 'renewing', held: secrets.held, attempts: 0 };
    } else if (this.#canRenew) {
      this.#session = { state: 'renewing', attempts: 0 };
    } else {
      this.#session = { state: 'sign-in-needed', problem: this.#whyNotAlone() };
    }
  }

  get account(): Account {
    return this.#account;
  }

  get system(): System {
    return this.#system;
  }

  get method(): Method {
    const { methods } = this.#system;
    return methods.find(({ id }) => id === this.#account.method) ?? methods[0]!;
  }

  get session(): Session {
    return this.#session;
  }

  get held(): Held | undefined {
    return heldBy(this.#session);
  }

  get secrets(): Secrets {
    const { held } = this;
    return {
      values: this.#values,
      refused: this.#refused,
      lostLogins: this.#lostLogins,
      ...(held && { held }),
    };
  }

  /** The secrets that a login may be made with: what the server has refused is not one of them. */
  get usableSecrets(): FieldValues {
    return this.#refused ? {} : this.#values;
  }

  /** A login needs nothing typed: all fields are filled, and the server has not refused them. */
  get canSignInAlone(): boolean {
    return missingField(this.method, this.#usableValues) === undefined;
  }

  /** A login can be made without the user. */
  get #canRenew(): boolean {
    const { method } = this;
    return method.canRenew?.(this.#usableValues) ?? this.canSignInAlone;
  }

  get #usableValues(): FieldValues {
    return { ...this.#account.values, ...this.usableSecrets };
  }

  /** What the key gives access to, as the server said when it was last asked. */
  get listing(): Listing | undefined {
    return this.#listing;
  }

  /** The origin of its server: accounts with one origin have one server. */
  get server(): string {
    return this.#server;
  }

  get rhythm(): Rhythm {
    return this.#rhythm;
  }

  /** Something is asked of the server for it, or waits for its turn. */
  get isBusy(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when nothing is under way for it any more. */
  async atRest(): Promise<void> {
    while (this.isBusy) await this.#lastTurn;
  }

  /** When it next needs attention for its own sake, unless it has it already. */
  get dueAt(): number | undefined {
    if (this.isBusy || this.#ended || !this.#account.wanted) return undefined;
    return dueAt(this.#session, this.#rhythm);
  }

  get client(): Client {
    return this.#connect(this.#around.services());
  }

  #connect(services: Services): Client {
    const { address, method: methodId, values, learned } = this.#account;
    return this.#system.connect({ address, methodId, values, learned }, services);
  }

  /** Notes a login before it is sent, for whoever is killed in the middle does not learn how it ended either. */
  #loginClient(): Client {
    const services = this.#around.services();
    let isNoted = false;
    const fetch: Fetch = async (url, init) => {
      if (!isNoted) {
        isNoted = true;
        this.#lostLogins++;
        // A keyring that waits for its user does not keep others waiting.
        await Promise.race([this.#around.store(this), aborted(init.signal)]);
        if (init.signal?.aborted) this.#lostLogins--;
      }
      return services.fetch(url, init);
    };
    return this.#connect({ ...services, fetch });
  }

  /**
   * Proves and extends the session; renews it where it is gone.
   * @param isServerThere it has just answered another account
   */
  attend(isServerThere: boolean): Promise<Found> {
    return this.#inTurn(async (signal) => {
      const { held } = this;
      if (!this.#account.wanted) return 'nothing';
      if (held === undefined || this.#isExpired) {
        this.#apply({ type: 'lost', certain: true }, signal);
        const renewal = await this.#renew(signal, isServerThere);
        return renewal.ok ? 'answered' : this.#foundIn(renewal.failure);
      }
      const outcome = await this.client.keepAlive(held.key, signal);
      if (outcome.ok) {
        this.#verified([], signal);
        return 'known';
      }
      const { failure } = outcome;
      const after = await this.#keepAliveFailed(failure, signal);
      const isGone = failure.kind === 'gone' && (failure.certain || after.ok);
      return isGone ? 'forgotten' : this.#foundIn(after.ok ? failure : after.failure);
    });
  }

  #foundIn(failure: Failure): Found {
    switch (failure.kind) {
      case 'refused':
        return failure.unasked ? 'nothing' : 'answered';
      case 'unexpected':
      case 'gone':
        return 'answered';
      case 'unreachable':
      case 'wait':
        return this.#session.state === 'offline' && this.#session.isServerAway ? 'away' : 'nothing';
      case 'cancelled':
        return 'nothing';
    }
  }

  /** The server answered others when it did not answer this: from now on, what this finds says nothing of the server. */
  serverThere(): void {
    this.#hasOwnTrouble = true;
    this.#set(after(this.#session, { type: 'server-there' }));
  }

  /**
   * As `attend`, for a user who wants to know: the session then tells what the server said of itself, and this, whether the key
   * is another one now.
   */
  verify(): Promise<Outcome<{ renewed: boolean }>> {
    return this.#inTurn(async (signal) => {
      const { held } = this;
      if (!this.#account.wanted) return failed({ kind: 'refused', message: 'Signed out.' });
      const outcome = held && (await this.client.verify(held.key, signal));
      if (outcome?.ok) {
        const { facts, listing } = outcome.value;
        this.#listing = listing;
        this.#verified(facts, signal);
        return success({ renewed: false });
      }
      const renewal = await (outcome
        ? this.#keepAliveFailed(outcome.failure, signal)
        : this.#renew(signal));
      return renewal.ok ? success({ renewed: true }) : renewal;
    });
  }

  /**
   * A login that the user asked for.
   * @param typed what was typed for it; it takes the place of what is held once the server has accepted it
   */
  signIn(typed?: FieldValues): Promise<Outcome<void>> {
    const taken = this.#takenBack.signal;
    return this.#inTurn(async (cut) => {
      const signal = AbortSignal.any([cut, taken]);
      if (signal.aborted) return failed({ kind: 'cancelled', message: 'Cancelled.' });
      // Two clicks, or a renewal that came first: nothing is left to do.
      if (this.#session.state === 'live' && typed === undefined) return success(undefined);
      // A turn before this one may have found it refused: what is left of it must not be sent.
      if (typed === undefined && !this.canSignInAlone) {
        return failed({ kind: 'refused', message: this.#whyNotAlone() });
      }
      this.#beforeSignIn = this.#session;
      this.#lostLogins = 0;
      this.#apply({ type: 'sign-in-started' }, signal);
      const user = this.#around.interaction(this.#account.name);
      const outcome = await this.#login({ ...this.usableSecrets, ...typed }, signal, user).finally(
        () => user.end(),
      );
      if (!outcome.ok) {
        const { kind } = outcome.failure;
        if (kind === 'refused' && typed === undefined) this.#refused = true;
        await this.#loginFailed(outcome.failure, signal);
      }
      return outcome;
    });
  }

  /** Takes a sign-in that the user asked for back, as if it had never begun. */
  cancelSignIn(): void {
    this.#takenBack.abort();
    this.#takenBack = new AbortController();
    if (this.#session.state === 'signing-in') this.#set(this.#beforeSignIn);
  }

  /** Ends the session here at once, then on the server, as far as it can be reached. */
  async signOut(): Promise<void> {
    const { held } = this;
    this.#cutShort();
    this.#become({ wanted: false });
    const { signOutForgets = [] } = this.method;
    this.#values = Object.fromEntries(
      Object.entries(this.#values).filter(([id]) => !signOutForgets.includes(id)),
    );
    this.#listing = undefined;
    this.#set(after(this.#session, { type: 'signed-out' }));
    await this.#around.store(this);
    if (held === undefined) return;
    await this.#inTurn(async (signal) => {
      const told = await this.client.signOut(held.key, new AbortController().signal);
      if (told.ok) return;
      const problem = `Signed out here, but the server could not be told. ${told.failure.message}`;
      this.#apply({ type: 'signed-out', problem }, signal);
    });
  }

  /** Nothing happens to this account any more, whatever is still under way. */
  end(): void {
    this.#ended = true;
    this.#cutShort();
  }

  /** Tries a server that could not be reached again at `retryAt`, if that is sooner than planned. */
  retryAt(retryAt: number): void {
    this.#set(after(this.#session, { type: 'retry-moved', retryAt }));
  }

  /** Another account of the same server has found it away, until `found.retryAt`: asking once more would tell nothing new. */
  serverAway(found: Offline): void {
    this.#set(after(this.#session, { type: 'server-away', found }));
  }

  /**
   * Another account of the same server has found it back. Where it still knows that one's session (`isKnown`), it knows this, and
   * nothing need be asked; else it is tried at `retryAt`.
   */
  serverBack(retryAt: number, isKnown: boolean): void {
    const isKeyTrusted = this.#usedAt !== undefined && isKnown;
    this.#set(after(this.#session, { type: 'server-back', retryAt, isKeyTrusted }));
  }

  /** Takes over what can change without a new login. */
  update(changes: Pick<Account, 'name' | 'remember' | 'keepAliveMinutes'>): Promise<void> {
    this.#become(changes);
    this.#rhythm = rhythm(this.#system, changes.keepAliveMinutes);
    this.#around.changed(this);
    return this.#around.store(this);
  }

  /** The key is known to be gone: asking would only be told so. */
  get #isExpired(): boolean {
    const { expiryMs = Infinity } = this.#rhythm;
    return this.#usedAt !== undefined && this.#around.clock.now() - this.#usedAt >= expiryMs;
  }

  #verified(facts: readonly Fact[], signal: AbortSignal): void {
    const at = this.#around.clock.now();
    this.#hasOwnTrouble = false;
    this.#usedAt = at;
    this.#apply({ type: 'verified', at, facts }, signal);
  }

  async #keepAliveFailed(failure: Failure, signal: AbortSignal): Promise<Outcome<void>> {
    switch (failure.kind) {
      case 'gone':
        this.#apply({ type: 'lost', certain: failure.certain }, signal);
        return this.#renew(signal, failure.certain);
      case 'unreachable':
      case 'wait':
        this.#setBack(failure, signal);
        return failed(failure);
      case 'unexpected':
      case 'refused':
        this.#usedAt = this.#around.clock.now();
        // Not the server that was signed in to, or a new kind of answer: asking more often will not change it.
        this.#wait(failure, this.#account.keepAliveMinutes * MINUTE_MS, signal);
        return failed(failure);
      case 'cancelled':
        return failed(failure);
    }
  }

  /** One silent login, with what is held. */
  async #renew(signal: AbortSignal, isServerThere = false): Promise<Outcome<void>> {
    if (!this.#canRenew) {
      const failure: Failure = { kind: 'refused', unasked: true, message: this.#whyNotAlone() };
      await this.#loginFailed(failure, signal);
      return failed(failure);
    }
    if (this.#lostLogins > 0 && !this.method.neverLocks) {
      const isLast = this.#lostLogins >= MOST_LOST_LOGINS;
      const hindrance = isLast ? LOST : isServerThere ? undefined : await this.#awayNow(signal);
      if (hindrance) {
        await this.#loginFailed(hindrance, signal);
        return failed(hindrance);
      }
    }
    this.#apply({ type: 'renewal-started' }, signal);
    const outcome = await this.#login(this.#values, signal);
    if (outcome.ok) return outcome;
    const { failure } = outcome;
    if (failure.kind === 'refused') this.#refused = true;
    await this.#loginFailed(failure, signal);
    return outcome;
  }

  /** The one login that is left after a lost one is not spent on a server that does not answer: behind a VPN that is down, say. */
  async #awayNow(signal: AbortSignal): Promise<Failure | undefined> {
    const probe = await this.client.keepAlive(NO_KEY, signal);
    if (probe.ok) return undefined;
    return ['unreachable', 'wait', 'cancelled'].includes(probe.failure.kind)
      ? probe.failure
      : undefined;
  }

  async #login(
    secretValues: FieldValues,
    signal: AbortSignal,
    user?: Interaction,
  ): Promise<Outcome<void>> {
    let held = secretValues;
    const hold = async (values: FieldValues) => {
      if (signal.aborted) return;
      held = values;
      this.#values = values;
      await this.#around.store(this);
    };
    const values = { ...this.#account.values, ...secretValues };
    const attempt = { signal, hold, ...(user && { user }) };
    const lostBefore = this.#lostLogins;
    const outcome = await this.#loginClient().signIn(values, attempt);
    if (!outcome.ok) {
      // A server that is too busy to look at a login has not undone the ones that were lost.
      const { kind } = outcome.failure;
      if (kind === 'refused' || kind === 'unexpected') this.#lostLogins = 0;
      else if (!isLost(outcome.failure)) this.#lostLogins = lostBefore;
      return outcome;
    }
    if (signal.aborted) return failed({ kind: 'cancelled', message: 'Cancelled.' });
    const { key, facts, learned } = outcome.value;
    const now = this.#around.clock.now();
    this.#values = held;
    this.#hasOwnTrouble = false;
    this.#usedAt = now;
    this.#refused = false;
    this.#lostLogins = 0;
    this.#become({ learned: { ...learned }, wanted: true });
    this.#apply(
      { type: 'signed-in', held: { key, since: now, verifiedAt: now, facts: [...facts] } },
      signal,
    );
    await this.#around.store(this);
    return success(undefined);
  }

  /** Whatever came of a login is stored: how it was refused, or lost, counts after a restart too. */
  async #loginFailed(failure: Failure, signal: AbortSignal): Promise<void> {
    switch (failure.kind) {
      case 'unreachable':
      case 'wait':
        this.#setBack(failure, signal);
        break;
      case 'refused':
      case 'unexpected':
      case 'gone':
        this.#apply({ type: 'user-needed', problem: failure.message }, signal);
        break;
      case 'cancelled':
        return;
    }
    await this.#around.store(this);
  }

  #setBack(failure: Failure & { kind: 'unreachable' | 'wait' }, signal: AbortSignal): void {
    // `Offline` promises to try again, also where nobody had signed in before.
    if (!signal.aborted) this.#become({ wanted: true });
    const backoffMs = retryDelayMs(failuresInARow(this.#session) + 1, this.#around.random);
    // On top of the wait that was asked for, or all who were asked would be back in the same moment.
    const askedMs = failure.kind === 'wait' ? failure.retryAfterMs : 0;
    const isServerAway =
      !this.#hasOwnTrouble && failure.host === new URL(this.#account.address).host;
    this.#wait(failure, askedMs + backoffMs, signal, { isServerAway, leastMs: askedMs });
  }

  #wait(
    { message: problem }: Failure,
    delayMs: number,
    signal: AbortSignal,
    { isServerAway = false, leastMs = 0 } = {},
  ): void {
    const now = this.#around.clock.now();
    this.#apply(
      { type: 'set-back', problem, retryAt: now + delayMs, notBefore: now + leastMs, isServerAway },
      signal,
    );
  }

  /** An account that is the same as before stays the same object: it need not be stored again. */
  #become(changes: Partial<Account>): void {
    const account = { ...this.#account, ...changes };
    if (!isDeepStrictEqual(account, this.#account)) this.#account = account;
  }

  #whyNotAlone(): string {
    return this.#refused
      ? 'The server refused what is stored for this account.'
      : 'The session has ended, and nothing is stored to sign in with.';
  }

  /** What happened in a turn; of no account once the turn was cut short, for then another has decided what is so. */
  #apply(event: SessionEvent, signal: AbortSignal): void {
    if (!signal.aborted) this.#set(after(this.#session, event));
  }

  #set(session: Session): void {
    if (this.#ended || session === this.#session) return;
    const before = this.#session;
    this.#session = session;
    this.#around.became(this, before);
    this.#around.changed(this);
  }

  async #inTurn<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#cut;
    this.#waiting++;
    this.#around.changed(this);
    const turn = this.#lastTurn.then(() => work(signal));
    this.#lastTurn = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
      this.#around.changed(this);
    }
  }

  #cutShort(): void {
    this.#cut.abort();
    this.#cut = new AbortController();
  }
}

function aborted(signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve) =>
    signal?.addEventListener('abort', () => resolve(), { once: true }),
  );
}
