import { expect, test } from 'vitest';
import type { AccountView } from '../../main/bridge/contract.ts';
import { accountMenu } from './account-menu.ts';
import {
  account,
  createPopup,
  settle,
  type Answers,
} from '../../test/support/fake-main-process.ts';

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
    'Duplicate',
    'Pin',
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

test('a chosen format is copied, and remembered', async () => {
  const { entry, bridge } = await menu(account(), {
    setCopyFormat: () => undefined,
    copy: () => ({ ok: false, error: { message: 'Sign in first.' } }),
  });
  entry('Copy as …')?.entries?.[1]?.run?.();
  await settle();
  expect(bridge.questions('setCopyFormat')).toEqual([{ id: 'a1', format: 'header' }]);
  expect(bridge.questions('copy')).toEqual([{ id: 'a1', format: 'header' }]);
});

test('a format with a warning asks first', async () => {
  const format = { id: 'encryptedPassword', label: 'Encrypted password', warning: 'Careful.' };
  const { entry, navigation, bridge } = await menu(account({ copyFormats: [format] }));
  entry('Copy as …')?.entries?.[1]?.run?.();
  expect(navigation.dialog).toEqual({
    name: 'copy-secret',
    account: account({ copyFormats: [format] }),
    format,
  });
  expect(bridge.questions('copy')).toEqual([]);
});

test('the key itself can be chosen again', async () => {
  const { entry, bridge } = await menu(account({ copyFormat: 'header' }), {
    setCopyFormat: () => undefined,
    copy: () => ({ ok: false, error: { message: 'Sign in first.' } }),
  });
  const formats = entry('Copy as …')?.entries;
  expect(formats?.map(({ label, checked }) => [label, checked])).toEqual([
    ['Session key', false],
    ['HTTP header', true],
  ]);
  formats?.[0]?.run?.();
  await settle();
  expect(bridge.questions('setCopyFormat')).toEqual([{ id: 'a1' }]);
  expect(bridge.questions('copy')).toEqual([{ id: 'a1' }]);
});

test('an account can be pinned, and unpinned', async () => {
  const { entry, bridge } = await menu(account(), { pinAccount: () => undefined });
  entry('Pin')?.run?.();
  expect(bridge.questions('pinAccount')).toEqual([{ id: 'a1', pinned: true }]);
  const pinned = await menu(account({ pinned: true }));
  expect(pinned.entry('Unpin')).toBeDefined();
});

test('a managed account cannot be removed', async () => {
  expect((await menu(account({ isManaged: true }))).entry('Remove')?.disabled).toBe(true);
  expect((await menu(account())).entry('Remove')?.disabled).toBe(false);
});

test('removing asks first', async () => {
  const { entry, navigation, bridge } = await menu(account());
  entry('Remove')?.run?.();
  expect(navigation.dialog).toEqual({ name: 'remove', account: account() });
  expect(bridge.questions('removeAccount')).toEqual([]);
});
