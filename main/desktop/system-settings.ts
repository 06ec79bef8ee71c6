import { globalShortcut, nativeTheme } from 'electron';
import type { Problem, Settings } from '../bridge/contract.ts';
import type { Result } from '../result.ts';
import { applyLanguage } from './language.ts';
import type { Autostart } from './autostart.ts';
import { Shortcuts, type ShortcutName } from './shortcuts.ts';

/** Applies the settings that concern the operating system. */
export class SystemSettings {
  readonly #shortcuts: Shortcuts;
  readonly #autostart: Autostart | undefined;
  #launchesAtLogin = false;

  constructor(
    autostart: Autostart | undefined,
    actions: Readonly<Record<ShortcutName, () => void>>,
  ) {
    this.#autostart = autostart;
    this.#shortcuts = new Shortcuts(globalShortcut, actions);
  }

  apply(settings: Settings): Result<void, Problem> {
    applyLanguage(settings);
    nativeTheme.themeSource = settings.theme;
    if (settings.launchAtLogin !== this.#launchesAtLogin) {
      this.#autostart?.(settings.launchAtLogin);
    }
    this.#launchesAtLogin = settings.launchAtLogin;
    return this.#shortcuts.apply(settings);
  }
}
