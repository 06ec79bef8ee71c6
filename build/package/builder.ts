import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ElectronRuntime } from '../runtime/index.ts';
import { Problem } from '../runtime/report.ts';

const project = join(import.meta.dirname, '../..');
const command = join(project, 'node_modules/electron-builder/cli.js');

export async function runBuilder(args: readonly string[]): Promise<void> {
  const builder = spawn(process.execPath, [command, '--publish', 'never', ...args], {
    cwd: project,
    env: { ...process.env, CUSTOM_FPM_PATH: join(import.meta.dirname, 'fpm.ts') },
    // Send electron-builder's output to standard error: standard output is for this script's result.
    stdio: ['ignore', 2, 2],
  });
  const [status] = (await once(builder, 'exit')) as [number | null];
  if (status !== 0) throw new Problem('electron-builder failed.');
}

/**
 * Copies this Electron, without the files that only development needs.
 * @param folder the place for the copy; everything that is in it now is deleted
 * @returns the arguments that make electron-builder pack the copy
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
