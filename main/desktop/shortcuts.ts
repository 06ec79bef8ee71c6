import type { Problem, Settings } from '../bridge/contract.ts';
import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';

/** Electron's `globalShortcut`. */
export interface GlobalShortcuts {
  register(accelerator: string, action: () => void): boolean;
  unregisterAll(): void;
}

export type ShortcutName = 'openShortcut' | 'copyShortcut';

/** Shortcuts that work in every program. */
export class Shortcuts {
  readonly #system: GlobalShortcuts;
  readonly #actions: Readonly<Record<ShortcutName, () => void>>;
  #applied: Pick<Settings, ShortcutName> | undefined;

  constructor(system: GlobalShortcuts, actions: Readonly<Record<ShortcutName, () => void>>) {
    this.#system = system;
    this.#actions = actions;
  }

  /**
   * Replaces all shortcuts by those of `settings`. Fails if another program has taken a shortcut that the user has just changed. An
   * unchanged shortcut that is taken is no failure, so that the user can change the other settings.
   */
  apply(settings: Pick<Settings, ShortcutName>): Result<void, Problem> {
    this.#system.unregisterAll();
    const missing = (['openShortcut', 'copyShortcut'] as const).filter(
      (name) => settings[name] !== '' && !this.#register(settings[name], this.#actions[name]),
    );
    const refused = missing.find((name) => settings[name] !== this.#applied?.[name]);
    this.#applied = settings;
    if (refused === undefined) return success(undefined);
    const message = m.shortcut_is_taken({ shortcut: settings[refused] });
    return failed({ message, field: refused });
  }

  #register(accelerator: string, action: () => void): boolean {
    try {
      return this.#system.register(accelerator, action);
    } catch {
      // Electron throws for an unknown key.
      return false;
    }
  }
}
