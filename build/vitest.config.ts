import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: [svelte({ configFile: false })],
  // Svelte's state classes are tested in their browser form, on plain Node.
  resolve: { conditions: ['browser'] },
  test: {
    include: ['{main,renderer,build,test}/**/*.test.ts'],
    // No test changes what another could see, so they can share their workers.
    isolate: false,
    setupFiles: ['test/support/fast-check.ts'],
  },
});
