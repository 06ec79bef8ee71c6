import { Menu } from 'electron';

/**
 * No menu, so that nobody can open the developer tools. Only macOS needs one: without it, the shortcuts for cut, copy and paste
 * do not work there.
 */
export function applicationMenu() {
  if (process.platform !== 'darwin') return null;
  return Menu.buildFromTemplate([{ role: 'editMenu' }, { role: 'quit' }]);
}
