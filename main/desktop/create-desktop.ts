import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app } from 'electron';
import type { Desktop } from '../bridge/handler-deps.ts';
import { openFile, saveFile } from './file-dialogs.ts';
import type { Clipboard } from './secret-copier.ts';
import type { Popup } from './popup.ts';
import type { SystemSettings } from './system-settings.ts';

export interface DesktopDeps {
  readonly popup: Popup;
  readonly clipboard: Clipboard;
  readonly systemSettings: SystemSettings;
  readonly openLink: Desktop['openLink'];
}

/** The desktop functions for the popup's requests. */
export function createDesktop(deps: DesktopDeps): Desktop {
  const { popup, clipboard, systemSettings, openLink } = deps;
  return {
    openLink,
    copyText: (text) => clipboard.write(text),
    fitPopup: (height) => popup.fit(height),
    keepPopupAlive: (keep) => popup.keepInMemory(keep),
    closePopup: () => popup.close(),
    quit: () => app.quit(),
    saveFile,
    // The dialog takes the focus, which closes the popup. Open the popup again.
    openFile: () => openFile().finally(() => popup.open()),
    readLicenses: () => readFile(join(import.meta.dirname, '../licenses.txt'), 'utf8'),
    applySettings: (settings) => systemSettings.apply(settings),
  };
}
