import { globalShortcut, nativeTheme } from 'electron';
import type { Problem, Settings } from '../bridge/contract.ts';
import type { Result } from '../result.ts';
import { applyLanguage } from './language.ts';
import type { LoginLauncher } from './login-launcher.ts';
import { Shortcuts, type ShortcutName } from './shortcuts.ts';

/** Applies the settings that concern the operating system. */
export class SystemSettings {
  readonly #shortcuts: Shortcuts;
  readonly #loginLauncher: LoginLauncher | undefined;
  #launchesAtLogin = false;

  constructor(
    loginLauncher: LoginLauncher | undefined,
    actions: Readonly<Record<ShortcutName, () => void>>,
  ) {
    this.#loginLauncher = loginLauncher;
    this.#shortcuts = new Shortcuts(globalShortcut, actions);
  }

  apply(settings: Settings): Result<void, Problem> {
    applyLanguage(settings);
    nativeTheme.themeSource = settings.theme;
    if (settings.launchAtLogin !== this.#launchesAtLogin) {
      this.#loginLauncher?.(settings.launchAtLogin);
    }
    this.#launchesAtLogin = settings.launchAtLogin;
    return this.#shortcuts.apply(settings);
  }
}
