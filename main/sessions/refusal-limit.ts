import { MINUTE_MS, type Clock } from '../clock.ts';

const MAX_REFUSALS = 5;
const WINDOW_MS = MINUTE_MS;

/** Counts refused sign-ins, so that a user's impatience does not lock the account on the server. */
export class RefusalLimit {
  readonly #clock: Clock;
  /** When sign-ins were refused, by what they were for. */
  readonly #refusals = new Map<string, readonly number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(owner: string): void {
    this.#refusals.set(owner, [...this.#recent(owner), this.#clock.now()]);
  }

  /** Why the next sign-in must wait; undefined if it need not. */
  problemOf(owner: string): string | undefined {
    if (this.#recent(owner).length < MAX_REFUSALS) return undefined;
    return `The server refused ${MAX_REFUSALS} sign-ins in a minute. Wait a minute, because more could lock your account.`;
  }

  #recent(owner: string): readonly number[] {
    const since = this.#clock.now() - WINDOW_MS;
    const recent = (this.#refusals.get(owner) ?? []).filter((at) => at > since);
    if (recent.length === 0) this.#refusals.delete(owner);
    return recent;
  }
}
