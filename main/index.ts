/** The start: one instance, and the tray icon. Everything else follows in `compose.ts`. */
import * as electron from 'electron';
import { app, Menu } from 'electron';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationMenu } from './desktop/application-menu.ts';
import { registerAppScheme } from './desktop/app-protocol.ts';
import { setChromiumSwitches } from './desktop/chromium-switches.ts';
import { forbiddenSwitch, sandboxSwitch } from './desktop/forbidden-switches.ts';
import { identifyApp } from './desktop/app-identity.ts';
import { TrayIcon } from './desktop/tray.ts';
import { restartOnX11 } from './desktop/x11.ts';

/** Showing the icon takes a few messages on the session bus. While this process loads modules, it answers none, so wait. */
const ICON_MS = 100;

setChromiumSwitches(app, process.platform);

const profile = process.env['KEYVIGIL_PROFILE'] ?? '';
if (profile !== '') {
  // Electron keeps its lock for one instance in this folder, so make the folder first.
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', resolve(profile));
}

identifyApp(app, process.platform);

const startProblem = () => import('./desktop/start-problem.ts');

const forbidden = app.isPackaged ? forbiddenSwitch(process.argv) : undefined;
const unsafe = app.isPackaged ? sandboxSwitch(app.commandLine, process.getuid?.()) : undefined;
if (forbidden !== undefined) {
  // Awaited, so that the app is not ready yet: then Linux prints the text. Later, it shows a dialog that waits for a click.
  (await startProblem()).tellForbiddenSwitch(forbidden);
} else if (unsafe !== undefined) {
  void startProblem().then(({ tellNoSandbox }) => tellNoSandbox(unsafe));
} else if (restartOnX11(app, process)) {
  app.exit();
} else if (app.requestSingleInstanceLock()) {
  if (app.isPackaged) Menu.setApplicationMenu(applicationMenu());
  registerAppScheme();
  app.on('window-all-closed', () => {
    // A tray app lives on without windows.
  });
  const starting = start().catch(async (error: unknown) => {
    const { tellStartFailed } = await startProblem();
    tellStartFailed(error);
  });
  // A second launch may come before the first is ready.
  app.on('second-instance', () => void starting.then((openPopup) => openPopup?.()));
} else {
  app.quit();
}

/** Resolves when everything is ready, with a function that opens the popup. */
async function start(): Promise<() => void> {
  await app.whenReady();
  // On macOS, a tray app has no place in the dock.
  app.dock?.hide();
  const tray = new TrayIcon(join(import.meta.dirname, '../icons'), electron, process.platform);
  await delay(ICON_MS);
  const { compose } = await import('./compose.ts');
  return compose(tray);
}
