import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './cache.ts';
import { Problem, say } from './report.ts';
import { run } from './run.ts';

/** Finds and downloads the Electron that package.json declares. Some networks cannot reach the host of its binary. */

const electronPackage = join(import.meta.dirname, '../../node_modules/electron');
const DOWNLOAD_LIMIT_MS = 10 * 60_000;
const FAILURE_LASTS_MS = 24 * 60 * 60_000;

export interface Failure {
  at: number;
  reason: string;
}

export async function declaredVersion(): Promise<string> {
  const file = join(electronPackage, 'package.json');
  if (!existsSync(file)) throw new Problem('Electron is not installed: run npm ci first.');
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}

/**
 * Electron's installer writes `path.txt` last, so this file shows that the installation is complete.
 * @returns undefined if another version, or none, is installed
 */
export async function installedExecutable(version: string): Promise<string | undefined> {
  try {
    const path = await readFile(join(electronPackage, 'path.txt'), 'utf8');
    const installed = await readFile(join(electronPackage, 'dist/version'), 'utf8');
    const executable = join(electronPackage, 'dist', path);
    return installed.trim().replace(/^v/, '') === version && existsSync(executable)
      ? executable
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs Electron's own installer.
 * @returns undefined if the installer succeeds
 */
export async function download(version: string): Promise<Failure | undefined> {
  say(`Fetching Electron ${version} …`);
  const installer = join(electronPackage, 'install.js');
  const outcome = await run(process.execPath, [installer], { timeout: DOWNLOAD_LIMIT_MS });
  if (outcome.status === 0) return undefined;
  const failure = { at: Date.now(), reason: reasonOf(outcome.stderr, outcome.status) };
  await remember(version, failure);
  return failure;
}

function reasonOf(stderr: string, status: number | null): string {
  if (status === null) return `not finished after ${DOWNLOAD_LIMIT_MS / 60_000} minutes`;
  const line = stderr.split('\n').find((text) => /error/i.test(text)) ?? `exit status ${status}`;
  return line.trim().slice(0, 120);
}

const failureFile = (version: string) => join(cacheFolder(), `electron-${version}-failure.json`);

async function remember(version: string, failure: Failure): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(failureFile(version), JSON.stringify(failure));
}

/** A failed download is not retried for a day: a retry at each start would slow down each start. */
export async function recentFailure(version: string): Promise<Failure | undefined> {
  try {
    const failure = JSON.parse(await readFile(failureFile(version), 'utf8')) as Failure;
    const age = Date.now() - failure.at;
    return age >= 0 && age < FAILURE_LASTS_MS ? failure : undefined;
  } catch {
    return undefined;
  }
}
