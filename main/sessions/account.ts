import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { cancelled, type Failure, type Outcome } from '../systems/failure.ts';
import type { FieldValues, Interaction, Verified } from '../systems/system.ts';
import type { SessionKey } from './saved-account.ts';
import { AccountState } from './account-state.ts';
import { REST_REASONS } from './rest.ts';
import { toFailedEvent, toUserNeededEvent } from './failure-events.ts';
import { SerialQueue } from './serial-queue.ts';
import { failuresOf, problemOf, type SessionEvent } from './session.ts';

/** One account and its session. Runs the account's requests to the server one task at a time. */
export class Account extends AccountState {
  readonly #queue = new SerialQueue();
  /** Aborts only sign-ins that the user started. */
  #signInAbort = new AbortController();
  /** Set after a web page came instead of an answer. Unset when the server accepts the key. */
  #pageForKey: Failure | undefined;

  /**
   * Verifies and extends the session. Renews it if it has expired.
   * @param rejectedKey a key that the server has just refused: verify it even if another task has just verified it
   */
  async keepAlive(rejectedKey?: string): Promise<void> {
    const askedAt = this.deps.clock.now();
    await this.#inTurn(async (signal) => {
      if (this.isResting) await this.#rest(signal);
      else if (this.#needsVerification(askedAt, rejectedKey)) await this.#verifyOrRenew(signal);
      return success(undefined);
    });
  }

  /** An earlier task in the queue may already have verified the session, or have found the server unreachable. */
  #needsVerification(askedAt: number, rejectedKey?: string): boolean {
    const { session } = this;
    switch (session.state) {
      case 'live':
        return session.sessionKey.verifiedAt < askedAt || session.sessionKey.key === rejectedKey;
      case 'renewing':
        return true;
      case 'offline':
        return session.retryAt <= this.deps.clock.now();
      default:
        return false;
    }
  }

  /** Like `keepAlive`, and also reads facts about the server. `renewed`: the session has a new key. */
  verify(): Promise<Outcome<{ renewed: boolean }>> {
    this.use();
    return this.#inTurn((signal) =>
      this.saved.wanted
        ? this.#verifyOrRenew(signal, 'verify')
        : Promise.resolve(failed({ kind: 'refused', message: m.signed_out_sentence() })),
    );
  }

  /**
   * A login that the user asked for.
   * @param typed secrets that replace the stored ones if the server accepts them
   */
  signIn(typed?: FieldValues): Promise<Outcome<void>> {
    const abort = this.#signInAbort.signal;
    this.use();
    return this.#inTurn(async (queue) => {
      const signal = AbortSignal.any([queue, abort]);
      if (signal.aborted) return failed(cancelled());
      // An earlier click or a renewal may have signed in already.
      if (this.session.state === 'live' && typed === undefined) return success(undefined);
      // In an earlier task of the queue, the server may have refused the stored secrets.
      if (typed === undefined && !this.credentials.canSignInAlone) {
        return failed({ kind: 'refused', message: this.credentials.whyNotAlone });
      }
      this.credentials.forgetUnanswered();
      this.#applyUnlessAborted({ type: 'sign-in-started' }, signal);
      const interaction = this.deps.interaction(this.saved);
      const login = this.#logIn(signal, { user: interaction, ...(typed && { typed }) });
      return login.finally(() => interaction.end());
    });
  }

  /** Cancels the sign-ins that the user started, running or waiting. Renewals go on. */
  cancelSignIn(): void {
    this.#signInAbort.abort();
    this.#signInAbort = new AbortController();
    this.apply({ type: 'sign-in-cancelled' });
  }

  /** Ends the session in Keyvigil, then on the server if the server can be reached. */
  async signOut(): Promise<void> {
    this.#queue.abort();
    // At once: the task below does not run if Keyvigil quits now, and then the next start must not sign in.
    this.update({ wanted: false });
    await this.#inTurn(async (signal) => {
      const { sessionKey } = this;
      this.credentials.forgetAtSignOut();
      this.listing = undefined;
      this.apply({ type: 'signed-out' });
      await this.saveSecrets(signal);
      const ended = await this.#endOnServer(sessionKey);
      if (ended.ok) return ended;
      const problem = m.signed_out_only_here({ reason: ended.error.message });
      this.#applyUnlessAborted({ type: 'signed-out', problem }, signal);
      return ended;
    });
  }

  override stop(): void {
    super.stop();
    this.#queue.abort();
  }

  /** Stops the account, and ends its session on the server too, because some servers count licences by sessions. */
  async endSession(): Promise<void> {
    const { sessionKey } = this;
    this.stop();
    await this.#endOnServer(sessionKey);
  }

  /** Does what a resting session needs now: verifies a key from the vault, or ends the session. */
  async #rest(signal: AbortSignal): Promise<void> {
    const { session, sessionKey } = this;
    if (this.restDueAt > this.deps.clock.now()) return;
    if (session.state === 'renewing' && sessionKey) {
      // The key comes from the vault. Verifying it needs no login.
      await this.#verifyOrRenew(signal);
      return;
    }
    this.#signOutToRest(signal);
    await this.saveSecrets(signal);
    // If this request fails, the server ends the session by itself later.
    await this.#endOnServer(sessionKey);
  }

  #signOutToRest(signal: AbortSignal): void {
    const { rest } = this.saved;
    this.#applyUnlessAborted(
      { type: 'signed-out', ...(rest && { problem: REST_REASONS[rest.when]() }) },
      signal,
    );
  }

  #endOnServer(sessionKey: SessionKey | undefined): Promise<Outcome<void>> {
    if (!sessionKey) return Promise.resolve(success(undefined));
    return this.connect().logOut(sessionKey.key, new AbortController().signal);
  }

  async #verifyOrRenew(
    signal: AbortSignal,
    ask: 'keepAlive' | 'verify' = 'keepAlive',
  ): Promise<Outcome<{ renewed: boolean }>> {
    const { sessionKey } = this;
    if (!sessionKey || this.isOverdue) {
      if (sessionKey) this.#applyUnlessAborted({ type: 'expired', saidByServer: false }, signal);
      return this.#renew(signal);
    }
    const client = this.connect();
    const outcome = await this.#askWithKey<Verified | void>(
      () => client[ask](sessionKey.key, signal),
      signal,
    );
    if (outcome.ok) {
      const { facts = [], listing }: Partial<Verified> = outcome.value ?? {};
      if (ask === 'verify') this.listing = listing;
      this.#applyUnlessAborted({ type: 'verified', at: this.deps.clock.now(), facts }, signal);
      return success({ renewed: false });
    }
    if (outcome.error.kind !== 'expired') return this.#retryLater(outcome.error, signal);
    // A captive portal, or IIS while IC-Web is being replaced, may answer as if the session had expired. Then the key is kept.
    const identified = await this.#identifyUnlessKnown(signal);
    if (!identified.ok) return this.#retryLater(identified.error, signal);
    this.#applyUnlessAborted({ type: 'expired', saidByServer: true }, signal);
    return this.#renew(signal);
  }

  /**
   * A web page instead of an answer comes from a captive portal, a faulty server, or the server's own login page. After a page,
   * the server must identify itself before it gets the key again. If a second page follows, or the server has just forgotten
   * another session, this session has expired.
   */
  async #askWithKey<T>(ask: () => Promise<Outcome<T>>, signal: AbortSignal): Promise<Outcome<T>> {
    if (!this.#pageForKey) {
      const outcome = await ask();
      if (outcome.ok || outcome.error.kind !== 'page') return outcome;
      this.#pageForKey = outcome.error;
    }
    const firstPage = this.#pageForKey;
    const identified = await this.#identify(signal);
    if (!identified.ok) return identified;
    if (this.deps.isSuspect()) return failed({ ...firstPage, kind: 'expired' });
    const outcome = await ask();
    if (outcome.ok) this.#pageForKey = undefined;
    if (outcome.ok || outcome.error.kind !== 'page') return outcome;
    return failed({ ...outcome.error, kind: 'expired' });
  }

  #identifyUnlessKnown(signal: AbortSignal): Promise<Outcome<void>> {
    return this.deps.hasServerAnswered()
      ? Promise.resolve(success(undefined))
      : this.#identify(signal);
  }

  async #identify(signal: AbortSignal): Promise<Outcome<void>> {
    const outcome = await this.connect().identify(signal);
    if (outcome.ok) this.#applyUnlessAborted({ type: 'server-identified' }, signal);
    return outcome;
  }

  /** Logs in once, silently. A captive portal must never get a login, so the server must have identified itself first. */
  async #renew(signal: AbortSignal): Promise<Outcome<{ renewed: boolean }>> {
    const problem = this.credentials.whyNotRenew;
    if (problem !== undefined) {
      this.#applyUnlessAborted({ type: 'user-needed', problem, saidByServer: false }, signal);
      await this.saveSecrets(signal);
      return failed({ kind: 'refused', message: problem });
    }
    if (this.isResting) {
      this.#signOutToRest(signal);
      await this.saveSecrets(signal);
      return failed(cancelled());
    }
    const identified = await this.#identifyUnlessKnown(signal);
    if (!identified.ok) return this.#retryLater(identified.error, signal);
    this.#applyUnlessAborted({ type: 'renewal-started' }, signal);
    const outcome = await this.#logIn(signal);
    return outcome.ok ? success({ renewed: true }) : outcome;
  }

  async #logIn(
    signal: AbortSignal,
    { user, typed }: { user?: Interaction; typed?: FieldValues } = {},
  ): Promise<Outcome<void>> {
    const { clock, services } = this.deps;
    const deps = { clock, signal, ...(user && { user }) };
    const outcome = await this.credentials.logIn(services(), deps, typed);
    if (outcome.ok) {
      const { learned, sessionKey } = outcome.value;
      this.#pageForKey = undefined;
      this.update(signal.aborted ? { learned } : { learned, wanted: true });
      this.#applyUnlessAborted({ type: 'signed-in', sessionKey }, signal);
    } else {
      this.#loginFailed(outcome.error, signal);
    }
    // After a restart, Keyvigil must still know about a refused or unanswered login.
    await this.saveSecrets(signal);
    return outcome.ok ? success(undefined) : outcome;
  }

  #loginFailed(failure: Failure, signal: AbortSignal): void {
    switch (failure.kind) {
      case 'unreachable':
      case 'wait':
      case 'page':
        // The session becomes `Offline`, which promises a retry. So the user wants a session, even if the account was signed out.
        if (!signal.aborted) this.update({ wanted: true });
        this.#retryLater(failure, signal);
        break;
      case 'refused':
      case 'unexpected':
      case 'expired':
        this.#applyUnlessAborted(toUserNeededEvent(failure, this.saved), signal);
        break;
      case 'cancelled':
        this.#applyUnlessAborted({ type: 'sign-in-cancelled' }, signal);
        break;
    }
  }

  #retryLater(failure: Failure, signal: AbortSignal): Outcome<never> {
    const failures = failuresOf(this.session) + 1;
    if (failure.kind !== 'cancelled') {
      this.#applyUnlessAborted(toFailedEvent(failure, failures, this.saved, this.deps), signal);
    }
    return failed(failure);
  }

  /** Applies an event unless the task was aborted. After an abort, the next task decides about the session. */
  #applyUnlessAborted(event: SessionEvent, signal: AbortSignal): void {
    if (!signal.aborted) this.apply(event);
  }

  #inTurn<T>(task: (signal: AbortSignal) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    return this.#queue.run(async (signal) =>
      // A caller may still hold an account that an edit has replaced. Its credentials must not be sent any more.
      this.isStopped
        ? failed(cancelled())
        : task(signal).catch((error: unknown) => this.#bugFound(error, signal)),
    );
  }

  /** Handles a bug like any other failure, so that Keyvigil pauses before its next request. */
  #bugFound(error: unknown, signal: AbortSignal): Outcome<never> {
    const message = m.keyvigil_failed();
    if (problemOf(this.session) !== message) this.deps.logError(error);
    return this.#retryLater({ kind: 'unexpected', message }, signal);
  }
}
