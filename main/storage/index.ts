import { openAccounts } from './accounts.ts';
import type { StoreFolder } from './json-store.ts';
import { openSettings } from './settings.ts';
import { Vault, type Keyring } from './vault.ts';

/**
 * Opens everything that is stored, and tells the user what could not be read or cannot be stored.
 * @param keyring undefined if no secret may be stored; the caller tells why
 */
export async function openStorage(folder: StoreFolder, keyring: Keyring | undefined) {
  const settings = openSettings(folder);
  const accounts = openAccounts(folder);
  const vault = await Vault.open(folder, keyring);
  if (vault.unreadable.length > 0) {
    folder.notify(
      'unreadable-vault',
      'The keyring can no longer decrypt some saved credentials. Sign in to those accounts again.',
    );
  }
  if (keyring && !vault.canStore) {
    folder.notify(
      'no-keyring',
      'This computer has no unlocked keyring, so Keyvigil saves no passwords. You must sign in again after a restart.',
      { dismissible: false },
    );
  }
  return { settings, accounts, vault };
}
