import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: [svelte({ configFile: false })],
  // The tests run on Node, but must test the browser form of Svelte's state classes.
  resolve: { conditions: ['browser'] },
  test: {
    include: ['{main,renderer,build,test}/**/*.test.ts'],
    // No test changes what another test sees, so tests can share workers.
    isolate: false,
    // These limits end a test that hangs. They do not measure speed: a shared machine may be ten times slower for minutes.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    globalSetup: ['test/support/compile-texts.ts', 'test/support/script-tools.ts'],
    setupFiles: ['test/support/fast-check.ts'],
  },
});
