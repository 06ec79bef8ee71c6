import { cpSync, readdirSync, rmSync, watch as watchFolder } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build as viteBuild, minify, type InlineConfig, type Plugin, type Rolldown } from 'vite';
import { compileMessages, messagesFolder } from './messages.ts';
import { declaredVersion } from './runtime/official.ts';
import { notePackages, writeShipped } from './shipped.ts';

const project = join(import.meta.dirname, '..');
export const outFolder = join(project, 'out');

const declaredElectron = await declaredVersion();

export type Part = 'main' | 'preload' | 'renderer';

/** This module replaces ajv and ajv-formats, which would be a quarter of all code that the app loads at its start. */
const unused = join(import.meta.dirname, 'unused-package.ts');

const common = {
  configFile: false,
  root: project,
  logLevel: 'warn',
  publicDir: false,
} satisfies InlineConfig;

/** Minifies large packages and the texts. Our own code stays readable in a stack trace. */
const minifyPackages: Plugin = {
  name: 'minify-packages',
  async renderChunk(code, { moduleIds, fileName }) {
    const isOwnCode = (id: string) =>
      packageOf(id) === undefined &&
      !id.startsWith(messagesFolder) &&
      !id.startsWith('\0rolldown/');
    if (moduleIds.some(isOwnCode)) return null;
    const { code: minified } = await minify(fileName, code, { module: true });
    return { code: minified, map: null };
  },
};

/** Puts the page's script and style sheet into the page, because each further file delays the popup. */
const inlineFiles: Plugin = {
  name: 'inline-files',
  enforce: 'post',
  generateBundle(_options, bundle) {
    const page = bundle['index.html'];
    if (page?.type !== 'asset') throw new Error('The page was not built.');
    let html = String(page.source);
    for (const [name, file] of Object.entries(bundle)) {
      if (file === page) continue;
      const isScript = file.type === 'chunk';
      // The browser must not take a text in the script for the script's end.
      const content = isScript
        ? `<script type="module">${file.code.replace(/<(?=!--|\/?script)/gi, String.raw`\x3C`)}</script>`
        : `<style>${String(file.source)}</style>`;
      const tag = isScript
        ? new RegExp(`<script[^>]+${name}"></script>`)
        : new RegExp(`<link[^>]+${name}">`);
      if (!tag.test(html)) throw new Error(`The page does not load ${name}.`);
      html = html.replace(tag, () => content);
      // oxlint-disable-next-line typescript/no-dynamic-delete -- A plugin removes a file by deleting its entry.
      delete bundle[name];
    }
    page.source = html;
  },
};

/** Configures a part that runs on Node. Nearly all packages are bundled, because an installed app has no node_modules. */
function nodePart(part: Part, entry: string, output: Rolldown.OutputOptions): InlineConfig {
  return {
    ...common,
    define: {
      // Without this line, the app would depend on the environment in which it is started.
      'process.env.NODE_ENV': '"production"',
      DECLARED_ELECTRON: JSON.stringify(declaredElectron),
    },
    plugins: [minifyPackages],
    resolve: { alias: { 'ajv/dist/2020.js': unused, 'ajv-formats': unused } },
    // Leave out `supports-color`: `debug` uses it only to colour a terminal, and the app has none.
    ssr: { noExternal: true, external: ['electron', 'supports-color'] },
    build: {
      ssr: join(project, entry),
      outDir: join(outFolder, part),
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        external: [/^electron(\/|$)/],
        output: {
          ...output,
          // If a file has a single “, V8 needs two bytes for each character of the file. For plain ASCII, V8 needs one.
          charset: 'ascii',
          // Comments that describe code would only make the app larger. Licences stay.
          comments: { jsdoc: false },
        },
      },
    },
  };
}

function configOf(part: Part): InlineConfig {
  switch (part) {
    case 'main':
      // Each dynamic import keeps its own file, so the app loads that code only when it is needed.
      return nodePart(part, 'main/index.ts', {
        format: 'es',
        entryFileNames: 'index.js',
        chunkFileNames: ({ facadeModuleId, name }) => `${packageOf(facadeModuleId) ?? name}.js`,
        codeSplitting: {
          groups: [{ name: 'messages', test: (id) => id.startsWith(messagesFolder) }],
        },
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
        plugins: [svelte({ configFile: false }), inlineFiles],
        build: {
          // See `nodePart`.
          rolldownOptions: { output: { charset: 'ascii' } },
          outDir: join(outFolder, part),
          emptyOutDir: true,
          // The oldest Electron that runs the app is 33, with Chromium 130.
          target: 'chrome130',
          modulePreload: { polyfill: false },
        },
      };
  }
}

/** @returns a good name for a chunk: a package's file is often called index, which says nothing in out/ or in a debugger */
function packageOf(module: string | null | undefined): string | undefined {
  return /node_modules\/(?:@[^/]+\/)?([^/]+)/.exec(module ?? '')?.[1];
}

const parts: Part[] = ['main', 'preload', 'renderer'];

/** Builds every part into out/. */
export async function build(): Promise<void> {
  await compileMessages();
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

/**
 * Builds every part, and rebuilds a part when its sources change.
 * @returns a promise that resolves after the first build
 */
export async function watch(onRebuilt: (part: Part) => void): Promise<void> {
  copyIcons();
  await compileMessages();
  watchFolder(messagesFolder, () => void compileMessages().catch(console.error));
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
  // Wait for the first build that succeeds: after a failed build, the developer corrects the source and Vite builds again.
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
