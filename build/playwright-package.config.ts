import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** Tests the packaged app in a clean system, which `npm run package:test` prepares. */
export default defineConfig({
  testDir: join(import.meta.dirname, '../test/package'),
  outputDir: '/tmp/test-results',
  // The tests are one story: each test starts where the last one ended.
  workers: 1,
  maxFailures: 1,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
});
