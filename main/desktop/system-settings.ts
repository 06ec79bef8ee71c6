import { globalShortcut, nativeTheme } from 'electron';
import type { Problem, Settings } from '../bridge/contract.ts';
import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';
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
    const launch = this.#launchAtLogin(settings.launchAtLogin);
    const shortcuts = this.#shortcuts.apply(settings);
    return launch.ok ? shortcuts : launch;
  }

  /** Fails only once for the same value, so that the other settings can be changed. */
  #launchAtLogin(isOn: boolean): Result<void, Problem> {
    if (isOn === this.#launchesAtLogin) return success(undefined);
    this.#launchesAtLogin = isOn;
    try {
      this.#autostart?.(isOn);
      return success(undefined);
    } catch {
      return failed({ message: m.launch_at_login_not_changed(), field: 'launchAtLogin' });
    }
  }
}
