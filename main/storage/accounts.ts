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
    accounts: Array.isArray(accounts) ? accounts.flatMap(keepFitting) : [],
  }));
  return {
    load: () => file.content.accounts,
    save: (accounts) => file.save({ version: 1, accounts: [...accounts] }),
  };
}

/** An optional field that does not fit gets its default. Without a required one, there is no account. */
function keepFitting(stored: unknown): SavedAccount[] {
  const { entries } = SavedAccount;
  const fitting = Object.entries(stored ?? {}).filter(
    ([name, value]) =>
      Object.hasOwn(entries, name) && v.is(entries[name as keyof SavedAccount], value),
  );
  const account = v.safeParse(SavedAccount, Object.fromEntries(fitting));
  return account.success ? [account.output] : [];
}
