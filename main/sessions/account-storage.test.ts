import { expect, test } from 'vitest';
import { AccountStorage } from './account-storage.ts';
import type { Account } from './account.ts';

test.each([
  [{ wanted: false }, { signOutForgets: ['tokens'] }, ['a1']],
  [{ wanted: false }, {}, []],
  [{ wanted: true }, { signOutForgets: ['tokens'] }, []],
])(
  'without a keyring, a sign-out deletes what it forgets: %j with %j',
  async (saved, method, expected) => {
    const deleted: string[] = [];
    const storage = new AccountStorage({
      accounts: { load: () => [], save: () => undefined },
      vault: { get: () => undefined, set: async () => {}, delete: (id) => deleted.push(id) },
      onNotStored: (error) => expect.unreachable(String(error)),
    });
    const account = { saved: { id: 'a1', remember: true, ...saved }, method, secrets: {} };
    await storage.saveSecrets(account as unknown as Account);
    expect(deleted).toEqual(expected);
  },
);

test('secrets that a full disk keeps from being deleted are reported, and end neither a removal nor quitting', () => {
  const errors: unknown[] = [];
  const storage = new AccountStorage({
    accounts: { load: () => [], save: () => undefined },
    vault: {
      get: () => undefined,
      set: async () => {},
      delete() {
        throw new Error('ENOSPC: no space left on device');
      },
    },
    onNotStored: (error) => errors.push(error),
  });
  storage.deleteSecrets('a1');
  expect(errors).toHaveLength(1);
});
