import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';

/** The argument of a start at login, which does not open the popup. */
export const STARTED_HIDDEN = '--hidden';

/** Turns the start at login on or off. */
export type Autostart = (isOn: boolean) => void;

/** @returns undefined if this installation cannot be launched at login */
export function createAutostart(
  app: Pick<App, 'isPackaged' | 'getPath' | 'setLoginItemSettings'>,
  { platform, execPath, env }: Pick<NodeJS.Process, 'platform' | 'execPath' | 'env'>,
): Autostart | undefined {
  if (platform !== 'linux') {
    // A portable app's `execPath` is a temporary copy, so use the portable app's own path.
    const path = env['PORTABLE_EXECUTABLE_FILE'];
    const own = { args: [STARTED_HIDDEN], ...(path !== undefined && { path }) };
    return (isOn) => app.setLoginItemSettings({ openAtLogin: isOn, ...own });
  }
  // In a checkout, `execPath` is plain Electron, which does not start Keyvigil.
  if (!app.isPackaged) return undefined;
  // Electron's `setLoginItemSettings` does nothing on Linux (electron#15198).
  const folder = join(app.getPath('appData'), 'autostart');
  const file = join(folder, 'keyvigil.desktop');
  return (isOn) => {
    if (!isOn) return rmSync(file, { force: true });
    mkdirSync(folder, { recursive: true });
    // An AppImage's `execPath` is only its current mount point, so use the AppImage's own path.
    writeFileSync(file, autostartEntry(env['APPIMAGE'] ?? execPath));
  };
}

/** Starts Keyvigil as the desktop entry in electron-builder.yml does, but hidden. */
function autostartEntry(program: string): string {
  const quoted = `"${program
    .replace(/[\\"`$]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;
  return `[Desktop Entry]
Type=Application
Name=Keyvigil
Exec=${quoted} --ozone-platform=x11 ${STARTED_HIDDEN}
Icon=keyvigil
`;
}
