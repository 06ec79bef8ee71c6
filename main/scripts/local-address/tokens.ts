import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { MINUTE_MS, type Clock } from '../../clock.ts';

/** Takes as long for a token that is nearly right as for any other. */
export function findByToken<T extends { readonly localToken: string | undefined }>(
  token: string,
  owners: readonly T[],
): T | undefined {
  const digest = digestOf(token);
  let found: T | undefined;
  for (const owner of owners) {
    const { localToken } = owner;
    if (localToken !== undefined && timingSafeEqual(digestOf(localToken), digest)) found = owner;
  }
  return found;
}

const digestOf = (token: string) => createHash('sha256').update(token).digest();

const MIN_DELAY_MS = 100;
const MAX_DELAY_MS = 5000;
/** A user who copies an address wrongly should not wait. */
const FREE_FAILURES = 5;

/** How long the answer to a wrong token waits: longer with each of the last minute. */
export class WrongTokenDelay {
  readonly #clock: Clock;
  #failures = 0;
  #lastAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(): number {
    const now = this.#clock.now();
    this.#failures = now - this.#lastAt > MINUTE_MS ? 1 : this.#failures + 1;
    this.#lastAt = now;
    const doublings = Math.max(0, this.#failures - FREE_FAILURES);
    return Math.min(MIN_DELAY_MS * 2 ** doublings, MAX_DELAY_MS);
  }
}

/** 128 random bits. */
export const newToken = (): string => randomBytes(16).toString('hex');
