import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as official from './official.ts';
import { olderExecutable, canRunOlder, olderVersion } from './older.ts';
import { Problem, say } from './report.ts';

export interface ElectronRuntime {
  executable: string;
  version: string;
  /** True for the older runtime, which is used if the declared Electron cannot be downloaded. */
  isFallback: boolean;
  /**
   * Arguments that must stand before the app's path.
   * As root on Linux, Chromium refuses to start with its sandbox, so this is `--no-sandbox`.
   */
  args: string[];
}

/** The places where a runtime can come from. Tests replace them. */
export interface Sources {
  override: string | undefined;
  version: string;
  installed(): Promise<string | undefined>;
  recentFailure(): Promise<official.Failure | undefined>;
  download(): Promise<official.Failure | undefined>;
  canRunOlder: boolean;
  olderExecutable(): Promise<string>;
}

/** Finds Electron, and downloads it if it is missing. */
export async function electronRuntime(): Promise<ElectronRuntime> {
  const version = await official.declaredVersion();
  return chooseRuntime({
    override: process.env['ELECTRON_OVERRIDE_DIST_PATH'],
    version,
    installed: () => official.installedExecutable(version),
    recentFailure: () => official.recentFailure(version),
    download: () => official.download(version),
    // Workflows set KEYVIGIL_OFFICIAL_ELECTRON to fail instead of using the older Electron.
    canRunOlder: canRunOlder && !process.env['KEYVIGIL_OFFICIAL_ELECTRON'],
    olderExecutable,
  });
}

export async function chooseRuntime(sources: Sources): Promise<ElectronRuntime> {
  const { override, version } = sources;
  if (override) return fromFolder(override);

  const installed = await sources.installed();
  if (installed) return runtime(installed, version, false);

  const known = sources.canRunOlder ? await sources.recentFailure() : undefined;
  const failure = known ?? (await sources.download());
  if (!failure) {
    const executable = await sources.installed();
    if (executable) return runtime(executable, version, false);
  }
  const reason = failure?.reason ?? 'its installer left no executable';
  const missing = `Electron ${version} could not be downloaded (${reason})`;
  if (!sources.canRunOlder) throw new Problem(`${missing}.`);

  const hint = known ? '; `npx install-electron` tries again' : '';
  say(
    `${missing}: using Electron ${olderVersion}, an older runtime for development and tests${hint}.`,
  );
  return runtime(await sources.olderExecutable(), olderVersion, true);
}

async function fromFolder(folder: string): Promise<ElectronRuntime> {
  const executable = join(folder, executableName());
  if (!existsSync(executable)) {
    throw new Problem(`ELECTRON_OVERRIDE_DIST_PATH is set, but ${executable} does not exist.`);
  }
  const version = await readFile(join(folder, 'version'), 'utf8').catch(() => 'unknown');
  return runtime(executable, version.trim().replace(/^v/, ''), false);
}

function executableName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

function runtime(executable: string, version: string, isFallback: boolean): ElectronRuntime {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  return { executable, version, isFallback, args: isRoot ? ['--no-sandbox'] : [] };
}
