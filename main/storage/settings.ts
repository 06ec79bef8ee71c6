import * as v from 'valibot';
import { CLEAR_CLIPBOARD_SECONDS, REQUEST_SECONDS } from '../limits.ts';
import { wholeNumber } from '../schemas.ts';
import { openStore, type StoreFolder } from './json-store.ts';

/** A setting that an older version did not store yet gets its default. */
export const Settings = v.object({
  /** When to clear a copied key from the clipboard. */
  clearClipboardSeconds: v.optional(wholeNumber(CLEAR_CLIPBOARD_SECONDS), 45),
  /** How long one request may take. */
  requestSeconds: v.optional(wholeNumber(REQUEST_SECONDS), 15),
  launchAtLogin: v.optional(v.boolean(), false),
  checkForUpdates: v.optional(v.boolean(), true),
});
export type Settings = v.InferOutput<typeof Settings>;

export const DEFAULT_SETTINGS: Settings = v.parse(Settings, {});

export interface SettingsStore {
  get(): Settings;
  save(settings: Settings): void;
}

export function openSettings(folder: StoreFolder): SettingsStore {
  const file = openStore(folder, 'settings', 'settings', Settings, () => DEFAULT_SETTINGS);
  let settings = file.content;
  return {
    get: () => settings,
    save(changed) {
      settings = changed;
      file.save(changed);
    },
  };
}
