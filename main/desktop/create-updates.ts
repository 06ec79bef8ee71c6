import { existsSync } from 'node:fs';
import { app } from 'electron';
import type { Notices } from '../bridge/notices.ts';
import type { Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { Account } from '../sessions/account.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { TrayIcon } from './tray.ts';
import { mayUpdate } from './update-policy.ts';
import { UpdateWatch } from './update-watch.ts';
import { confirmUpdate, loadUpdater, tellUpdate } from './updates.ts';

export interface UpdatesDeps {
  readonly accounts: Pick<AccountList, 'isSigningIn'>;
  /** The accounts that the user sees: not a removed one, even while its removal can be undone. */
  readonly shown: () => readonly Account[];
  readonly canRemember: boolean;
  readonly settings: SettingsStore;
  readonly notices: Notices;
  readonly tray: Pick<TrayIcon, 'offerUpdate'>;
  readonly clock: Clock;
  readonly logError: (error: unknown) => void;
}

/** @returns undefined if this installation does not update itself */
export function createUpdates(deps: UpdatesDeps): UpdateWatch | undefined {
  const { accounts, shown, canRemember, settings, notices, tray, clock, logError } = deps;
  const { isPackaged } = app;
  const { platform, env } = process;
  if (!mayUpdate({ isPackaged, platform, env, exists: existsSync })) return undefined;
  /** The names of accounts whose sessions are only in memory. */
  const unsavedSessions = () =>
    shown()
      .filter(({ sessionKey, saved }) => sessionKey && !(saved.remember && canRemember))
      .map(({ saved }) => saved.name);
  return new UpdateWatch({
    clock,
    isOn: () => settings.get().checkForUpdates,
    load: loadUpdater,
    onOffer(newVersion) {
      tray.offerUpdate(newVersion);
      notices.add('update', () => m.update_is_available({ version: newVersion }));
    },
    confirm: (newVersion) => confirmUpdate(newVersion, unsavedSessions()),
    isSigningIn: () => accounts.isSigningIn,
    tell: tellUpdate,
    logError,
  });
}
