/** The start: allows one instance, and shows the tray icon. `compose.ts` does everything else. */
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

/** Showing the icon takes a few messages on the session bus. This process cannot answer them while it loads modules, so wait. */
const ICON_MS = 100;

setChromiumSwitches(app, process.platform);

const profile = process.env['KEYVIGIL_PROFILE'] ?? '';
if (profile !== '') {
  // Electron stores its single-instance lock in this folder, so the folder must exist.
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', resolve(profile));
}

identifyApp(app, process.platform);

const startProblem = () => import('./desktop/start-problem.ts');

const forbidden = app.isPackaged ? forbiddenSwitch(process.argv) : undefined;
const unsafe = app.isPackaged ? sandboxSwitch(app.commandLine, process.getuid?.()) : undefined;
if (forbidden !== undefined) {
  // Await this before the app is ready: then Linux prints the text. Later, Linux would show a dialog instead.
  (await startProblem()).tellForbiddenSwitch(forbidden);
} else if (unsafe !== undefined) {
  void startProblem().then(({ tellNoSandbox }) => tellNoSandbox(unsafe));
} else if (restartOnX11(app, process)) {
  app.exit();
} else if (app.requestSingleInstanceLock()) {
  if (app.isPackaged) Menu.setApplicationMenu(applicationMenu());
  registerAppScheme();
  app.on('window-all-closed', () => {
    // A tray app keeps running without windows.
  });
  const starting = start().catch(async (error: unknown) => {
    const { tellStartFailed } = await startProblem();
    tellStartFailed(error);
  });
  // A second launch may come before the first one is ready.
  app.on('second-instance', () => void starting.then((openPopup) => openPopup?.()));
} else {
  app.quit();
}

/** Resolves when everything is ready, with a function that opens the popup. */
async function start(): Promise<() => void> {
  await app.whenReady();
  // A tray app has no icon in the dock of macOS.
  app.dock?.hide();
  const tray = new TrayIcon(join(import.meta.dirname, '../icons'), electron, process.platform);
  await delay(ICON_MS);
  const { compose } = await import('./compose.ts');
  return compose(tray);
}
