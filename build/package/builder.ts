import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ElectronRuntime } from '../runtime/index.ts';
import { Problem } from '../runtime/report.ts';

const project = join(import.meta.dirname, '../..');
const command = join(project, 'node_modules/electron-builder/cli.js');

/** Runs electron-builder on the bundled app. */
export async function runBuilder(args: readonly string[]): Promise<void> {
  const builder = spawn(process.execPath, [command, '--publish', 'never', ...args], {
    cwd: project,
    env: { ...process.env, CUSTOM_FPM_PATH: join(import.meta.dirname, 'fpm.ts') },
    // Standard output is for this script's result.
    stdio: ['ignore', 2, 2],
  });
  const [status] = (await once(builder, 'exit')) as [number | null];
  if (status !== 0) throw new Problem('electron-builder failed.');
}

/**
 * Arguments that make electron-builder pack this Electron, which it copies as it is: so without what only development needs.
 * @param folder is written
 */
export async function packThisElectron(
  { executable, version }: ElectronRuntime,
  folder: string,
): Promise<string[]> {
  const runtime = dirname(executable);
  const developmentOnly = ['resources/app', 'resources/default_app.asar', 'version'];
  await rm(folder, { recursive: true, force: true });
  await cp(runtime, folder, {
    recursive: true,
    filter: (source) => !developmentOnly.includes(relative(runtime, source)),
  });
  return [`-c.electronDist=${folder}`, `-c.electronVersion=${version}`];
}
