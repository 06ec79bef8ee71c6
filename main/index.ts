/**
 * The start: one instance, and the tray icon. Everything else comes after the icon is there, in `compose.ts`.
 */
import { app, dialog } from 'electron';
import { join } from 'node:path';
import { registerAppScheme } from './desktop/app-protocol.ts';
import { TrayIcon } from './desktop/tray.ts';

if (app.requestSingleInstanceLock()) {
  registerAppScheme();
  app.on('window-all-closed', () => {
    // A tray app lives on without windows.
  });
  start().catch((error: unknown) => {
    dialog.showErrorBox('Keyvigil could not start', String(error));
    app.exit(1);
  });
} else {
  app.quit();
}

async function start(): Promise<void> {
  await app.whenReady();
  // On macOS, an app of the tray has no place in the dock.
  app.dock?.hide();
  const tray = new TrayIcon(join(import.meta.dirname, '../icons'));
  const { compose } = await import('./compose.ts');
  await compose(tray);
}
