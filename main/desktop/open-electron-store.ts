import { ipcMain } from 'electron';
import ElectronStore from 'electron-store';

/** Opens a JSON file of the profile. Closes electron-store's own IPC channel, so that pages cannot use it. */
export function openElectronStore(name: string): ElectronStore {
  const store = new ElectronStore({ name, clearInvalidConfig: false, configFileMode: 0o600 });
  ipcMain.removeAllListeners('electron-store-get-data');
  return store;
}
