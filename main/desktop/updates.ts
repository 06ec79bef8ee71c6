import { app, dialog } from 'electron';
import { m } from '../messages/index.ts';
import { toUpdater, type Updater } from './updater.ts';

/** Loads electron-updater only when needed, because it is large. */
export async function loadUpdater(): Promise<Updater> {
  const { default: electronUpdater } = await import('electron-updater');
  return toUpdater(electronUpdater.autoUpdater, {
    release: () => app.releaseSingleInstanceLock(),
    take: () => app.requestSingleInstanceLock(),
  });
}

/** @param unsaved the accounts whose sessions are in memory only */
export async function confirmUpdate(version: string, unsaved: readonly string[]): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: m.install_version({ version }),
    detail:
      unsaved.length === 0
        ? m.keyvigil_restarts()
        : m.keyvigil_restarts_without({ names: unsaved.join(', ') }),
    buttons: [m.install_and_restart(), m.later()],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}

export function tellUpdate(message: string): void {
  void dialog.showMessageBox({ type: 'warning', message: 'Keyvigil', detail: message });
}
