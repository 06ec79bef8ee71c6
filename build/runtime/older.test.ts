import { expect, test } from 'vitest';
import { plainElectronPath } from './older.ts';

test.each([
  ['Cypress/Cypress', 'electron'],
  ['Cypress/locales/de.pak', 'locales/de.pak'],
  ['Cypress/snapshot_blob.bin', 'snapshot_blob.bin'],
  ['Cypress/browser_v8_context_snapshot.bin', undefined],
  ['Cypress/resources/app/package.json', undefined],
  ['Cypress/resources/app-update.yml', undefined],
])('%s becomes %s', (name, path) => {
  expect(plainElectronPath(name)).toBe(path);
});
