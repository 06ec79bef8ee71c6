import { expect, it, vi } from 'vitest';
import { createWorld, PASSWORD } from '../../test/support/account-world.ts';
import { MemoryClipboard } from '../../test/support/memory-clipboard.ts';
import { ShownAccounts } from '../bridge/shown-accounts.ts';
import { LiveKeys } from '../sessions/live-keys.ts';
import { DEFAULT_SETTINGS, type Settings } from '../storage/settings.ts';
import { SecretCopier } from './secret-copier.ts';
import { notify } from './notifications.ts';
import { QuietCopy } from './quiet-copy.ts';

vi.mock('./notifications.ts', () => ({ notify: vi.fn() }));

async function setUp(chosen: Settings = DEFAULT_SETTINGS) {
  const { accounts, add, clock } = await createWorld();
  const settings = { get: () => chosen, save: () => {} };
  const clipboard = new MemoryClipboard();
  const copier = new SecretCopier(clipboard, clock, (error) => expect.fail(String(error)));
  const copyDeps = {
    ...{ accounts: accounts.list, keys: new LiveKeys(clock), copier, settings },
    ...{ keylessFormats: () => [], onCheck: () => {}, clock, onChange: () => {} },
  };
  const shownAccounts = new ShownAccounts({
    accounts: accounts.list,
    settings,
    clock,
    onChange: () => {},
  });
  const quietCopy = new QuietCopy(copyDeps, shownAccounts, () => {});
  return { add, quietCopy, shownAccounts, clipboard };
}

it('the tray menu’s copy notifies if there is no key to copy, and only then', async () => {
  const { add, quietCopy, clipboard } = await setUp();
  const account = await add();
  await quietCopy.copy(account.saved.id);
  expect(clipboard.text).toBe(account.sessionKey?.key);
  expect(notify).not.toHaveBeenCalled();
  await account.signOut();
  await quietCopy.copy(account.saved.id);
  expect(notify).toHaveBeenCalledOnce();
  expect(notify).toHaveBeenCalledWith('Plant model', expect.any(String), expect.any(Function));
});

it('a copy without a window counts for “Last copied first”', async () => {
  const { add, quietCopy, shownAccounts } = await setUp({
    ...DEFAULT_SETTINGS,
    accountOrder: 'last-copied',
  });
  await add({ name: 'First' });
  const values = { userName: 'engineer2', password: PASSWORD };
  const second = await add({ name: 'Second', values });
  await quietCopy.copy(second.saved.id);
  expect(shownAccounts.all.map(({ saved }) => saved.name)).toEqual(['Second', 'First']);
});
