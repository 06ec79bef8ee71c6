import { isDeepStrictEqual } from 'node:util';
import { m } from '../messages/index.ts';
import type { Outcome } from '../systems/failure.ts';
import type { Client, Fetch, FieldValues, Method, Services } from '../systems/system.ts';
import { missingField } from './account-form.ts';
import type { SavedAccount, Secrets } from './saved-account.ts';
import { logInOnce, type Login, type LoginDeps } from './login.ts';

/** A server may count an unanswered login as a wrong password, and lock the account after a few of these. */
const MAX_UNANSWERED_LOGINS = 2;

export interface CredentialsDeps {
  readonly method: Method;
  /** A function, because the account can be edited. */
  readonly saved: () => SavedAccount;
  readonly connect: (services: Services) => Client;
  /** Stores the secrets. Resolves early if `signal` aborts. */
  readonly save: (signal: AbortSignal) => Promise<void>;
}

/** The secrets of a saved account. Logs in with them, and alone decides whether Keyvigil may log in without the user. */
export class Credentials {
  readonly #deps: CredentialsDeps;
  #values: FieldValues;
  #isRefused: boolean;
  #unansweredLogins: number;

  constructor(stored: Secrets | undefined, deps: CredentialsDeps) {
    this.#deps = deps;
    this.#values = stored?.values ?? {};
    this.#isRefused = stored?.isRefused ?? false;
    this.#unansweredLogins = stored?.unansweredLogins ?? 0;
  }

  get secrets(): Omit<Secrets, 'owner' | 'sessionKey'> {
    return {
      values: this.#values,
      isRefused: this.#isRefused,
      unansweredLogins: this.#unansweredLogins,
    };
  }

  /** The secrets that Keyvigil may send: none after a refusal. */
  get usable(): FieldValues {
    return this.#isRefused ? {} : this.#values;
  }

  /** Whether every field that a sign-in needs has a value. */
  get canSignInAlone(): boolean {
    return missingField(this.#deps.method, this.#allValues) === undefined;
  }

  /** Why Keyvigil may not log in without the user, in a sentence for the user; undefined if it may. */
  get whyNotRenew(): string | undefined {
    const { method } = this.#deps;
    const canRenew = method.canRenew?.(this.#allValues) ?? this.canSignInAlone;
    if (!canRenew) return this.whyNotAlone;
    if (this.#unansweredLogins < MAX_UNANSWERED_LOGINS || method.neverLocks) return undefined;
    return m.two_sign_ins_unanswered();
  }

  get whyNotAlone(): string {
    return this.#isRefused ? m.credentials_were_refused() : m.no_credentials_saved();
  }

  /** Drops what must not survive signing out. */
  forgetAtSignOut(): void {
    const { signOutForgets = [] } = this.#deps.method;
    const kept = Object.entries(this.#values).filter(([id]) => !signOutForgets.includes(id));
    this.#values = Object.fromEntries(kept);
  }

  /**
   * Call this when the server has refused another account of the same owner. The same values must not be sent again.
   * @returns true if they are the same
   */
  learnRefusal(values: FieldValues): boolean {
    if (this.#isRefused || !isDeepStrictEqual(values, this.#values)) return false;
    this.#isRefused = true;
    return true;
  }

  /** Call this when the user signs in. Unanswered logins before that no longer count. */
  forgetUnanswered(): void {
    this.#unansweredLogins = 0;
  }

  /**
   * Logs in once, and records the login before sending it.
   * @param typed secrets that replace the stored ones if the server accepts them
   */
  async logIn(
    services: Services,
    deps: Omit<LoginDeps, 'replaceSecrets'>,
    typed?: FieldValues,
  ): Promise<Outcome<Login>> {
    const { saved, connect, save } = this.#deps;
    const unansweredBefore = this.#unansweredLogins;
    let wasSent = false as boolean;
    const fetch: Fetch = async (url, init) => {
      if (!wasSent) {
        // Record the login before sending it: if the app is killed now, the next start must know that one was sent.
        this.#unansweredLogins = unansweredBefore + 1;
        await save(deps.signal);
        deps.signal.throwIfAborted();
        wasSent = true;
      }
      return services.fetch(url, init);
    };
    const outcome = await logInOnce(
      connect({ ...services, fetch }),
      saved(),
      { ...this.usable, ...typed },
      {
        ...deps,
        replaceSecrets: (values) => {
          this.#values = values;
          return save(deps.signal);
        },
      },
    );
    if (outcome.ok) {
      this.#values = outcome.value.secretValues;
      this.#isRefused = false;
    } else if (outcome.error.kind === 'refused' && typed === undefined) {
      this.#isRefused = true;
    }
    this.#unansweredLogins = countUnanswered(outcome, { before: unansweredBefore, wasSent });
    return outcome;
  }

  get #allValues(): FieldValues {
    return { ...this.#deps.saved().values, ...this.usable };
  }
}

/** The new number of logins in a row without an answer. */
function countUnanswered(
  outcome: Outcome<unknown>,
  { before, wasSent }: { readonly before: number; readonly wasSent: boolean },
): number {
  if (outcome.ok) return 0;
  const { error } = outcome;
  switch (error.kind) {
    // The server has checked the credentials.
    case 'refused':
    case 'unexpected':
      return 0;
    case 'cancelled':
      return wasSent ? before + 1 : before;
    case 'unreachable': {
      const mayHaveArrived = error.reason === 'time-out' || error.reason === 'cut-off';
      return wasSent && mayHaveArrived ? before + 1 : before;
    }
    // The server did not check the credentials.
    case 'wait':
    case 'page':
    case 'expired':
      return before;
  }
}
