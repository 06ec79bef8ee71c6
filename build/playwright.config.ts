import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const project = join(import.meta.dirname, '..');

/** These tests run on a real Electron. Each worker has its own display, message bus and keyring. */
export default defineConfig<object, { withPanel: boolean }>({
  outputDir: join(project, 'test-results'),
  snapshotPathTemplate: '{testDir}/appearance/{arg}{ext}',
  globalSetup: join(project, 'test/e2e/global-setup.ts'),
  projects: [
    // Use one worker: a panel takes longer to start than these few tests take to run.
    {
      name: 'desktop',
      testDir: join(project, 'test/desktop'),
      use: { withPanel: true },
      workers: 1,
    },
    { name: 'e2e', testDir: join(project, 'test/e2e') },
    { name: 'pictures', testDir: join(project, 'test/pictures') },
    { name: 'platform', testDir: join(project, 'test/platform') },
  ],
  // Tests often wait for the app, so three workers keep two cores busy.
  workers: 3,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // These limits end a test that hangs. They do not measure speed: a shared machine may be ten times slower for minutes.
  timeout: 240_000,
  expect: { timeout: 60_000 },
});
