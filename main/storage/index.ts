import { m } from '../messages/index.ts';
import { openAccounts } from './accounts.ts';
import type { StoreFolder } from './json-store.ts';
import { openSettings } from './settings.ts';
import { Vault, type Keyring } from './vault.ts';

/**
 * Opens everything that is stored, and tells the user what could not be read or cannot be stored.
 * @param keyring undefined if no secret may be stored; the caller tells the user why
 */
export async function openStorage(folder: StoreFolder, keyring: Keyring | undefined) {
  const settings = openSettings(folder);
  const accounts = openAccounts(folder);
  const vault = await Vault.open(folder, keyring);
  if (vault.hasUnreadable) {
    folder.notify('unreadable-vault', m.credentials_unreadable);
  }
  if (keyring && !vault.canStore) {
    folder.notify('no-keyring', m.no_keyring, { dismissible: false });
  }
  return { settings, accounts, vault };
}
