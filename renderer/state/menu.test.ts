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

test('arrows wrap around; Home and End go to the ends', () => {
  const { state } = menu();
  const at = (key: string) => (state.handleKey(key), state.focusedIndex);
  expect([at('ArrowUp'), at('ArrowDown'), at('ArrowDown'), at('End'), at('Home')]).toEqual([
    2, 0, 1, 2, 0,
  ]);
});

test('a letter goes to the next entry that begins with it', () => {
  const { state } = menu();
  expect(state.handleKey('v')).toBe(true);
  expect(state.focusedIndex).toBe(2);
  expect(state.handleKey('x')).toBe(false);
});

test('Enter and Space are left to the entry', () => {
  const { state } = menu();
  expect(state.handleKey('Enter')).toBe(false);
  expect(state.handleKey(' ')).toBe(false);
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

test('a submenu replaces the menu, and Escape leads back before it closes', () => {
  const { state, done } = menu();
  state.choose(1);
  expect(labels(state)).toEqual(['Back', 'HTTP header', 'curl']);
  expect(state.focusedIndex).toBe(1);
  state.handleKey('Escape');
  expect(labels(state)).toEqual(['Details', 'Copy as …', 'Verify now']);
  expect(state.focusedIndex).toBe(1);
  expect(done).toEqual([]);
  state.handleKey('Escape');
  expect(done).toEqual(['closed']);
});

test('the right arrow opens a submenu, and the left arrow leaves it', () => {
  const { state } = menu();
  state.handleKey('ArrowDown');
  state.handleKey('ArrowRight');
  expect(state.isSubmenu).toBe(true);
  state.handleKey('ArrowLeft');
  expect(state.isSubmenu).toBe(false);
});

test('an entry of a submenu runs', () => {
  const { state, done } = menu();
  state.choose(1);
  state.choose(2);
  expect(done).toEqual(['closed', 'curl']);
});
