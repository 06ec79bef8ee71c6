import { HOUR_MS } from '../main/clock.ts';
import { expect, it } from 'vitest';
import { stripPaths } from './uptime-strip.ts';

const NOW = 100 * HOUR_MS;
const at = (hoursAgo: number) => NOW - hoursAgo * HOUR_MS;

it('has a shape of its own for each condition, at its minutes of the day', () => {
  const paths = stripPaths(
    [
      { condition: 'offline', from: at(6), to: at(5) },
      { condition: 'live', from: at(24), to: at(6) },
      { condition: 'live', from: at(5), to: at(1) },
      { condition: 'user-needed', from: at(1) },
    ],
    NOW,
  );
  expect(paths).toEqual({
    live: 'M0 2h1080v2h-1080zM1140 2h240v2h-240z',
    offline: 'M1080 0h60v6h-60z',
    'user-needed': 'M1380 2h60v4h-60z',
  });
});

it('shows a moment of trouble too, also at its end, and nothing older than a day', () => {
  const path = (from: number, to?: number) =>
    stripPaths([{ condition: 'offline', from, to }], NOW).offline;
  expect(path(at(12), at(12) + 1000)).toBe('M720 0h15v6h-15z');
  expect(path(NOW - 1000)).toBe('M1425 0h15v6h-15z');
  expect(path(at(30), at(25))).toBe('');
});
