import { expect, test } from 'vitest';
import type { Account } from '../sessions/account.ts';
import { findAccount, nearest } from './find-account.ts';

const accounts = (...names: string[]) =>
  names.map((name, index) => ({ saved: { id: `id-${index}`, name } }) as unknown as Account);
const find = (name: string, ...names: string[]) => {
  const found = findAccount(accounts(...names), name);
  return found.ok ? found.value.saved.id : found.error;
};

test.each(['Brücke Süd', 'BRÜCKE SÜD', ' brücke süd ', 'Bru\u0308cke Su\u0308d', 'ID-1'])(
  'an account is found as “%s”',
  (name) => {
    expect(find(name, 'Other', 'Brücke Süd')).toBe('id-1');
  },
);

test('a name with unusual blanks is found as keyvigil list prints it', () => {
  expect(find('Plant model', 'Other', 'Plant\u00a0\u00a0model')).toBe('id-1');
});

test('a name that two accounts have is an error that tells their ids', () => {
  expect(find('plant', 'Plant', 'PLANT')).toBe(
    '2 accounts are called "plant", so use an id: id-0 or id-1.',
  );
});

test('the error says if there is no account at all', () => {
  expect(find('plant')).toContain('no account yet');
});

test.each([
  ['plnt', 'Plant model, Perth'],
  ['tank', 'Tank farm'],
  ['model', 'Plant model, Perth'],
  ['habour tunnel', 'Harbour Tunnel'],
])('the name nearest to “%s” is “%s”', (typed, name) => {
  const names = ['Harbour Tunnel', 'Tank farm', 'Plant model, Perth', 'A', 'B', 'C'];
  expect(nearest(typed, names)[0]).toBe(name);
  expect(nearest(typed, names)).toHaveLength(3);
});
