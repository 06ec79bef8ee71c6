import { expect, it } from 'vitest';
import { worseThan } from './compare.ts';

const figure = (value: number, unit = 'times') => ({ name: 'start to icon', value, unit });

it('a ratio that is over 10 % worse is named', () => {
  expect(worseThan([figure(1)], [figure(1.2)])).toEqual([
    'start to icon is 20 % worse: 1.20 instead of 1.00 times.',
  ]);
});

it('a ratio that is a little worse is not', () => {
  expect(worseThan([figure(1)], [figure(1.09)])).toEqual([]);
});

it('a ratio that a quarter of the measurements did not find worse is not: it may be noise', () => {
  const spread = { from: 0.9, to: 1.4, of: 7 };
  expect(worseThan([figure(1)], [{ ...figure(1.2), spread }])).toEqual([]);
});

it('a ratio that nearly all measurements found worse is named', () => {
  const spread = { from: 1.1, to: 1.4, of: 7 };
  expect(worseThan([figure(1)], [{ ...figure(1.2), spread }])).toHaveLength(1);
});

it('a time, which depends on the machine, is not compared', () => {
  expect(worseThan([figure(100, 'ms')], [figure(300, 'ms')])).toEqual([]);
});

it('a figure that is new is not compared', () => {
  expect(worseThan([], [figure(3)])).toEqual([]);
});
