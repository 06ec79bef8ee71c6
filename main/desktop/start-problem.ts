/**
 * Tells the user why Keyvigil does not start. Load this module only then, because it loads the texts, and the tray icon must not
 * wait for them.
 */
import { app, dialog } from 'electron';
import { m } from '../messages/index.ts';
import { applyLanguage } from './language.ts';

export function tellForbiddenSwitch(option: string): void {
  applyLanguage({ language: 'system' });
  dialog.showErrorBox('Keyvigil', m.forbidden_switch({ option }));
  app.exit(1);
}

export async function tellNoSandbox(option: string): Promise<void> {
  applyLanguage({ language: 'system' });
  const message = m.no_sandbox({ option });
  console.error(message);
  // Wait, because Linux shows no dialog before the app is ready, and a user who clicks an AppImage sees no terminal.
  await app.whenReady();
  dialog.showErrorBox('Keyvigil', message);
  app.exit(1);
}

export function tellStartFailed(error: unknown): void {
  applyLanguage({ language: 'system' });
  dialog.showErrorBox(m.could_not_start(), String(error));
  app.exit(1);
}
