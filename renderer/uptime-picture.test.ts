import { expect, test } from 'vitest';
import { dayLines, midnightOf } from './uptime-picture.ts';

/** In local time, for days are. */
const at = (day: number, hours = 0, minutes = 0) =>
  new Date(2026, 0, day, hours, minutes).getTime();
const live = (from: number, to: number) => ({ condition: 'live' as const, from, to });
const UNTIL = at(20, 18);

test('of a new account, today alone is drawn', () => {
  const lines = dayLines({ stretches: [live(at(20, 12), UNTIL)], until: UNTIL });
  expect(lines).toEqual([
    { midnight: at(20), marks: [{ condition: 'live', from: 0.5, to: 0.75 }] },
  ]);
  expect(dayLines({ stretches: [], until: UNTIL })).toEqual([{ midnight: at(20), marks: [] }]);
});

test('what lasts over midnight is in the lines of both days, newest first', () => {
  const lines = dayLines({ stretches: [live(at(18, 12), at(19, 6))], until: UNTIL });
  expect(lines.map(({ marks }) => marks.map(({ from, to }) => [from, to]))).toEqual([
    [],
    [[0, 0.25]],
    [[0.5, 1]],
  ]);
});

test('thirty days are drawn at most', () => {
  const lines = dayLines({ stretches: [live(at(-60), UNTIL)], until: UNTIL });
  expect(lines).toHaveLength(30);
  expect(lines.at(-1)).toEqual({
    midnight: at(-9),
    marks: [{ condition: 'live', from: 0, to: 1 }],
  });
});

test('days begin at midnight, however long they are', () => {
  // Over a year, wherever daylight saving begins.
  for (let back = 0; back < 366; back++) {
    expect(new Date(midnightOf(UNTIL, back)).getDate()).toBe(
      new Date(2026, 0, 20 - back).getDate(),
    );
  }
});
