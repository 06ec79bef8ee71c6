import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { MINUTE_MS, type Clock } from '../../clock.ts';

/** Takes the same time for every wrong token, so that nobody can guess a token digit by digit. */
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
/** The first wrong tokens get only the shortest delay, because a user may have copied an address wrongly. */
const SHORT_DELAYS = 5;

/** Delays the answer to a wrong token. The delay grows with each wrong token, until none came for a minute. */
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
    const doublings = Math.max(0, this.#failures - SHORT_DELAYS);
    return Math.min(MIN_DELAY_MS * 2 ** doublings, MAX_DELAY_MS);
  }
}

/** 128 random bits. */
export const newToken = (): string => randomBytes(16).toString('hex');
