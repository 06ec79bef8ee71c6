import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { runnableElectron, startApp } from './electron-process.ts';
import { script } from './runtime/report.ts';

const project = join(import.meta.dirname, '..');
const sources = ['main', 'renderer', 'build/bundle.ts', 'package.json', 'package-lock.json'];

await script(async () => {
  const runtime = await runnableElectron();
  if (await isOutdated()) {
    // Load the bundler only if it is needed: loading it takes longer than starting the app.
    const { build } = await import('./bundle.ts');
    await build();
  }
  const app = startApp(runtime, process.argv.slice(2));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.kill(signal));
  const [status, signal] = (await once(app, 'exit')) as [number | null, NodeJS.Signals | null];
  process.exitCode = status ?? 128 + (signal ? constants.signals[signal] : 0);
});

/** The renderer is built last, so its page shows when the whole build ended. */
async function isOutdated(): Promise<boolean> {
  const lastBuilt = join(project, 'out/renderer/index.html');
  if (!existsSync(lastBuilt)) return true;
  const changes = await Promise.all(sources.map((name) => lastChange(join(project, name))));
  return Math.max(...changes) > (await stat(lastBuilt)).mtimeMs;
}

async function lastChange(path: string): Promise<number> {
  if (!existsSync(path)) return 0;
  const status = await stat(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const names = await readdir(path);
  const changes = await Promise.all(names.map((name) => lastChange(join(path, name))));
  // If a file is removed, only the time of its folder changes.
  return Math.max(status.mtimeMs, ...changes);
}
