import { expect, test } from 'vitest';
import { inOrder, moved } from './account-order.ts';
import { NO_CHOICES, type SavedAccount } from './saved-account.ts';

const account = (name: string, changes: Partial<SavedAccount>) =>
  ({ saved: { ...NO_CHOICES, name, ...changes } as SavedAccount }) as const;
const ALL = [
  account('a', { lastCopiedAt: 1 }),
  account('b', { pinned: true, lastCopiedAt: 1 }),
  account('c', { lastCopiedAt: 3 }),
  account('d', { pinned: true, lastCopiedAt: 2 }),
  account('e', {}),
];
const names = (order: Parameters<typeof inOrder>[1]) =>
  inOrder(ALL, order)
    .map(({ saved }) => saved.name)
    .join('');

test('pinned accounts stand first, each part in the user’s own order', () => {
  expect(names('own')).toBe('bdace');
});

test('pinned accounts stand first, each part with the last copied one at its top', () => {
  expect(names('last-copied')).toBe('dbcae');
});

test.each([
  ['c', 'a', 'cab'],
  ['a', 'c', 'bac'],
  ['a', undefined, 'bca'],
  ['b', 'b', 'abc'],
])('%s moved before %s', (one, before, after) => {
  expect(moved(['a', 'b', 'c'], one, before).join('')).toBe(after);
});
