import type { Result } from '../result.ts';
import type { FieldValues, System } from '../systems/system.ts';
import { findMethod, type FormProblem } from './account-form.ts';
import type { AccountDeps } from './account-state.ts';
import { targetOf, type SavedAccount } from './saved-account.ts';
import { logInOnce, type Login } from './login.ts';
import { RefusalLimit } from './refusal-limit.ts';

export interface SignInAttemptsDeps extends Pick<
  AccountDeps,
  'services' | 'clock' | 'interaction'
> {
  readonly systems: readonly System[];
}

/** Sign-ins with a new or edited account. The account is saved only if the sign-in succeeds. */
export class SignInAttempts {
  readonly #deps: SignInAttemptsDeps;
  readonly refusalLimit: RefusalLimit;
  /** By the account's id. */
  readonly #running = new Map<string, AbortController>();

  constructor(deps: SignInAttemptsDeps) {
    this.#deps = deps;
    this.refusalLimit = new RefusalLimit(deps.clock);
  }

  /** Logs in once. A running sign-in of the same account is cancelled. */
  async signIn(
    saved: SavedAccount,
    secretValues: FieldValues,
  ): Promise<Result<Login, FormProblem>> {
    const { systems, services, clock, interaction } = this.#deps;
    const { system, method } = findMethod(systems, saved)!;
    const { id } = saved;
    const client = system.connect(targetOf(saved), services());
    const controller = new AbortController();
    this.cancel(id);
    this.#running.set(id, controller);
    const user = interaction(saved);
    const { signal } = controller;
    const logIn = () => logInOnce(client, saved, secretValues, { clock, user, signal });
    return this.refusalLimit.run(saved, method, logIn).finally(() => {
      user.end();
      if (this.#running.get(id) === controller) this.#running.delete(id);
    });
  }

  get areRunning(): boolean {
    return this.#running.size > 0;
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
  }
}
