import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The packaged app in a clean system. `npm run package:test` prepares it. */
export default defineConfig({
  testDir: join(import.meta.dirname, '../test/package'),
  outputDir: '/tmp/test-results',
  // One story: each test goes on where the last one ended.
  workers: 1,
  maxFailures: 1,
  forbidOnly: true,
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
});
