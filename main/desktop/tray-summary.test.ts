import { expect, it } from 'vitest';
import type { AccountBrief, SessionState } from '../bridge/contract.ts';
import { summarise } from './tray-summary.ts';
import { toolTip } from './tray-words.ts';

it.each([
  [[], 'idle'],
  [['signed-out'], 'idle'],
  [['live', 'signed-out', 'renewing'], 'live'],
  [['live', 'offline'], 'offline'],
  [['offline', 'sign-in-needed', 'live'], 'sign-in-needed'],
] as const)('%j is %s', (states, summary) => {
  expect(summarise(states)).toBe(summary);
});

const brief = (name: string, state: SessionState): AccountBrief => ({
  id: name,
  name,
  state,
  hasKey: false,
});

it('names the accounts that need attention, the most urgent ones only', () => {
  const live = brief('Live', 'live');
  const offline = brief('Far', 'offline');
  const needed = [brief('Plant', 'sign-in-needed'), brief('Mine', 'sign-in-needed')];
  expect(toolTip([])).toBe('Keyvigil');
  expect(toolTip([live])).toBe('Keyvigil: all sessions live');
  expect(toolTip([live, offline])).toBe('Keyvigil\nOffline: Far');
  expect(toolTip([live, offline, ...needed])).toBe('Keyvigil\nSign-in needed: Plant, Mine');
});

it('fits a tool tip of Windows, however many accounts need attention', () => {
  const many = Array.from({ length: 50 }, (_, n) => brief(`Account ${n}`, 'offline'));
  expect(toolTip(many)).toMatch(/^.{100,126}…$/s);
});

it.each(['', 'x'])('cuts no emoji of a name in two (%j)', (before) => {
  const text = toolTip([brief(before + '🏭'.repeat(100), 'offline')]);
  expect(text.isWellFormed()).toBe(true);
});
