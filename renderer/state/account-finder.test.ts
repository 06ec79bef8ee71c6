import { expect, test } from 'vitest';
import type { AccountView } from '../../main/bridge/contract.ts';
import { AccountFinder } from './account-finder.svelte.ts';
import { account } from '../../test/support/fake-main-process.ts';

const many = (count: number, changes: (index: number) => Partial<AccountView> = () => ({})) =>
  Array.from({ length: count }, (_, index) =>
    account({ id: `a${index}`, name: `Account ${index}`, ...changes(index) }),
  );

function finder(accounts: readonly AccountView[]) {
  const found = new AccountFinder(() => accounts);
  const names = () => found.shown.map(({ name }) => name);
  return { found, names };
}

test('searching is offered from six accounts on', () => {
  expect(finder(many(5)).found.isOffered).toBe(false);
  expect(finder(many(6)).found.isOffered).toBe(true);
});

test.each([
  ['turb', ['Turbine']],
  ['TURBINE', ['Turbine']],
  ['munchen', ['Werk München']],
  ['hafenstrasse', ['Hafenstraße']],
  ['HAFENSTRASSE', ['Hafenstraße']],
  ['hafenstraße', ['Hafenstraße']],
  ['rib', ['Projects']],
  ['second.example', ['Projects']],
  ['maria', ['Turbine']],
  ['turb maria', ['Turbine']],
  ['turb projects', []],
  ['  ', ['Turbine', 'Werk München', 'Hafenstraße', 'Projects']],
])('%j finds %j by name, server, user or system', (text, names) => {
  const { found, names: shown } = finder([
    account({ id: 'a1', name: 'Turbine', user: 'maria' }),
    account({ id: 'a2', name: 'Werk München' }),
    account({ id: 'a4', name: 'Hafenstraße' }),
    account({
      id: 'a3',
      name: 'Projects',
      systemName: 'RIB CX',
      address: 'https://second.example.com',
    }),
  ]);
  found.text = text;
  expect(shown()).toEqual(names);
});

test('from twelve accounts on they are grouped by server, pinned ones first', () => {
  const { found } = finder(
    many(12, (index) => ({
      pinned: index === 0,
      address: `https://${index % 2 ? 'odd' : 'even'}.example.com/path`,
    })),
  );
  expect(found.groups.map(({ name, accounts }) => [name, accounts.length])).toEqual([
    ['Pinned', 1],
    ['odd.example.com', 6],
    ['even.example.com', 5],
  ]);
});

test('a collapsed group shows its accounts again when they are searched for', () => {
  const { found, names } = finder(many(12));
  found.toggle('first.example.com');
  expect(names()).toEqual([]);
  found.text = 'Account 11';
  expect(names()).toEqual(['Account 11']);
  found.text = '';
  found.toggle('first.example.com');
  expect(names()).toHaveLength(12);
});

test('no account stays hidden in a collapsed group when there are too few accounts for groups', () => {
  const { found, names } = finder(many(11));
  found.toggle('first.example.com');
  expect(names()).toHaveLength(11);
});

test('the search box stays until it is empty, also if a removal leaves too few accounts for it', () => {
  const { found } = finder(many(5));
  found.text = 'Account 3';
  expect(found.isOffered).toBe(true);
});
