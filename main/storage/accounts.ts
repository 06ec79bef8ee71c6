import * as v from 'valibot';
import { m } from '../messages/index.ts';
import { SavedAccount } from '../sessions/saved-account.ts';
import type { AccountStore } from '../sessions/account-storage.ts';
import { openStore, type StoreFolder } from './json-store.ts';

const File = v.object({ version: v.literal(1), accounts: v.array(SavedAccount) });

/** Stores the accounts in the clear, because nothing in them is secret. */
export function openAccounts(folder: StoreFolder): AccountStore {
  const file = openStore(folder, 'accounts', m.stored_accounts, File, ({ accounts }) => ({
    version: 1 as const,
    accounts: Array.isArray(accounts)
      ? accounts.filter((account): account is SavedAccount => v.is(SavedAccount, account))
      : [],
  }));
  return {
    load: () => file.content.accounts,
    save: (accounts) => file.save({ version: 1, accounts: [...accounts] }),
  };
}
