import { expect, test } from 'vitest';
import type { AccountView } from '../../main/bridge/contract.ts';
import { accountMenu } from './account-menu.ts';
import { account, createPopup, settle, type Answers } from './fakes.ts';

async function menu(of: AccountView, answers: Answers = {}) {
  const { popup, ...rest } = await createPopup(answers);
  const entries = accountMenu(of, popup);
  const entry = (label: string) => entries.find((entry) => entry.label === label);
  return { ...rest, entries, entry };
}

test('the entries are those of the design, in their order', async () => {
  const { entries } = await menu(account());
  expect(entries.map(({ label }) => label)).toEqual([
    'Details',
    'Sign out',
    'Edit',
    'Copy as …',
    'Verify now',
    'Open API explorer',
    'Remove',
  ]);
});

test.each(['signed-out', 'sign-in-needed'] as const)(
  'an account that is %s can sign in',
  async (state) => {
    const { entry } = await menu(account({ state }));
    expect(entry('Sign in')).toBeDefined();
  },
);

test('without a key there is nothing to copy or verify', async () => {
  const { entry } = await menu(account({ state: 'signed-out', hasKey: false, copyFormats: [] }));
  expect(entry('Copy as …')?.disabled).toBe(true);
  expect(entry('Verify now')?.disabled).toBe(true);
});

test('the formats are a submenu', async () => {
  const { entry, bridge } = await menu(account(), {
    copy: () => ({ ok: false, error: { message: 'Sign in first.' } }),
  });
  entry('Copy as …')?.entries?.[0]?.run?.();
  await settle();
  expect(bridge.questions('copy')).toEqual([{ id: 'a1', format: 'header' }]);
});

test('removing asks first', async () => {
  const { entry, navigation, bridge } = await menu(account());
  entry('Remove')?.run?.();
  expect(navigation.dialog).toEqual({ name: 'remove', account: account() });
  expect(bridge.questions('removeAccount')).toEqual([]);
});
