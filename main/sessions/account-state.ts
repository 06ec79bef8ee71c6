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
  /** A function, so that a changed setting applies from the next request on. */
  readonly services: () => Services;
  readonly clock: Clock;
  readonly random: Random;
  /** Asks the user, during one sign-in of this account. */
  readonly interaction: (saved: SavedAccount) => Interaction & { end(): void };
  readonly saveAccount: () => void;
  readonly saveSecrets: () => Promise<void>;
  /** Whether the account's server, and not for example a captive portal, has answered in the last seconds. */
  readonly hasServerAnswered: () => boolean;
  /** Whether the server has forgotten another session since this session was verified. */
  readonly isSuspect: () => boolean;
  /** Called when the session begins to rest, or is needed again. */
  readonly onRest: () => void;
  /** Called after each event. `before` is the session before it. */
  readonly onEvent: (event: SessionEvent, before: Session) => void;
  /** Logs an unexpected error. */
  readonly logError: (error: unknown) => void;
}

/** The state of one account. Only `apply` changes its session, and only `update` changes what is saved. */
export class AccountState {
  readonly system: System;
  readonly method: Method;
  /** The origin of the account's server. */
  readonly server: string;
  protected readonly deps: AccountDeps;
  readonly credentials: Credentials;
  /** When the key from the vault was last verified. The key may have expired since, so Keyvigil verifies it before trusting it. */
  readonly #storedVerifiedAt: number | undefined;
  readonly #owner: string;
  #saved: SavedAccount;
  #rhythm: Rhythm;
  #session: Session;
  #isStopped = false;
  #isResting = false;
  /** When the user or a script last asked for the session. */
  #usedAt = -Infinity;
  /** The secret part of the account's local address. */
  localToken: string | undefined;
  /** What the key gives access to, as of the last *Verify now*. */
  listing: Listing | undefined;

  constructor(
    saved: SavedAccount,
    { system, method }: { readonly system: System; readonly method: Method },
    secrets: Secrets | undefined,
    deps: AccountDeps,
  ) {
    this.#saved = saved;
    this.system = system;
    this.method = method;
    this.server = new URL(saved.address).origin;
    this.#rhythm = rhythm(system, saved.keepAliveMinutes);
    this.deps = deps;
    this.#storedVerifiedAt = secrets?.sessionKey?.verifiedAt;
    this.#owner = ownerOf(saved, method);
    const own = secrets?.owner === this.#owner ? secrets : undefined;
    this.credentials = new Credentials(own, {
      method,
      saved: () => this.#saved,
      connect: (services) => this.connect(services),
      save: (signal) => this.saveSecrets(signal),
    });
    this.localToken = own?.localToken;
    // Foreign secrets mean that the files were changed, restored or only partly written.
    const areForeign = secrets !== undefined && !own;
    const whyNotRenew = areForeign ? m.credentials_are_foreign() : this.credentials.whyNotRenew;
    this.#session = initialSession(saved, own?.sessionKey, whyNotRenew);
  }

  get saved(): SavedAccount {
    return this.#saved;
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

  /** The session key and the local address token. A copied text contains one of these. */
  get keysInUse(): readonly string[] {
    return [this.sessionKey?.key, this.localToken].filter((key) => key !== undefined);
  }

  get rhythm(): Rhythm {
    return this.#rhythm;
  }

  get target(): Target {
    return targetOf(this.#saved);
  }

  /** Whether the key was verified since Keyvigil started. If so, the session is alive unless the server has forgotten it. */
  get isKeyTrusted(): boolean {
    const { sessionKey } = this;
    return sessionKey !== undefined && sessionKey.verifiedAt !== this.#storedVerifiedAt;
  }

  /** Whether the session was unused for so long that the server must have ended it. A key of the last run is first verified. */
  get isOverdue(): boolean {
    const { expiryMs = Infinity } = this.rhythm;
    const unusedMs = this.deps.clock.now() - (this.sessionKey?.verifiedAt ?? 0);
    return this.isKeyTrusted && unusedMs >= expiryMs;
  }

  /** Whether the session is not kept alive, because nobody needs it now. */
  get isResting(): boolean {
    return this.#isResting;
  }

  /** When Keyvigil must verify or end a resting session. */
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

  /** Whether Keyvigil ends the session on the server when it rests. Never if only the user could sign in again. */
  get endsToRest(): boolean {
    return this.#saved.rest?.signOut === true && this.credentials.whyNotRenew === undefined;
  }

  /** @returns true if the session was resting and is needed again */
  updateRest(presence: Presence): boolean {
    const { clock, onRest } = this.deps;
    const unusedMs = clock.now() - this.#usedAt;
    const rests =
      this.#saved.wanted && !isNeeded(this.#saved.rest, presence, unusedMs, clock.wall());
    if (rests === this.#isResting) return false;
    this.#isResting = rests;
    // Keyvigil ended this session to let it rest: a sign-out by the user sets `wanted` to false.
    if (!rests && this.#saved.wanted && this.#session.state === 'signed-out') {
      this.apply({ type: 'renewal-started' });
    }
    onRest();
    return !rests;
  }

  /** Call this when the user or a script asks for the session. A session in use must not rest. */
  use(): void {
    this.#usedAt = this.deps.clock.now();
    if (this.#isResting) this.updateRest({ idleMs: 0, isLocked: false });
  }

  /** Call this when the server has refused another account's login: it may count refusals by user, and lock the user out. */
  learnRefusal({ secrets }: AccountState): void {
    if (!secrets.isRefused || secrets.owner !== this.#owner) return;
    if (this.credentials.learnRefusal(secrets.values)) void this.deps.saveSecrets();
  }

  apply(event: SessionEvent): void {
    if (this.#isStopped) return;
    const before = this.#session;
    this.#session = reduce(before, event);
    this.deps.onEvent(event, before);
  }

  /** Changes saved values that need no new login. */
  update(changes: Partial<Omit<SavedAccount, 'id' | 'system' | 'method' | 'address'>>): void {
    const saved = { ...this.#saved, ...changes };
    if (isDeepStrictEqual(saved, this.#saved)) return;
    this.#saved = saved;
    this.#rhythm = rhythm(this.system, saved.keepAliveMinutes);
    this.deps.saveAccount();
  }

  /** Whether Keyvigil quits, or the account was removed, or replaced by an edit. */
  protected get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Stops everything for this account. Its session stays alive on the server. */
  stop(): void {
    this.#isStopped = true;
  }

  /** The keyring may wait until its user unlocks it. An aborted task does not wait for the keyring. */
  protected async saveSecrets(signal: AbortSignal): Promise<void> {
    await Promise.race([this.deps.saveSecrets(), aborted(signal)]);
  }

  protected connect(services = this.deps.services()): Client {
    return this.system.connect(this.target, services);
  }
}
