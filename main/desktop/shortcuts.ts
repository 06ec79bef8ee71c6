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

  constructor(system: GlobalShortcuts, actions: Readonly<Record<ShortcutName, () => void>>) {
    this.#system = system;
    this.#actions = actions;
  }

  /** Replaces all shortcuts by those of `settings`. */
  apply(settings: Pick<Settings, ShortcutName>): Result<void, Problem> {
    this.#system.unregisterAll();
    for (const name of ['openShortcut', 'copyShortcut'] as const) {
      const accelerator = settings[name];
      if (accelerator !== '' && !this.#register(accelerator, this.#actions[name])) {
        const message = m.shortcut_is_taken({ shortcut: accelerator });
        return failed({ message, field: name });
      }
    }
    return success(undefined);
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
