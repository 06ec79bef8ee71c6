import type { Problem, Result } from '../../main/bridge/contract.ts';

/**
 * One try at a time at something that the user may give up while it runs. Giving up frees the form at once; what the
 * given-up try still answers is ignored, unless it came through after all.
 */
export class Attempt {
  busy = $state(false);
  problem = $state.raw<Problem>();
  #current = 0;

  /** `work` gives undefined where the request itself failed, which has been said elsewhere by then. */
  async run<T>(
    work: () => Promise<Result<T> | undefined>,
    done: (value: T) => void,
  ): Promise<void> {
    if (this.busy) return;
    const mine = ++this.#current;
    this.busy = true;
    this.problem = undefined;
    const result = await work();
    if (mine === this.#current) this.busy = false;
    if (result?.ok) done(result.value);
    else if (mine === this.#current) this.problem = result?.error;
  }

  giveUp(): void {
    this.#current += 1;
    this.busy = false;
  }

  /** While it runs, gives it up and stops it, and leaves everything as it is; else closes. */
  cancel(stop: () => void, close: () => void): void {
    if (!this.busy) return close();
    this.giveUp();
    stop();
  }

  fail(problem: Problem): void {
    this.problem = problem;
  }
}
