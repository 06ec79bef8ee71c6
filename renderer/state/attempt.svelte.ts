import type { Problem, Result } from '../../main/bridge/contract.ts';
import type { Ask } from './main-process.svelte.ts';

/**
 * A form's sign-in, one at a time. Cancelling frees the form at once. A later answer of a cancelled attempt is ignored, unless
 * the attempt succeeded.
 */
export class Attempt {
  /** The account that is being signed in to; undefined while nothing runs. */
  accountId = $state<string>();
  problem = $state.raw<Problem>();
  readonly isBusy = $derived(this.accountId !== undefined);
  readonly #ask: Ask;
  readonly #onProblem: (problem: Problem) => void;
  #latest = 0;

  constructor(ask: Ask, onProblem: (problem: Problem) => void = () => {}) {
    this.#ask = ask;
    this.#onProblem = onProblem;
  }

  /** @param request resolves with undefined if it failed and the user was already told */
  async run(
    accountId: string,
    request: () => Promise<Result<void, Problem> | undefined>,
    onSuccess: () => void,
  ): Promise<void> {
    if (this.isBusy) return;
    const attempt = ++this.#latest;
    this.accountId = accountId;
    this.problem = undefined;
    const result = await request();
    const isLatest = attempt === this.#latest;
    if (isLatest) this.accountId = undefined;
    if (result?.ok) onSuccess();
    else if (result && isLatest) this.fail(result.error);
  }

  cancel(): void {
    if (this.accountId === undefined) return;
    void this.#ask('cancelSignIn', { id: this.accountId });
    this.#latest += 1;
    this.accountId = undefined;
  }

  /** Removes the problem if it belongs to this field. */
  forgetProblem(field: string): void {
    if (this.problem?.field === field) this.problem = undefined;
  }

  fail(problem: Problem): void {
    this.problem = problem;
    this.#onProblem(problem);
  }
}
