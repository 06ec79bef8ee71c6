import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const project = join(import.meta.dirname, '..');

/** End-to-end tests on a real Electron, under a display, a message bus and a keyring of their own. */
export default defineConfig<object, { withPanel: boolean }>({
  outputDir: join(project, 'test-results'),
  globalSetup: join(project, 'test/e2e/global-setup.ts'),
  projects: [
    { name: 'e2e', testDir: join(project, 'test/e2e') },
    { name: 'desktop', testDir: join(project, 'test/desktop'), use: { withPanel: true } },
  ],
  // Each test has an app, a profile and a server of its own; there are two cores.
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Limits on what hangs, not measures of speed: a machine that is shared may be ten times slower for minutes.
  timeout: 240_000,
  expect: { timeout: 60_000 },
});
