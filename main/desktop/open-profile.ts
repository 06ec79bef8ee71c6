import { readFileSync, realpathSync, statSync } from 'node:fs';
import { app, safeStorage } from 'electron';
import type { Notices } from '../bridge/notices.ts';
import type { Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import { manageAccounts } from '../sessions/managed-accounts.ts';
import { openStorage } from '../storage/index.ts';
import { systems } from '../systems/index.ts';
import { createKeyring } from './keyring.ts';
import { readManagedAccounts } from './managed-accounts-file.ts';
import { checkElectron } from './old-electron.ts';
import { openElectronStore } from './open-electron-store.ts';

/** Set when the app is built. */
declare const DECLARED_ELECTRON: string;

/** Opens what Keyvigil has stored, and notifies the user if secrets cannot or may not be stored. */
export async function openProfile(path: string, notices: Notices, clock: Clock) {
  const folder = {
    folder: path,
    open: openElectronStore,
    clock,
    notify: notices.add.bind(notices),
  };
  const { mayStore, warning } = checkElectron({
    version: process.versions.electron,
    declared: DECLARED_ELECTRON,
    isPackaged: app.isPackaged,
    args: process.argv,
    env: process.env,
  });
  if (warning !== undefined) notices.add('old-electron', warning, { dismissible: false });
  const keyring = mayStore ? createKeyring(safeStorage, process.platform, clock) : undefined;
  const { accounts, ...stored } = await openStorage(folder, keyring);
  const accountStore = manageAccounts({
    store: accounts,
    forms: readManagedAccounts({
      platform: process.platform,
      env: process.env,
      isPackaged: app.isPackaged,
      userId: process.getuid?.(),
      files: { stat: statSync, realpath: realpathSync, read: (path) => readFileSync(path, 'utf8') },
      notices,
    }),
    systems,
    clock,
    deleteSecrets: (id) => stored.vault.delete(id),
    onUnusable: (names) =>
      notices.add('managed-unusable', () => m.managed_unusable({ names: names.join(', ') })),
  });
  return { folder, accountStore, ...stored };
}
