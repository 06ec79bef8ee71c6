import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createAutostart } from './autostart.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyvigil-autostart-'));
const file = join(folder, 'autostart/keyvigil.desktop');
afterAll(() => rmSync(folder, { recursive: true }));

function launcher(
  platform: NodeJS.Platform,
  { isPackaged = true, execPath = '/opt/Keyvigil/keyvigil', env = {} } = {},
) {
  const set: unknown[] = [];
  const app = {
    isPackaged,
    getPath: () => folder,
    setLoginItemSettings: (settings: unknown) => void set.push(settings),
  };
  return { launch: createAutostart(app, { platform, execPath, env }), set };
}

describe('launching at login', () => {
  it('makes a file in the autostart folder on Linux, and removes it again', () => {
    const { launch } = launcher('linux');
    launch!(true);
    const entry = readFileSync(file, 'utf8');
    expect(entry).toContain('\nExec="/opt/Keyvigil/keyvigil" --ozone-platform=x11 --hidden\n');
    launch!(false);
    expect(readdirSync(join(folder, 'autostart'))).toEqual([]);
    launch!(false);
  });

  it('starts an AppImage by its own path, also if the path has special characters', () => {
    launcher('linux', { env: { APPIMAGE: '/home/a b/100%$.AppImage' } }).launch!(true);
    expect(readFileSync(file, 'utf8')).toContain('Exec="/home/a b/100%%\\\\$.AppImage" ');
  });

  it('starts the portable app by its own path, because its execPath is a temporary copy', () => {
    const portable = 'D:\\Tools\\Keyvigil.exe';
    const { launch, set } = launcher('win32', { env: { PORTABLE_EXECUTABLE_FILE: portable } });
    launch!(true);
    expect(set).toEqual([{ openAtLogin: true, path: portable, args: ['--hidden'] }]);
  });

  it('is not possible for a checkout on Linux', () => {
    expect(launcher('linux', { isPackaged: false }).launch).toBeUndefined();
  });

  it.each(['win32', 'darwin'] as const)('is left to Electron on %s', (platform) => {
    const { launch, set } = launcher(platform);
    launch!(true);
    launch!(false);
    expect(set).toEqual([
      { openAtLogin: true, args: ['--hidden'] },
      { openAtLogin: false, args: ['--hidden'] },
    ]);
  });
});
