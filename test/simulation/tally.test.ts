import { expect, it } from 'vitest';
import { addTime, mergeTallies, NO_TIME } from './tally.ts';

it('adds up times over several runs', () => {
  const first = addTime(addTime(NO_TIME, 20_000), 5000);
  const second = addTime(NO_TIME, 30_000);
  expect(mergeTallies([first, second, NO_TIME])).toEqual({
    count: 3,
    totalMs: 55_000,
    longestMs: 30_000,
  });
});
