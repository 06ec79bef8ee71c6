import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import lock from '../package-lock.json' with { type: 'json' };
import project from '../package.json' with { type: 'json' };
import { packageFolder } from './shipped.ts';

it('what ships has an exact version: each dependency, and Electron', () => {
  const { electron } = project.devDependencies;
  for (const version of [...Object.values(project.dependencies), electron]) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

it('no install script runs, and each package that has one is named', () => {
  expect(readFileSync(join(import.meta.dirname, '../.npmrc'), 'utf8')).toContain(
    'ignore-scripts=true',
  );
  const withScript = Object.entries(lock.packages)
    .filter(([, locked]) => 'hasInstallScript' in locked)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(project.allowScripts).toEqual(Object.fromEntries(withScript.map((name) => [name, false])));
});

it.each([
  ['/x/node_modules/svelte/src/index.js', '/x/node_modules/svelte'],
  ['\0/x/node_modules/@azure/msal-node/a.js?commonjs', '/x/node_modules/@azure/msal-node'],
  [
    '/x/node_modules/conf/node_modules/env-paths/index.js',
    '/x/node_modules/conf/node_modules/env-paths',
  ],
  ['/x/main/index.ts', undefined],
])('the module %j belongs to the package in %j', (module, folder) => {
  expect(packageFolder(module)).toBe(folder);
});

it('no setting of a package switches off the sandbox', () => {
  const config = readFileSync(join(import.meta.dirname, '../electron-builder.yml'), 'utf8');
  const settings = config.replace(/^\s*#.*$/gm, '');
  expect(settings).not.toContain('no-sandbox');
  // Older AppImage tools write `no-sandbox` into the desktop entry by themselves.
  expect(settings).toMatch(/^toolsets:\n\s+appimage: [1-9]/m);
});
