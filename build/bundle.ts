import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build as viteBuild, type InlineConfig, type Rolldown } from 'vite';

const project = join(import.meta.dirname, '..');
export const outFolder = join(project, 'out');

export type Part = 'main' | 'preload' | 'renderer';

const common = {
  configFile: false,
  root: project,
  logLevel: 'warn',
  publicDir: false,
} satisfies InlineConfig;

/** For what runs on Node: everything is bundled but Electron and Node's own modules. */
function nodePart(part: Part, entry: string, output: Rolldown.OutputOptions): InlineConfig {
  return {
    ...common,
    // Vite sets NODE_ENV for itself only; the app must not depend on how it was started.
    define: { 'process.env.NODE_ENV': '"production"' },
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: join(project, entry),
      outDir: join(outFolder, part),
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: { external: [/^electron(\/|$)/], output },
    },
  };
}

function configOf(part: Part): InlineConfig {
  switch (part) {
    case 'main':
      // What is imported dynamically stays in files of its own, and costs nothing until it is needed.
      return nodePart(part, 'main/index.ts', {
        format: 'es',
        entryFileNames: 'index.js',
        chunkFileNames: ({ facadeModuleId, name }) => `${packageOf(facadeModuleId) ?? name}.js`,
      });
    case 'preload':
      // A sandboxed preload is one CommonJS file: it can require Electron and nothing else.
      return nodePart(part, 'main/bridge/preload.ts', {
        format: 'cjs',
        entryFileNames: 'preload.cjs',
        codeSplitting: false,
      });
    case 'renderer':
      return {
        ...common,
        root: join(project, 'renderer'),
        base: './',
        plugins: [svelte({ configFile: false })],
        build: {
          outDir: join(outFolder, part),
          emptyOutDir: true,
          // Electron 33's Chromium, the oldest that a build is run on.
          target: 'chrome130',
          modulePreload: { polyfill: false },
        },
      };
  }
}

/** Packages begin with a file called index or dist; in out/, and to a debugger, they should have their own names. */
function packageOf(module: string | null | undefined): string | undefined {
  return /node_modules\/(?:@[^/]+\/)?([^/]+)/.exec(module ?? '')?.[1];
}

const parts: Part[] = ['main', 'preload', 'renderer'];

/** Builds everything into out/. */
export async function build(): Promise<void> {
  rmSync(outFolder, { recursive: true, force: true });
  for (const part of parts) await viteBuild(configOf(part));
  copyIcons();
}

function copyIcons(): void {
  cpSync(join(project, 'build/icons'), join(outFolder, 'icons'), {
    recursive: true,
    filter: (source) => !source.endsWith('.svg') && !source.endsWith('.ts'),
  });
}

/** Builds everything, and each part again when its sources change. Returns what ends it. */
export async function watch(onRebuilt: (part: Part) => void): Promise<() => Promise<void>> {
  copyIcons();
  const watchers = await Promise.all(parts.map((part) => watchPart(part, onRebuilt)));
  return async () => {
    await Promise.all(watchers.map((watcher) => watcher.close()));
  };
}

async function watchPart(
  part: Part,
  onRebuilt: (part: Part) => void,
): Promise<Rolldown.RolldownWatcher> {
  const config = configOf(part);
  const watcher = (await viteBuild({
    ...config,
    build: { ...config.build, watch: {} },
  })) as Rolldown.RolldownWatcher;
  let started = false;
  let failed = false;
  // A first build that fails is waited for until its source is put right.
  await new Promise<void>((resolve) => {
    watcher.on('event', ({ code }) => {
      if (code === 'START') failed = false;
      if (code === 'ERROR') failed = true;
      if (code !== 'END' || failed) return;
      if (started) onRebuilt(part);
      started = true;
      resolve();
    });
  });
  return watcher;
}

if (import.meta.main) {
  const started = performance.now();
  await build();
  console.log(`Built out/ in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
