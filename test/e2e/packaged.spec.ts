/** Tests the app that ships, except that this package has the Electron of the tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { generateAppRunScript } from 'app-builder-lib/out/targets/appimage/appImageUtil.js';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { packThisElectron, runBuilder } from '../../build/package/builder.ts';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import type { ShippedPackage } from '../../build/shipped.ts';
import lock from '../../package-lock.json' with { type: 'json' };
import project from '../../package.json' with { type: 'json' };
import { expect, test as base } from './fixtures.ts';

interface Packaged {
  readonly executable: string;
  readonly profile: string;
  spawn(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
}

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
}

interface Ending {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program, and closes its dialog. Runs as an ordinary user, because root may run Keyvigil without its sandbox. */
type AsOrdinaryUser = (program: string, env: Readonly<Record<string, string>>) => Promise<Ending>;

const test = base.extend<{ asOrdinaryUser: AsOrdinaryUser }, { packaged: Packaged }>({
  asOrdinaryUser: async ({ desktop }, use) => {
    const home = mkdtempSync(join(tmpdir(), 'keyvigil-home-'));
    const uid = process.getuid?.() || 65_534;
    chownSync(home, uid, -1);
    await use(async (program, env) => {
      const app = spawn(program, [`--user-data-dir=${join(home, 'profile')}`], {
        env: { ...desktop.env, HOME: home, ...env },
        uid,
      });
      const ended = ending(app);
      await desktop.run('xdotool', 'search', '--sync', '--onlyvisible', '--pid', String(app.pid));
      // A dialog takes keys a moment after it is shown.
      await expect(async () => {
        await desktop.run('xdotool', 'key', 'Escape');
        await expect.poll(() => app.exitCode, { timeout: 2000 }).not.toBeNull();
      }).toPass();
      return ended;
    });
    rmSync(home, { recursive: true });
  },
  packaged: [
    async ({ desktop }, use) => {
      const runtime = JSON.parse(process.env['KEYVIGIL_TEST_ELECTRON'] ?? '') as ElectronRuntime;
      const folder = mkdtempSync(join(tmpdir(), 'keyvigil-package-'));
      const electron = await packThisElectron(runtime, join(folder, 'electron'));
      const output = `-c.directories.output=${join(folder, 'dist')}`;
      await runBuilder(['--linux', 'dir', '--x64', output, ...electron]);
      const unpacked = join(folder, 'dist/linux-unpacked');
      // Another user must be able to run the app, too.
      chmodSync(folder, 0o755);
      const executable = join(unpacked, 'keyvigil');
      const profile = join(folder, 'profile');
      await use({
        executable,
        profile,
        spawn: (args, env = {}) =>
          spawn(executable, [...runtime.args, `--user-data-dir=${profile}`, ...args], {
            env: { ...desktop.env, ...env },
          }),
      });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});

// One package serves all tests of this file.
test.describe.configure({ mode: 'default' });

test('a packaged app starts', async ({ packaged }) => {
  const log = join(packaged.profile, 'logs/main.log');
  const app = packaged.spawn([]);
  const ended = once(app, 'exit');
  await expect.poll(() => (existsSync(log) ? readFileSync(log, 'utf8') : '')).toContain('running');
  app.kill();
  await ended;
});

test('every package that ships is locked, comes from an exact dependency, and has a free licence', () => {
  const shipped = JSON.parse(readFileSync('out/packages.json', 'utf8')) as ShippedPackage[];
  expect(shipped.length).toBeGreaterThan(Object.keys(project.dependencies).length);
  // npm marks the packages that only development needs with `dev`.
  const locked = Object.entries(lock.packages as Readonly<Record<string, Locked>>)
    .filter(([, { dev = false }]) => !dev)
    .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')} ${version}`);
  for (const { name, version, license } of shipped) {
    expect(locked).toContain(`${name} ${version}`);
    expect(license).toMatch(/^(MIT|ISC|BSD-[23]-Clause|Apache-2[.]0|BlueOak-1[.]0[.]0)$/);
  }
});

test('19. Every fuse is set: read back from the package', async ({ packaged }) => {
  const { version: _version, ...fuses } = await getCurrentFuseWire(packaged.executable);
  const states = Object.entries(fuses).map(([fuse, state]) => [
    FuseV1Options[Number(fuse)],
    FuseState[state as FuseState],
  ]);
  expect(Object.fromEntries(states)).toMatchObject({
    RunAsNode: 'DISABLE',
    EnableCookieEncryption: 'ENABLE',
    EnableNodeOptionsEnvironmentVariable: 'DISABLE',
    EnableNodeCliInspectArguments: 'DISABLE',
    EnableEmbeddedAsarIntegrityValidation: 'ENABLE',
    OnlyLoadAppFromAsar: 'ENABLE',
    LoadBrowserProcessSpecificV8Snapshot: 'DISABLE',
    GrantFileProtocolExtraPrivileges: 'DISABLE',
  });
});

for (const name of [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'inspect',
  'inspect-brk',
  'ignore-certificate-errors',
  'ignore-certificate-errors-spki-list',
]) {
  test(`a packaged app that is started with --${name} says so and exits`, async ({ packaged }) => {
    const { status, output } = await ending(packaged.spawn([`--${name}=0`]));
    expect(output).toContain(`Keyvigil refuses to run with the option --${name}`);
    expect(output).not.toContain('listening on');
    expect(status).toBe(1);
  });
}

test('an AppImage that would run without its sandbox says what to install, and exits', async ({
  packaged: { executable },
  asOrdinaryUser,
}) => {
  const appRun = join(dirname(executable), 'AppRun');
  const name = 'keyvigil';
  const script = generateAppRunScript({
    ...{ ExecutableName: name, ProductName: name, ProductFilename: name },
    ...{ DesktopFileName: `${name}.desktop`, ResourceName: name },
  });
  writeFileSync(appRun, script, { mode: 0o755 });
  const programs = mkdtempSync(join(tmpdir(), 'keyvigil-programs-'));
  chmodSync(programs, 0o755);
  // Simulate Ubuntu 24, on which programs cannot make user namespaces.
  writeFileSync(join(programs, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const PATH = `${programs}:${process.env['PATH']}`;
  const { status, output } = await asOrdinaryUser(appRun, { PATH });
  expect(output).toContain('Keyvigil refuses to run with the option --no-sandbox');
  expect(output).toContain('install the .deb or .rpm package');
  expect(status).toBe(1);
  rmSync(programs, { recursive: true });
});

test('a packaged app that would run without its sandbox by a variable says so and exits', async ({
  packaged: { executable },
  asOrdinaryUser,
}) => {
  const { status, output } = await asOrdinaryUser(executable, { ELECTRON_DISABLE_SANDBOX: '1' });
  expect(output).toContain('Keyvigil refuses to run with the option --no-sandbox');
  expect(status).toBe(1);
});

test('a packaged app runs no script that a variable names', async ({ packaged }) => {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-script-'));
  const [script, mark] = [join(folder, 'script.cjs'), join(folder, 'has-run')];
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`);
  // The app refuses this switch, and so ends by itself.
  const args = ['--inspect'];
  const outcomes = [
    await ending(packaged.spawn(args, { NODE_OPTIONS: `--require ${script}` })),
    await ending(packaged.spawn([...args, script], { ELECTRON_RUN_AS_NODE: '1' })),
  ];
  expect(() => readFileSync(mark)).toThrow('ENOENT');
  for (const { output } of outcomes) expect(output).toContain('refuses to run with');
  rmSync(folder, { recursive: true });
});

/** @returns what the app printed until it ended by itself */
async function ending(app: ChildProcess): Promise<Ending> {
  let output = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream?.on('data', (data: Buffer) => (output += data.toString()));
  }
  const [status] = (await once(app, 'close')) as [number | null];
  return { status, output };
}
