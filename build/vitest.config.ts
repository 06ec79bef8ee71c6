import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: [svelte({ configFile: false })],
  // Tests the browser form of Svelte's state classes, although on Node.
  resolve: { conditions: ['browser'] },
  test: {
    include: ['{main,renderer,build,test}/**/*.test.ts'],
    // No test changes what another one sees, so they can share workers.
    isolate: false,
    // These limits end what hangs. They do not measure speed: a shared machine may be ten times slower for minutes.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: ['test/support/texts.ts', 'test/support/script-tools.ts'],
    setupFiles: ['test/support/fast-check.ts'],
  },
});
