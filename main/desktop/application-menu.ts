import { Menu } from 'electron';

/**
 * Returns no menu, so that nobody can open the developer tools. Only macOS gets a menu, because without one, the shortcuts for
 * cut, copy and paste do not work there.
 */
export function applicationMenu() {
  if (process.platform !== 'darwin') return null;
  return Menu.buildFromTemplate([{ role: 'editMenu' }, { role: 'quit' }]);
}
