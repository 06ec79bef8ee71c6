/** Tells why Keyvigil does not start. Loads the texts, so it must be loaded only then: the tray icon comes before the texts. */
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
  // Before the app is ready, Linux shows no dialog, and an AppImage has no terminal.
  await app.whenReady();
  dialog.showErrorBox('Keyvigil', message);
  app.exit(1);
}

export function tellStartFailed(error: unknown): void {
  applyLanguage({ language: 'system' });
  dialog.showErrorBox(m.could_not_start(), String(error));
  app.exit(1);
}
