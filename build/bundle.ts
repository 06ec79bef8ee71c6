import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build as viteBuild, minify, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import { declaredVersion } from './runtime/official.ts';
import { notePackages, writeShipped } from './shipped.ts';

const project = join(import.meta.dirname, '..');
export const outFolder = join(project, 'out');

const declaredElectron = await declaredVersion();

export type Part = 'main' | 'preload' | 'renderer';

/** A quarter of all code that a start would load. */
const unused = join(import.meta.dirname, 'unused-package.ts');

const common = {
  configFile: false,
  root: project,
  logLevel: 'warn',
  publicDir: false,
} satisfies InlineConfig;

/** Makes large packages small. Our own code stays readable in a stack trace. */
const minifyPackages: Plugin = {
  name: 'minify-packages',
  async renderChunk(code, { moduleIds, fileName }) {
    if (!moduleIds.every((id) => packageOf(id) ?? id.startsWith('\0rolldown/'))) return null;
    const { code: minified } = await minify(fileName, code, { module: true });
    return { code: minified, map: null };
  },
};

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A text with a single “ takes twice the memory: V8 keeps two bytes for each of its characters. */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk') chunk.code = chunk.code.replace(/[^\0-\x7f]/g, escaped);
    }
  },
};

/** A part that runs on Node. Only Electron and Node's own modules are not bundled. */
function nodePart(part: Part, entry: string, output: Rolldown.OutputOptions): InlineConfig {
  return {
    ...common,
    define: {
      // Otherwise the app would depend on the environment in which it is started.
      'process.env.NODE_ENV': '"production"',
      DECLARED_ELECTRON: JSON.stringify(declaredElectron),
    },
    plugins: [minifyPackages, asciiOnly],
    resolve: { alias: { 'ajv/dist/2020.js': unused, 'ajv-formats': unused } },
    // `debug` takes the colours of a terminal, where it finds this package of the build's own. No app has a terminal.
    ssr: { noExternal: true, external: ['electron', 'supports-color'] },
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
      // Dynamic imports keep their own files, which are not loaded until they are needed.
      return nodePart(part, 'main/index.ts', {
        format: 'es',
        entryFileNames: 'index.js',
        chunkFileNames: ({ facadeModuleId, name }) => `${packageOf(facadeModuleId) ?? name}.js`,
      });
    case 'preload':
      // A sandboxed preload must be one CommonJS file, and can require only Electron.
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
          // The Chromium of Electron 33, the oldest that runs the app.
          target: 'chrome130',
          modulePreload: { polyfill: false },
        },
      };
  }
}

/** The name of a module's package. Most packages start with a file called index, which tells nothing in out/ or a debugger. */
function packageOf(module: string | null | undefined): string | undefined {
  return /node_modules\/(?:@[^/]+\/)?([^/]+)/.exec(module ?? '')?.[1];
}

const parts: Part[] = ['main', 'preload', 'renderer'];

/** Builds everything into out/. */
export async function build(): Promise<void> {
  rmSync(outFolder, { recursive: true, force: true });
  const packages = new Set<string>();
  for (const part of parts) {
    const { plugins = [], ...config } = configOf(part);
    await viteBuild({ ...config, plugins: [...plugins, notePackages(packages)] });
  }
  writeShipped(packages, outFolder);
  copyIcons();
}

function copyIcons(): void {
  const source = join(project, 'build/icons');
  const icons = readdirSync(source).filter((name) => /^tray-.*\.(png|ico)$/.test(name));
  for (const name of icons) cpSync(join(source, name), join(outFolder, 'icons', name));
}

/** Builds everything, and each part again when its sources change. Resolves after the first build. */
export async function watch(onRebuilt: (part: Part) => void): Promise<void> {
  copyIcons();
  await Promise.all(parts.map((part) => watchPart(part, onRebuilt)));
}

async function watchPart(part: Part, onRebuilt: (part: Part) => void): Promise<void> {
  const config = configOf(part);
  const watcher = (await viteBuild({
    ...config,
    build: { ...config.build, watch: {} },
  })) as Rolldown.RolldownWatcher;
  let started = false;
  let failed = false;
  // If the first build fails, this waits until the source is corrected.
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
}

if (import.meta.main) {
  const started = performance.now();
  await build();
  console.log(`Built out/ in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
