/** Why Keyvigil does not start. This file is loaded only then, because it loads the texts, and the tray icon comes before them. */
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
  const problem = m.no_sandbox({ option });
  console.error(problem);
  // Before this, Linux shows no dialog, and an AppImage has no terminal.
  await app.whenReady();
  dialog.showErrorBox('Keyvigil', problem);
  app.exit(1);
}

export function tellStartFailed(error: unknown): void {
  applyLanguage({ language: 'system' });
  dialog.showErrorBox(m.could_not_start(), String(error));
  app.exit(1);
}
