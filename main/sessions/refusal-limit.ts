import { MINUTE_MS, type Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import { failed, type Result } from '../result.ts';
import type { Outcome } from '../systems/failure.ts';
import type { Method } from '../systems/system.ts';
import { ownerOf, toFormProblem, type FormProblem } from './account-form.ts';
import type { SavedAccount } from './saved-account.ts';

const MAX_REFUSALS = 5;
const WINDOW_MS = MINUTE_MS;

/** Limits refused sign-ins: many in a row would lock the account on the server. */
export class RefusalLimit {
  readonly #clock: Clock;
  /** The times of refused sign-ins, by the owner of the secrets (`ownerOf`). */
  readonly #refusals = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a sign-in, unless the server has refused too many in the last minute. */
  async run<T>(
    saved: SavedAccount,
    method: Method,
    signIn: () => Promise<Outcome<T>>,
  ): Promise<Result<T, FormProblem>> {
    const owner = ownerOf(saved, method);
    if (this.#recent(owner).length >= MAX_REFUSALS) {
      return failed({ message: m.wait_a_minute() });
    }
    const outcome = await signIn();
    if (outcome.ok) return outcome;
    if (outcome.error.kind === 'refused') {
      this.#refusals.set(owner, [...this.#recent(owner), this.#clock.now()]);
    }
    return failed(toFormProblem(outcome.error, method));
  }

  #recent(owner: string): readonly number[] {
    const since = this.#clock.now() - WINDOW_MS;
    const recent = (this.#refusals.get(owner) ?? []).filter((at) => at > since);
    if (recent.length === 0) this.#refusals.delete(owner);
    return recent;
  }
}
