/**
 * The start: one instance, and the tray icon. Everything else comes after the icon is there, in `compose.ts`.
 */
import { app, dialog } from 'electron';
import { join } from 'node:path';
import { registerAppScheme } from './desktop/app-protocol.ts';
import { TrayIcon } from './desktop/tray.ts';

// A login on a connection that breaks is to be sent once: Chromium sends what it carries anew by itself where the connection was
// used before. Requests of HTTP/1 say that theirs ends with them (`systems/http.ts`); those of HTTP/2 have no such word.
app.commandLine.appendSwitch('disable-http2');

if (app.requestSingleInstanceLock()) {
  registerAppScheme();
  app.on('window-all-closed', () => {
    // A tray app lives on without windows.
  });
  const starting = start().catch((error: unknown) => {
    dialog.showErrorBox('Keyvigil could not start', String(error));
    app.exit(1);
  });
  // Whoever is impatient launches it again before it is there.
  app.on('second-instance', () => void starting.then((openPopup) => openPopup?.()));
} else {
  app.quit();
}

/** Resolves, once all is there, with what opens the popup. */
async function start(): Promise<() => void> {
  await app.whenReady();
  // On macOS, an app of the tray has no place in the dock.
  app.dock?.hide();
  const tray = new TrayIcon(join(import.meta.dirname, '../icons'));
  const { compose } = await import('./compose.ts');
  return compose(tray);
}
