import { MINUTE_MS, SECOND_MS, type Random } from '../clock.ts';

export const FIRST_RETRY_MS = 5 * SECOND_MS;
export const LONGEST_RETRY_MS = 5 * MINUTE_MS;

/**
 * How long to wait before a server that could not be reached is tried again, in milliseconds: "full jitter", drawn evenly
 * from a range that doubles with each attempt, so that many clients of one server do not come back in step.
 * @param attempts how often it has failed in a row, from 1
 */
export function retryDelayMs(attempts: number, random: Random): number {
  const ceiling = Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS);
  return FIRST_RETRY_MS + random() * (ceiling - FIRST_RETRY_MS);
}
