import { expect, it } from 'vitest';
import { summarise } from './tray-summary.ts';

it.each([
  [[], 'idle'],
  [['signed-out'], 'idle'],
  [['live', 'signed-out', 'renewing'], 'live'],
  [['live', 'offline'], 'offline'],
  [['offline', 'sign-in-needed', 'live'], 'needs-you'],
] as const)('%j is %s', (states, summary) => {
  expect(summarise(states)).toBe(summary);
});
