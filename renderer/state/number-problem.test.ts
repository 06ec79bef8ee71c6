import { expect, test } from 'vitest';
import { numberProblem } from './number-problem.ts';

test.each([null, undefined, 0, 61, 2.5, NaN])('%s is not a whole number from 1 to 60', (value) => {
  expect(numberProblem(value, { min: 1, max: 60 })).toBe('Enter a whole number from 1 to 60.');
});

test('a whole number within the limits has no problem', () => {
  expect(numberProblem(20, { min: 1, max: 60 })).toBeUndefined();
});
