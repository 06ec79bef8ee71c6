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
    globalSetup: ['test/support/script-tools.ts'],
    setupFiles: ['test/support/fast-check.ts'],
  },
});
