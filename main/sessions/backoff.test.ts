import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FIRST_RETRY_MS, LONGEST_RETRY_MS, retryDelayMs } from './backoff.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 5000 });

it('stays between 5 s and 5 min however often it failed', () => {
  fc.assert(
    fc.property(attempts, random, (count, drawn) => {
      const delay = retryDelayMs(count, () => drawn);
      expect(delay).toBeGreaterThanOrEqual(FIRST_RETRY_MS);
      expect(delay).toBeLessThanOrEqual(LONGEST_RETRY_MS);
    }),
  );
});

it('never gets shorter with more failures, for the same draw', () => {
  fc.assert(
    fc.property(attempts, random, (count, drawn) => {
      const at = (failures: number) => retryDelayMs(failures, () => drawn);
      expect(at(count + 1)).toBeGreaterThanOrEqual(at(count));
    }),
  );
});

it('spreads the very first retry, too', () => {
  expect(retryDelayMs(1, () => 0.99)).toBeGreaterThan(retryDelayMs(1, () => 0.01) + 4000);
});
