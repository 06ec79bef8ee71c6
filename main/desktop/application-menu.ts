import { Menu } from 'electron';

/**
 * No menu, so no developer tools. macOS only knows the shortcuts for cut, copy and paste from a menu: it gets these, which Chromium
 * has built in elsewhere.
 */
export function applicationMenu() {
  if (process.platform !== 'darwin') return null;
  return Menu.buildFromTemplate([{ role: 'editMenu' }, { role: 'quit' }]);
}
