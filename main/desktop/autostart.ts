import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Keyvigil was started by the operating system: nobody waits for its popup. */
export const STARTED_HIDDEN = '--hidden';

/** Where Linux desktops look for what to start after a login (XDG's autostart specification). */
export function autostartFile(env: NodeJS.ProcessEnv, home: string): string {
  return join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'autostart', 'keyvigil.desktop');
}

/** @param command the program and its arguments */
export function setAutostart(file: string, isOn: boolean, command: readonly string[]): void {
  if (!isOn) return rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `[Desktop Entry]
Type=Application
Name=Keyvigil
Comment=Keeps API sessions alive and session keys at hand
Exec=${[...command, STARTED_HIDDEN].map(quoteForExec).join(' ')}
Icon=keyvigil
Terminal=false
X-GNOME-Autostart-enabled=true
`,
  );
}

/** XDG's desktop entry specification, "The Exec key": quoted, then escaped as a string value. */
function quoteForExec(text: string): string {
  const quoted = text.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${quoted.replaceAll('\\', '\\\\')}"`;
}
