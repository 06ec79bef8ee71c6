import * as v from 'valibot';
import { Settings } from '../bridge/contract.ts';
import { openStore, type StoreFolder } from './json-store.ts';

export const DEFAULT_SETTINGS: Settings = {
  clearClipboardSeconds: 45,
  requestSeconds: 15,
  launchAtLogin: false,
};

/** What an older Keyvigil did not know yet takes its default. */
const File = v.object({
  clearClipboardSeconds: v.optional(
    Settings.entries.clearClipboardSeconds,
    DEFAULT_SETTINGS.clearClipboardSeconds,
  ),
  requestSeconds: v.optional(Settings.entries.requestSeconds, DEFAULT_SETTINGS.requestSeconds),
  launchAtLogin: v.optional(Settings.entries.launchAtLogin, DEFAULT_SETTINGS.launchAtLogin),
});

export interface SettingsStore {
  get(): Settings;
  save(settings: Settings): void;
}

export function openSettings(folder: StoreFolder): SettingsStore {
  const file = openStore(folder, 'settings', 'settings', File, () => DEFAULT_SETTINGS);
  let settings = file.content;
  return {
    get: () => settings,
    save(changed) {
      settings = changed;
      file.save(changed);
    },
  };
}
