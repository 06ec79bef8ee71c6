import fc from 'fast-check';
import { expect, it } from 'vitest';
import { settle } from '../../test/support/virtual-clock.ts';
import { Gate } from './gate.ts';

it('never lets in more than it may, forgets nobody, and keeps the order, whoever gives up meanwhile', async () => {
  const visitors = fc.array(fc.record({ givesUp: fc.boolean() }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), visitors, async (most, people) => {
      const gate = new Gate(most);
      const admitted: number[] = [];
      const inside: (() => void)[] = [];
      const aborts = people.map(() => new AbortController());
      people.forEach((_, at) => {
        void gate.enter(aborts[at]!.signal).then((leave) => {
          if (aborts[at]!.signal.aborted) return leave();
          admitted.push(at);
          inside.push(leave);
          expect(inside.length).toBeLessThanOrEqual(most);
        });
      });
      await settle();
      const waiting = people.map((person, at) => person.givesUp && !admitted.includes(at));
      waiting.forEach((givesUp, at) => givesUp && aborts[at]!.abort());
      await settle();
      while (inside.length > 0) {
        inside.shift()!();
        await settle();
      }
      expect(admitted).toEqual(people.map((_, at) => at).filter((at) => !waiting[at]));
    }),
    { numRuns: 50 },
  );
});
