import { expect, test } from 'vitest';
import { dayLines, midnightOf } from './uptime-picture.ts';

/** A local time, because the picture's days are local too. */
const at = (day: number, hours = 0, minutes = 0) =>
  new Date(2026, 0, day, hours, minutes).getTime();
const live = (from: number, to: number) => ({ condition: 'live' as const, from, to });
const UNTIL = at(20, 18);

test('a new account has a line for today only', () => {
  const lines = dayLines({ stretches: [live(at(20, 12), UNTIL)], until: UNTIL });
  expect(lines).toEqual([
    { midnight: at(20), marks: [{ condition: 'live', from: 0.5, to: 0.75 }] },
  ]);
  expect(dayLines({ stretches: [], until: UNTIL })).toEqual([{ midnight: at(20), marks: [] }]);
});

test('what lasts beyond midnight is on the lines of both days, newest first', () => {
  const lines = dayLines({ stretches: [live(at(18, 12), at(19, 6))], until: UNTIL });
  expect(lines.map(({ marks }) => marks.map(({ from, to }) => [from, to]))).toEqual([
    [],
    [[0, 0.25]],
    [[0.5, 1]],
  ]);
});

test('there are at most thirty lines', () => {
  const lines = dayLines({ stretches: [live(at(-60), UNTIL)], until: UNTIL });
  expect(lines).toHaveLength(30);
  expect(lines.at(-1)).toEqual({
    midnight: at(-9),
    marks: [{ condition: 'live', from: 0, to: 1 }],
  });
});

test('days begin at midnight, even if they have 23 or 25 hours', () => {
  // Test a whole year, because it includes the changes of daylight saving.
  for (let back = 0; back < 366; back++) {
    expect(new Date(midnightOf(UNTIL, back)).getDate()).toBe(
      new Date(2026, 0, 20 - back).getDate(),
    );
  }
});
