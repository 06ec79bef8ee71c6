import * as v from 'valibot';
import { CLEAR_CLIPBOARD_SECONDS, LOCAL_ADDRESS_PORT, REQUEST_SECONDS } from '../limits.ts';
import { locales, m } from '../messages/index.ts';
import { wholeNumber } from '../schemas.ts';
import { ACCOUNT_ORDERS } from '../sessions/account-order.ts';
import { openStore, type StoreFolder } from './json-store.ts';

/** In Electron's format, such as `Control+Shift+K`; empty for none. */
const Shortcut = v.pipe(v.string(), v.regex(/^(\w+\+)*[^+\s]*$/), v.maxLength(100));

/** If an older version did not store a setting yet, the setting gets its default. */
export const Settings = v.object({
  /** How long a copied key stays on the clipboard. */
  clearClipboardSeconds: v.optional(wholeNumber(CLEAR_CLIPBOARD_SECONDS), 45),
  /** Also clear the key when the screen is locked. */
  clearOnLock: v.optional(v.boolean(), false),
  /** How long one request may take. */
  requestSeconds: v.optional(wholeNumber(REQUEST_SECONDS), 15),
  accountOrder: v.optional(v.picklist(ACCOUNT_ORDERS), 'own'),
  language: v.optional(v.picklist(['system', ...locales]), 'system'),
  theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
  /** Notify when an account needs its user. */
  notifications: v.optional(v.boolean(), true),
  launchAtLogin: v.optional(v.boolean(), false),
  /** End the sessions on their servers when Keyvigil quits. */
  signOutAtQuit: v.optional(v.boolean(), false),
  /** Opens the popup, from any program. */
  openShortcut: v.optional(Shortcut, ''),
  /** Copies the first account's key, from any program. */
  copyShortcut: v.optional(Shortcut, ''),
  /** The port of the local addresses, on 127.0.0.1 only. */
  localAddressPort: v.optional(wholeNumber(LOCAL_ADDRESS_PORT), 7431),
  checkForUpdates: v.optional(v.boolean(), true),
});
export type Settings = v.InferOutput<typeof Settings>;

export const DEFAULT_SETTINGS: Settings = v.parse(Settings, {});

export interface SettingsStore {
  get(): Settings;
  save(settings: Settings): void;
}

export function openSettings(folder: StoreFolder): SettingsStore {
  const file = openStore(folder, 'settings', m.stored_settings, Settings, keepFitting);
  let settings = file.content;
  return {
    get: () => settings,
    save(changed) {
      settings = changed;
      file.save(changed);
    },
  };
}

/** A setting that does not fit gets its default. */
function keepFitting(stored: Readonly<Record<string, unknown>>): Settings {
  const fitting = Object.entries(Settings.entries).filter(([name, schema]) =>
    v.is(schema, stored[name]),
  );
  return v.parse(Settings, Object.fromEntries(fitting.map(([name]) => [name, stored[name]])));
}
