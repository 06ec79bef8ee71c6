import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { autostartFile, setAutostart } from './autostart.ts';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'keyvigil-'))));
afterEach(() => rmSync(home, { recursive: true }));

test('an autostart file starts Keyvigil hidden, whatever its path holds', () => {
  const file = autostartFile({}, home);
  setAutostart(file, true, ['/opt/My "App" $1 100%/keyvigil']);
  expect(file).toBe(join(home, '.config/autostart/keyvigil.desktop'));
  expect(readFileSync(file, 'utf8')).toContain(
    String.raw`Exec="/opt/My \\"App\\" \\$1 100%%/keyvigil" "--hidden"`,
  );
});

test('turning it off removes the file, also if there is none', () => {
  const file = autostartFile({ XDG_CONFIG_HOME: join(home, 'config') }, home);
  setAutostart(file, true, ['/opt/keyvigil']);
  setAutostart(file, false, ['/opt/keyvigil']);
  setAutostart(file, false, ['/opt/keyvigil']);
  expect(existsSync(file)).toBe(false);
});
