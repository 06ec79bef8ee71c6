import { expect, test } from 'vitest';
import { MenuState, type MenuEntry } from './menu.svelte.ts';

function menu() {
  const done: string[] = [];
  const entries: MenuEntry[] = [
    { label: 'Details', run: () => done.push('details') },
    {
      label: 'Copy as …',
      entries: [
        { label: 'HTTP header', run: () => done.push('header') },
        { label: 'curl', run: () => done.push('curl') },
      ],
    },
    { label: 'Verify now', disabled: true, run: () => done.push('verify') },
  ];
  const state = new MenuState(
    () => entries,
    () => done.push('closed'),
  );
  return { state, done };
}

const labels = (state: MenuState) => state.entries.map(({ label }) => label);

test('arrows go round; Home and End go to the ends', () => {
  const { state } = menu();
  const at = (key: string) => (state.press(key), state.at);
  expect([at('ArrowUp'), at('ArrowDown'), at('ArrowDown'), at('End'), at('Home')]).toEqual([
    2, 0, 1, 2, 0,
  ]);
});

test('a letter goes to the next entry that begins with it', () => {
  const { state } = menu();
  expect(state.press('v')).toBe(true);
  expect(state.at).toBe(2);
  expect(state.press('x')).toBe(false);
});

test('Enter and Space are left to the entry itself', () => {
  const { state } = menu();
  expect(state.press('Enter')).toBe(false);
  expect(state.press(' ')).toBe(false);
});

test('a choice closes the menu, then runs', () => {
  const { state, done } = menu();
  state.choose(0);
  expect(done).toEqual(['closed', 'details']);
});

test('a disabled entry does nothing', () => {
  const { state, done } = menu();
  state.choose(2);
  expect(done).toEqual([]);
});

test('the second level takes the place of the first, and Escape leads back before it closes', () => {
  const { state, done } = menu();
  state.choose(1);
  expect(labels(state)).toEqual(['Back', 'HTTP header', 'curl']);
  expect(state.at).toBe(1);
  state.press('Escape');
  expect(labels(state)).toEqual(['Details', 'Copy as …', 'Verify now']);
  expect(state.at).toBe(1);
  expect(done).toEqual([]);
  state.press('Escape');
  expect(done).toEqual(['closed']);
});

test('the right arrow opens the second level, and the left one leaves it', () => {
  const { state } = menu();
  state.press('ArrowDown');
  state.press('ArrowRight');
  expect(state.isSecondLevel).toBe(true);
  state.press('ArrowLeft');
  expect(state.isSecondLevel).toBe(false);
});

test('what is chosen on the second level runs', () => {
  const { state, done } = menu();
  state.choose(1);
  state.choose(2);
  expect(done).toEqual(['closed', 'curl']);
});
