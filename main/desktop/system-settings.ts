import { homedir } from 'node:os';
import { app, globalShortcut, nativeTheme } from 'electron';
import type { Result, Settings } from '../bridge/contract.ts';
import { autostartFile, setAutostart, STARTED_HIDDEN } from './autostart.ts';
import { Shortcuts, type ShortcutName } from './shortcuts.ts';

/** Applies the settings that concern the operating system. */
export class SystemSettings {
  readonly #shortcuts: Shortcuts;
  #launchesAtLogin: boolean | undefined;

  constructor(actions: Readonly<Record<ShortcutName, () => void>>) {
    this.#shortcuts = new Shortcuts(globalShortcut, actions);
  }

  apply(settings: Settings): Result<void> {
    nativeTheme.themeSource = settings.theme;
    // Another start need not write the file again.
    if (settings.launchAtLogin !== (this.#launchesAtLogin ?? false)) {
      setLaunchAtLogin(settings.launchAtLogin);
    }
    this.#launchesAtLogin = settings.launchAtLogin;
    return this.#shortcuts.apply(settings);
  }
}

function setLaunchAtLogin(isOn: boolean): void {
  if (process.platform !== 'linux') {
    return app.setLoginItemSettings({ openAtLogin: isOn, args: [STARTED_HIDDEN] });
  }
  // An AppImage runs from a folder that is gone after it quits.
  const program = process.env['APPIMAGE'] ?? process.execPath;
  const command = app.isPackaged ? [program] : [program, app.getAppPath()];
  setAutostart(autostartFile(process.env, homedir()), isOn, command);
}
