import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { APP_ID, identifyApp } from './app-identity.ts';

function idOn(platform: NodeJS.Platform): string | undefined {
  let id: string | undefined;
  identifyApp({ setAppUserModelId: (given) => void (id = given) }, platform);
  return id;
}

it('Windows knows the app by the id that its installer has', () => {
  const builder = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8');
  expect(builder).toContain(`\nappId: ${APP_ID}\n`);
  expect(idOn('win32')).toBe(APP_ID);
});

it.each(['linux', 'darwin'] as const)('on %s, the app sets no id', (platform) => {
  expect(idOn(platform)).toBeUndefined();
});
