import { m } from '../messages/index.ts';
import type { Failure, Outcome } from '../systems/failure.ts';
import type { Client, Fetch, FieldValues, Method, Services } from '../systems/system.ts';
import { missingField } from './account-form.ts';
import type { SavedAccount, Secrets } from './saved-account.ts';
import { login, type Login, type LoginDeps } from './login.ts';

/** A server may count each login as a wrong password, even if its answer never arrives. */
const MAX_UNANSWERED_LOGINS = 2;

export interface CredentialsDeps {
  readonly method: Method;
  /** A function, because the account can be edited. */
  readonly account: () => SavedAccount;
  readonly connect: (services: Services) => Client;
  /** Stores the secrets, and does not wait for that once `signal` aborts. */
  readonly save: (signal: AbortSignal) => Promise<void>;
}

/** A saved account's secrets, every login with them, and the one place that says whether Keyvigil may log in. */
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

  /** The secrets that may be sent again. */
  get usable(): FieldValues {
    return this.#isRefused ? {} : this.#values;
  }

  /** Whether a sign-in needs nothing that must be typed. */
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
  signOut(): void {
    const { signOutForgets = [] } = this.#deps.method;
    const kept = Object.entries(this.#values).filter(([id]) => !signOutForgets.includes(id));
    this.#values = Object.fromEntries(kept);
  }

  /** Call it when the user acts: earlier unanswered logins no longer count. */
  userActed(): void {
    this.#unansweredLogins = 0;
  }

  /**
   * Logs in once, and records the login before it is sent.
   * @param typed replaces the stored secrets if the server accepts it
   */
  async logIn(
    services: Services,
    deps: Omit<LoginDeps, 'saveSecrets'>,
    typed?: FieldValues,
  ): Promise<Outcome<Login>> {
    const { account, connect, save } = this.#deps;
    const unansweredBefore = this.#unansweredLogins;
    let wasSent = false as boolean;
    const fetch: Fetch = async (url, init) => {
      if (!wasSent) {
        // Recorded before it is sent: if the app is killed now, the next start must know that a login was sent.
        this.#unansweredLogins = unansweredBefore + 1;
        await save(deps.signal);
        deps.signal.throwIfAborted();
        wasSent = true;
      }
      return services.fetch(url, init);
    };
    const outcome = await login(
      connect({ ...services, fetch }),
      account(),
      { ...this.usable, ...typed },
      {
        ...deps,
        saveSecrets: (values) => {
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
    const isLost = !outcome.ok && wasSent && mayHaveArrived(outcome.error);
    this.#unansweredLogins = isAnswered(outcome) ? 0 : unansweredBefore + Number(isLost);
    return outcome;
  }

  get #allValues(): FieldValues {
    return { ...this.#deps.account().values, ...this.usable };
  }
}

/** The server looked at the credentials. A busy answer (429, 503) says nothing about earlier logins. */
function isAnswered(outcome: Outcome<unknown>): boolean {
  return outcome.ok || outcome.error.kind === 'refused' || outcome.error.kind === 'unexpected';
}

function mayHaveArrived(failure: Failure): boolean {
  return (
    failure.kind === 'cancelled' ||
    (failure.kind === 'unreachable' && ['time-out', 'cut-off'].includes(failure.reason))
  );
}
