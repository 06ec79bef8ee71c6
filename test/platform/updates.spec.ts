/** Tests the bundled electron-updater in Electron, with Electron's own requests. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AppUpdater } from 'electron-updater';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { expect, test } from '../e2e/fixtures.ts';
import { launchElectron } from '../support/launch-electron.ts';

const bundled = join(import.meta.dirname, '../../out/main/electron-updater.js');
const FILE = Buffer.from('the new Keyvigil '.repeat(10_000));
const SHA512 = createHash('sha512').update(FILE).digest('base64');

declare global {
  var updater: AppUpdater;
}

for (const isTampered of [false, true]) {
  test(`a newer version is found, and ${isTampered ? 'refused because it was tampered with' : 'downloaded'}`, async ({
    desktop,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyvigil-updates-'));
    const server = createServer(({ url = '' }, response) => {
      const isFile = url.startsWith('/keyvigil.deb');
      response.end(isFile ? (isTampered ? FILE.subarray(1) : FILE) : release());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    writeApp(folder, port);
    const runtime = JSON.parse(process.env['KEYVIGIL_TEST_ELECTRON'] ?? '') as ElectronRuntime;
    const app = await launchElectron({
      executablePath: runtime.executable,
      args: [...runtime.args, folder, `--user-data-dir=${join(folder, 'profile')}`],
      env: { ...desktop.env, XDG_CACHE_HOME: folder },
    });
    const outcome = await app.evaluate(async () => {
      const found = await updater.checkForUpdates();
      const version = found?.updateInfo.version;
      return updater.downloadUpdate().then(
        () => `${version} downloaded`,
        (error: unknown) => `${version} refused: ${String(error)}`,
      );
    });
    expect(outcome).toContain(
      isTampered ? '1.1.0 refused: Error: sha512 checksum mismatch' : '1.1.0 downloaded',
    );
    await app.close();
    server.close();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });
}

function release(): string {
  const file = `url: keyvigil.deb\n    sha512: ${SHA512}\n    size: ${FILE.length}`;
  return `version: 1.1.0\nfiles:\n  - ${file}\nreleaseDate: '2026-11-24T00:00:00Z'\n`;
}

/** Writes an app of version 1.0.0 that has only the updater. */
function writeApp(folder: string, port: number): void {
  const source = `
import electronUpdater from ${JSON.stringify(pathToFileURL(bundled).href)};
globalThis.updater = new electronUpdater.DebUpdater();
Object.assign(updater, { forceDevUpdateConfig: true, autoDownload: false, logger: null });
`;
  writeFileSync(join(folder, 'main.mjs'), source);
  const manifest = { name: 'updated', version: '1.0.0', main: 'main.mjs', type: 'module' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(folder, 'dev-app-update.yml'),
    `provider: generic\nurl: http://127.0.0.1:${port}/\nupdaterCacheDirName: updates\n`,
  );
}
