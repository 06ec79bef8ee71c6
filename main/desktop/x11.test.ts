import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLine, RelaunchOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { restartOnX11 } from './x11.ts';

const WAYLAND = { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' };

function started({
  platform = 'linux',
  isPackaged = true,
  argv = ['/opt/Keyvigil/keyvigil'],
  env = WAYLAND,
}: Partial<Pick<NodeJS.Process, 'platform' | 'argv' | 'env'> & { isPackaged: boolean }> = {}) {
  const relaunches: RelaunchOptions[] = [];
  const hasSwitch = (name: string) => argv.some((arg) => arg.startsWith(`--${name}=`));
  const ends = restartOnX11(
    {
      isPackaged,
      commandLine: { hasSwitch } as unknown as CommandLine,
      relaunch: (options = {}) => void relaunches.push(options),
    },
    { platform, argv, env },
  );
  return { ends, relaunches };
}

describe('on native Wayland', () => {
  it('Keyvigil starts again on X11, with the same arguments', () => {
    const { ends, relaunches } = started({ argv: ['/opt/Keyvigil/keyvigil', '--lang=de'] });
    expect(ends).toBe(true);
    expect(relaunches).toEqual([{ args: ['--lang=de', '--ozone-platform=x11'] }]);
  });

  it('an AppImage starts again by its own path', () => {
    const { relaunches } = started({ env: { ...WAYLAND, APPIMAGE: '/a/Keyvigil.AppImage' } });
    expect(relaunches[0]!.execPath).toBe('/a/Keyvigil.AppImage');
  });

  it('Keyvigil starts again only once, and not at all from an entry of the menu', () => {
    expect(started({ argv: ['keyvigil', '--ozone-platform=x11'] }).ends).toBe(false);
    const builder = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8');
    expect(builder).toContain('executableArgs: [--ozone-platform=x11]');
  });

  it('Keyvigil does not start again where there is no X11', () => {
    expect(started({ env: { WAYLAND_DISPLAY: 'wayland-0' } }).ends).toBe(false);
  });
});

it.each([
  ['on X11', { env: { DISPLAY: ':0' } }],
  ['on Windows', { platform: 'win32' as const }],
  ['from a checkout', { isPackaged: false }],
])('%s, Keyvigil does not start again', (_where, options) => {
  expect(started(options)).toEqual({ ends: false, relaunches: [] });
});
