/** Tests the electron-updater that ships, against an update server on this computer. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import electronUpdater from 'electron-updater';
import { ElectronHttpExecutor } from 'electron-updater/out/electronHttpExecutor.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toUpdater } from './updater.ts';

const FILE = Buffer.from('the new Keyvigil '.repeat(10_000));

/** The executor that ships, but with Node's requests, because its own requests need Electron. */
class Executor extends ElectronHttpExecutor {
  override createRequest(options: object, callback: (response: IncomingMessage) => void): never {
    return request(options, callback) as never;
  }
}

let folder: string;
let server: Server;
let stagingIds: unknown[];
/** Whether a second Keyvigil cannot start. */
let isLocked: boolean;
/** The version that the server publishes, and the file that it sends. */
let published: { version: string; sent: Buffer; isCut: boolean };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyvigil-updates-'));
  published = { version: '1.1.0', sent: FILE, isCut: false };
  stagingIds = [];
  isLocked = true;
  server = createServer(({ url = '', headers }, response) => {
    stagingIds.push(headers['x-user-staging-id']);
    if (new URL(url, 'http://x').pathname === '/latest-linux.yml') response.end(release());
    else if (!published.isCut) response.end(published.sent);
    else {
      response.writeHead(200, { 'content-length': FILE.length });
      response.write(FILE.subarray(0, FILE.length / 2), () => response.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function release(): string {
  const sha512 = createHash('sha512').update(FILE).digest('base64');
  const file = `url: keyvigil.deb\n    sha512: ${sha512}\n    size: ${FILE.length}`;
  return `version: ${published.version}\nfiles:\n  - ${file}\nreleaseDate: '2026-11-24T00:00:00Z'\n`;
}

/** Makes the updater of an installed Keyvigil 1.0.0. */
function installed() {
  const { port } = server.address() as AddressInfo;
  const updater = new electronUpdater.DebUpdater(null, {
    version: '1.0.0',
    name: 'Keyvigil',
    isPackaged: true,
    appUpdateConfigPath: join(folder, 'app-update.yml'),
    userDataPath: folder,
    baseCachePath: folder,
    whenReady: () => Promise.resolve(),
    relaunch: () => {},
    quit: () => {},
    onQuit: () => {},
  });
  Object.assign(updater, {
    httpExecutor: new Executor(),
    configOnDisk: { value: Promise.resolve({ updaterCacheDirName: 'updates' }) },
    // The user does not type the administrator's password.
    runCommandWithSudoIfNeeded() {
      throw new Error('Command pkexec exited with code 126');
    },
  });
  updater.setFeedURL({ provider: 'generic', url: `http://127.0.0.1:${port}/` });
  return toUpdater(updater, {
    release: () => (isLocked = false),
    take: () => (isLocked = true),
  });
}

async function downloaded(): Promise<string[]> {
  const files = await readdir(join(folder, 'updates/pending')).catch(() => []);
  return files.filter((name) => name.endsWith('.deb'));
}

describe('an update', () => {
  it('is found, and downloaded when asked for', async () => {
    const updater = installed();
    expect(await updater.check()).toBe('1.1.0');
    expect(await downloaded()).toEqual([]);
    await updater.download();
    expect(await downloaded()).toEqual(['keyvigil.deb']);
    expect(await readFile(join(folder, 'updates/pending/keyvigil.deb'))).toEqual(FILE);
  });

  it('sends no id of this computer', async () => {
    const updater = installed();
    await updater.check();
    await updater.download();
    expect(stagingIds).toEqual(['none', 'none']);
  });

  it.each(['1.0.0', '0.9.9'])('is never the same version or an older one: %s', async (version) => {
    published.version = version;
    expect(await installed().check()).toBeUndefined();
  });

  it('that was tampered with is refused, and leaves nothing', async () => {
    published.sent = Buffer.concat([FILE.subarray(0, -1), Buffer.from('!')]);
    const updater = installed();
    await updater.check();
    await expect(updater.download()).rejects.toThrow('sha512 checksum mismatch');
    expect(await downloaded()).toEqual([]);
  });

  it('whose download is cut is refused, and arrives when it is tried again', async () => {
    published.isCut = true;
    const updater = installed();
    await updater.check();
    await expect(updater.download()).rejects.toThrow();
    expect(await downloaded()).toEqual([]);
    published.isCut = false;
    await updater.download();
    expect(await downloaded()).toEqual(['keyvigil.deb']);
  });

  it('that is not installed is an error, and no second Keyvigil can start beside the old one', async () => {
    const updater = installed();
    await updater.check();
    await updater.download();
    expect(() => updater.install()).toThrow('pkexec');
    expect(isLocked).toBe(true);
  });
});
