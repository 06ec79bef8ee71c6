import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
import type { Failure } from '../systems/failure.ts';
import { MAX_RETRY_MS, MIN_RETRY_MS, retryDelayMs, toFailedEvent } from './failure-events.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.integer({ min: 1, max: 5000 });

describe('the delay before a retry', () => {
  it('stays between 5 s and 4 min, however many failures there were', () => {
    fc.assert(
      fc.property(failures, random, (count, drawn) => {
        const delay = retryDelayMs(count, () => drawn);
        expect(delay).toBeGreaterThanOrEqual(MIN_RETRY_MS);
        expect(delay).toBeLessThanOrEqual(MAX_RETRY_MS);
      }),
    );
  });

  it('never gets shorter with more failures, for the same random number', () => {
    fc.assert(
      fc.property(failures, random, (count, drawn) => {
        const delayAfter = (failures: number) => retryDelayMs(failures, () => drawn);
        expect(delayAfter(count + 1)).toBeGreaterThanOrEqual(delayAfter(count));
      }),
    );
  });

  it('is spread from the first retry on', () => {
    expect(retryDelayMs(1, () => 0.99)).toBeGreaterThan(retryDelayMs(1, () => 0.01) + 4000);
  });
});

describe('a failure', () => {
  const account = { address: 'https://nexus.example.com/data/icweb.dll', keepAliveMinutes: 8 };
  const deps = { clock: new VirtualClock(), random: () => 0.999 };
  const waitMs = (failure: Failure, failures: number) => {
    const event = toFailedEvent(failure, failures, account, deps);
    return event.type === 'failed' ? event.retryAt - deps.clock.now() : NaN;
  };
  const host = 'nexus.example.com';
  const down: Failure = { kind: 'unreachable', reason: 'connection', host, message: 'Down.' };

  it('that cannot be understood is retried within seconds, then as rarely as the keep-alive', () => {
    const odd: Failure = { kind: 'unexpected', message: 'Odd.' };
    expect(waitMs(odd, 1)).toBeLessThanOrEqual(10 * SECOND_MS);
    expect(waitMs(odd, 20)).toBeGreaterThan(7.9 * MINUTE_MS);
    expect(waitMs(odd, 20)).toBeLessThanOrEqual(8 * MINUTE_MS);
  });

  it('with a wait that the server asked for is retried some time after that wait', () => {
    const busy: Failure = { kind: 'wait', retryAfterMs: 600_000, host, message: 'Busy.' };
    expect(waitMs(busy, 1)).toBeGreaterThan(600_000);
    expect(toFailedEvent(busy, 1, account, deps)).toMatchObject({
      notBefore: deps.clock.now() + 600_000,
    });
  });

  it('of another host, such as Microsoft’s, says nothing about the account’s server', () => {
    expect(toFailedEvent(down, 1, account, deps)).toMatchObject({ isServerAway: true });
    const other = { ...down, host: 'login.microsoftonline.com' };
    expect(toFailedEvent(other, 1, account, deps)).toMatchObject({ isServerAway: false });
  });
});
