import fc from 'fast-check';
import { expect, it } from 'vitest';
import { settle } from '../../test/support/virtual-clock.ts';
import { createRequestLimit, MAX_CONCURRENT_REQUESTS } from './request-limit.ts';

const ORIGINS = ['https://a.example.com', 'https://b.example.com'];

it('sends at most two requests to each origin at once, in order, forgets none, and never sends an aborted one', async () => {
  const request = fc.record({ origin: fc.constantFrom(...ORIGINS), givesUp: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (requests) => {
      const limit = createRequestLimit();
      const sent: number[] = [];
      const running: { origin: string; end: () => void }[] = [];
      const aborts = requests.map(() => new AbortController());
      const results = requests.map(({ origin }, at) =>
        limit(`${origin}/path`, aborts[at]!.signal, () => {
          sent.push(at);
          return new Promise<number>((resolve) => {
            running.push({ origin, end: () => resolve(at) });
            const together = running.filter((other) => other.origin === origin).length;
            expect(together).toBeLessThanOrEqual(MAX_CONCURRENT_REQUESTS);
          });
        }).catch((reason: unknown) => reason),
      );
      await settle();
      const gaveUp = requests.map(({ givesUp }, at) => givesUp && !sent.includes(at));
      gaveUp.forEach((is, at) => is && aborts[at]!.abort(`${at} gave up`));
      await settle();
      while (running.length > 0) {
        running.shift()!.end();
        await settle();
      }
      expect(await Promise.all(results)).toEqual(
        requests.map((_, at) => (gaveUp[at] ? `${at} gave up` : at)),
      );
      for (const origin of ORIGINS) {
        const isToOrigin = (at: number) => requests[at]!.origin === origin;
        const expected = requests.map((_, at) => at).filter((at) => isToOrigin(at) && !gaveUp[at]);
        expect(sent.filter(isToOrigin)).toEqual(expected);
      }
    }),
    { numRuns: 50 },
  );
});

it('gives up at once, without waiting for its turn', async () => {
  const limit = createRequestLimit();
  const never = new AbortController().signal;
  const hang = () => new Promise<never>(() => {});
  for (let i = 0; i < MAX_CONCURRENT_REQUESTS; i++) void limit(ORIGINS[0]!, never, hang);
  const abort = new AbortController();
  const waiting = limit(ORIGINS[0]!, abort.signal, hang);
  abort.abort('given up');
  await expect(waiting).rejects.toBe('given up');
});

it('never sends a request whose signal has already aborted', async () => {
  let isSent = false;
  const sent = createRequestLimit()(ORIGINS[0]!, AbortSignal.abort('too late'), async () => {
    isSent = true;
  });
  await expect(sent).rejects.toBe('too late');
  expect(isSent).toBe(false);
});

it('returns the answer of a request that succeeds although it was aborted', async () => {
  const abort = new AbortController();
  const sent = createRequestLimit()(ORIGINS[0]!, abort.signal, async () => {
    abort.abort();
    return 'session key';
  });
  expect(await sent).toBe('session key');
});
