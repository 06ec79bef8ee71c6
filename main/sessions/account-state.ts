import { isDeepStrictEqual } from 'node:util';
import { aborted } from '../abort.ts';
import type { Clock, Random } from '../clock.ts';
import { m } from '../messages/index.ts';
import type {
  Client,
  Interaction,
  Listing,
  Method,
  Services,
  System,
  Target,
} from '../systems/system.ts';
import { ownerOf } from './account-form.ts';
import { targetOf, type SavedAccount, type Secrets, type SessionKey } from './saved-account.ts';
import { Credentials } from './credentials.ts';
import { isNeeded, type Presence } from './rest.ts';
import { rhythm, type Rhythm } from './rhythm.ts';
import {
  initialSession,
  reduce,
  sessionKeyOf,
  type Session,
  type SessionEvent,
} from './session.ts';

export interface AccountDeps {
  /** Read for each request, so that a changed setting takes effect at once. */
  readonly services: () => Services;
  readonly clock: Clock;
  readonly random: Random;
  /** The user, for one sign-in of this account. */
  readonly interaction: (account: SavedAccount) => Interaction & { end(): void };
  readonly saveAccount: () => void;
  readonly saveSecrets: () => Promise<void>;
  /** The account's server has answered as itself in the last seconds. */
  readonly hasServerAnswered: () => boolean;
  /** The server has forgotten another session since this one was verified. */
  readonly isSuspect: () => boolean;
  /** The session begins to rest, or is needed again. */
  readonly onRest: () => void;
  /** Called after each event. `before` is the session before it. */
  readonly onEvent: (event: SessionEvent, before: Session) => void;
  /** Logs a bug. */
  readonly report: (error: unknown) => void;
}

/** What is known about one account. The session changes by `apply` only, and the account by `update`. */
export class AccountState {
  readonly system: System;
  readonly method: Method;
  /** The origin of its server. */
  readonly server: string;
  protected readonly deps: AccountDeps;
  readonly credentials: Credentials;
  /** When the stored key was last verified. It may have expired since, so it is not trusted until it is verified again. */
  readonly #storedVerifiedAt: number | undefined;
  readonly #owner: string;
  #account: SavedAccount;
  #rhythm: Rhythm;
  #session: Session;
  #hasEnded = false;
  #isResting = false;
  /** When its user or a script last asked for the session. */
  #usedAt = -Infinity;
  /** The secret part of the account's local address. */
  localToken: string | undefined;
  /** What the key gives access to, as of the last *Verify now*. */
  listing: Listing | undefined;

  constructor(
    account: SavedAccount,
    { system, method }: { readonly system: System; readonly method: Method },
    secrets: Secrets | undefined,
    deps: AccountDeps,
  ) {
    this.#account = account;
    this.system = system;
    this.method = method;
    this.server = new URL(account.address).origin;
    this.#rhythm = rhythm(system, account.keepAliveMinutes);
    this.deps = deps;
    this.#storedVerifiedAt = secrets?.sessionKey?.verifiedAt;
    this.#owner = ownerOf(account, method);
    const own = secrets?.owner === this.#owner ? secrets : undefined;
    this.credentials = new Credentials(own, {
      method,
      account: () => this.#account,
      connect: (services) => this.connect(services),
      save: (signal) => this.saveSecrets(signal),
    });
    this.localToken = own?.localToken;
    // Why the secrets do not fit the account: the files were changed, restored or half written.
    const areForeign = secrets !== undefined && !own;
    const whyNotRenew = areForeign ? m.credentials_are_foreign() : this.credentials.whyNotRenew;
    this.#session = initialSession(account, own?.sessionKey, whyNotRenew);
  }

  get saved(): SavedAccount {
    return this.#account;
  }

  get session(): Session {
    return this.#session;
  }

  get sessionKey(): SessionKey | undefined {
    return sessionKeyOf(this.#session);
  }

  get secrets(): Secrets {
    const { sessionKey, localToken } = this;
    return {
      owner: this.#owner,
      ...this.credentials.secrets,
      ...(sessionKey && { sessionKey }),
      ...(localToken !== undefined && { localToken }),
    };
  }

  get rhythm(): Rhythm {
    return this.#rhythm;
  }

  get target(): Target {
    return targetOf(this.#account);
  }

  /** Whether the key was verified in this run. Then it is alive, unless the server has forgotten its sessions. */
  get isKeyTrusted(): boolean {
    const { sessionKey } = this;
    return sessionKey !== undefined && sessionKey.verifiedAt !== this.#storedVerifiedAt;
  }

  /** The session has been unused for so long that the server must have ended it. */
  get isOverdue(): boolean {
    const { expiryMs = Infinity } = this.rhythm;
    const unusedMs = this.deps.clock.now() - (this.sessionKey?.verifiedAt ?? 0);
    return this.isKeyTrusted && unusedMs >= expiryMs;
  }

  /** Nobody needs the session now: it is not kept alive. */
  get isResting(): boolean {
    return this.#isResting;
  }

  /** When Keyvigil must act on a resting session: to end it if its user wants that, or because it has expired. */
  get restDueAt(): number {
    const { session, sessionKey } = this;
    switch (session.state) {
      case 'renewing':
        return -Infinity;
      case 'live':
      case 'offline':
        if (!sessionKey || this.endsToRest) return -Infinity;
        return sessionKey.verifiedAt + (this.rhythm.expiryMs ?? Infinity);
      case 'signed-out':
      case 'signing-in':
      case 'sign-in-needed':
        return Infinity;
    }
  }

  /** Whether resting ends the session on the server. Only if Keyvigil can sign in again without the user. */
  get endsToRest(): boolean {
    return this.#account.rest?.signOut === true && this.credentials.whyNotRenew === undefined;
  }

  /** @returns whether the session rested until now, and is needed again */
  updateRest(presence: Presence): boolean {
    const { clock, onRest } = this.deps;
    const unusedMs = clock.now() - this.#usedAt;
    const rests =
      this.#account.wanted && !isNeeded(this.#account.rest, presence, unusedMs, clock.wall());
    if (rests === this.#isResting) return false;
    this.#isResting = rests;
    // The account is still wanted, unlike one whose user signed out.
    if (!rests && this.#account.wanted && this.#session.state === 'signed-out') {
      this.apply({ type: 'renewal-started' });
    }
    onRest();
    return !rests;
  }

  /** Call it when the user or a script asks for the session: it must not rest now. */
  use(): void {
    this.#usedAt = this.deps.clock.now();
    if (this.#isResting) this.updateRest({ idleMs: 0, isLocked: false });
  }

  apply(event: SessionEvent): void {
    if (this.#hasEnded) return;
    const before = this.#session;
    this.#session = reduce(before, event);
    this.deps.onEvent(event, before);
  }

  /** Changes what needs no new login. */
  update(changes: Partial<Omit<SavedAccount, 'id' | 'system' | 'method' | 'address'>>): void {
    const account = { ...this.#account, ...changes };
    if (isDeepStrictEqual(account, this.#account)) return;
    this.#account = account;
    this.#rhythm = rhythm(this.system, account.keepAliveMinutes);
    this.deps.saveAccount();
  }

  /** Stops everything for this account. Its session stays alive on the server. */
  end(): void {
    this.#hasEnded = true;
  }

  /** The keyring may wait for its user. A task that was aborted does not wait for the keyring. */
  protected async saveSecrets(signal: AbortSignal): Promise<void> {
    await Promise.race([this.deps.saveSecrets(), aborted(signal)]);
  }

  protected connect(services = this.deps.services()): Client {
    return this.system.connect(this.target, services);
  }
}
