/** Tests a package's life on a user's computer. `main.ts` makes the clean system in which these tests run. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { expect, test } from '@playwright/test';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { nexusAccount, onlyKey, startNexus } from '../e2e/servers.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';
import {
  ACCENT_BLUE,
  click,
  findBelowPanel,
  findIcon,
  LIVE_GREEN,
  RIGHT,
} from '../support/panel.ts';

const FOLDER = '/opt/Keyvigil';
const APP = `${FOLDER}/keyvigil`;
const ENTRY = '/usr/share/applications/keyvigil.desktop';

let desktop: DesktopSession;
let nexus: NexusIc;
/** The session key, which the tray's menu copied. */
let key: string;

test.beforeAll(async () => {
  desktop = await startDesktop({ panel: true });
  nexus = await startNexus();
});

test.afterAll(async () => {
  await nexus.stop();
  await desktop.stop();
});

test('apt installs it with what it needs', async () => {
  await apt('install', '/packages/0.0.1/keyvigil.deb');
  expect(await installedVersion()).toBe('0.0.1');
  expect(await desktop.run('ldd', APP)).not.toContain('not found');
  // dpkg finds that no file has changed since the package was made.
  expect(await desktop.run('dpkg', '--verify', 'keyvigil')).toBe('');
  await desktop.run('desktop-file-validate', ENTRY);
});

test('nothing in it turns the sandbox off', async () => {
  const paths = (await desktop.run('dpkg-query', '--listfiles', 'keyvigil')).trim().split('\n');
  const control = ['postinst', 'postrm'].map((name) => `/var/lib/dpkg/info/keyvigil.${name}`);
  const found = await desktop.run(
    'sh',
    ...['-c', 'grep -l --no-messages -- --no-sandbox "$@" || true', 'sh', ...paths, ...control],
  );
  // Chromium's own files contain the text `--no-sandbox`, because Chromium warns of this switch.
  const isChromium = (path: string) => path === APP || path.endsWith('.pak');
  expect(found.split('\n').filter((path) => path !== '' && !isChromium(path))).toEqual([]);
});

test('only the bundled app is in it', () => {
  expect(statSync(`${FOLDER}/resources/app.asar`).size).toBeLessThan(1.5e6);
});

test('its fuses are as electron-builder.yml says', async () => {
  const fuses = await getCurrentFuseWire(APP);
  const on = [
    FuseV1Options.EnableCookieEncryption,
    FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    FuseV1Options.OnlyLoadAppFromAsar,
  ];
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ];
  const stateOf = (fuse: FuseV1Options) => [FuseV1Options[fuse], fuses[fuse]];
  expect(on.map(stateOf)).toEqual(on.map((fuse) => [FuseV1Options[fuse], FuseState.ENABLE]));
  expect(off.map(stateOf)).toEqual(off.map((fuse) => [FuseV1Options[fuse], FuseState.DISABLE]));
});

test('its entry in the menu starts it for an ordinary user, in the sandbox', async () => {
  await start();
  // The first start opens the popup, so there is a renderer.
  await findBelowPanel(desktop, ACCENT_BLUE);
  expect(process.getuid?.()).not.toBe(0);
  const renderers = appProcesses().filter(({ line }) => line.includes('--type=renderer'));
  expect(renderers).toHaveLength(1);
  const { pid } = renderers[0]!;
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\t2$/m);
  // Only root may read the namespace of a sandboxed process.
  const namespace = await desktop.run('sudo', 'readlink', `/proc/${pid}/ns/user`);
  expect(namespace.trim()).not.toBe(readlinkSync('/proc/self/ns/user'));
  expect(appProcesses().filter(({ line }) => line.includes('--no-sandbox'))).toEqual([]);
});

test('it signs in to a server, and copies the key that the server issued', async () => {
  const form = nexusAccount(nexus);
  const addAccount = await findBelowPanel(desktop, ACCENT_BLUE);
  await click(desktop, addAccount);
  await expect.poll(() => findBelowPanel(desktop, ACCENT_BLUE)).not.toEqual(addAccount);
  // Use the keyboard to go from field to field. Do not change the system and the method: the first in each list is right.
  const [userName = '', password = ''] = Object.values(form.values);
  // The second Tab after the password skips the button that shows the password.
  await fillIn(
    ...['Tab', form.address, 'Tab', 'Tab', userName, 'Tab'],
    ...[password, 'Tab', 'Tab', form.name],
  );
  await desktop.run('xdotool', 'key', 'Return');
  await findIcon(desktop, LIVE_GREEN);
  key = onlyKey(nexus);
  await copyKey();
});

test('the command is on the PATH, and the app’s binary is not', async () => {
  expect(await desktop.run('keyvigil', '--help')).toContain('keyvigil key NAME');
  // The package only recommends curl, so the command must say that curl is missing.
  await expect(desktop.run('keyvigil', 'list')).rejects.toThrow('This command needs curl');
  await apt('install', 'curl');
  expect(await desktop.run('keyvigil', 'list')).toContain('Plant model');
  // The user has turned nothing on for scripts, so a script gets no key.
  await expect(desktop.run('keyvigil', 'key', 'Plant model')).rejects.toThrow(/Turn it on/);
  await desktop.run('keyvigil', 'open');
  await findBelowPanel(desktop, LIVE_GREEN);
  await desktop.run('xdotool', 'key', 'Escape');
  expect(existsSync('/usr/share/bash-completion/completions/keyvigil')).toBe(true);
  expect(await desktop.run('sh', '-c', 'command -v keyvigil')).toBe('/usr/bin/keyvigil\n');
  expect(await desktop.run('readlink', '-f', '/usr/bin/keyvigil')).toBe(
    `${FOLDER}/resources/bin/keyvigil\n`,
  );
});

test('an upgrade loses no session', async () => {
  await apt('install', '/packages/0.0.2/keyvigil.deb');
  expect(await installedVersion()).toBe('0.0.2');
  await quit();
  await start();
  await findIcon(desktop, LIVE_GREEN);
  await copyKey();
  // Keyvigil logged in only once, in the version before the upgrade.
  expect([...nexus.sessions.keys()]).toEqual([key]);
});

test('removing it keeps accounts and settings, and purging says where they are', async () => {
  await quit();
  await apt('remove', 'keyvigil');
  expect([FOLDER, ENTRY, '/usr/bin/keyvigil'].filter((path) => existsSync(path))).toEqual([]);
  const profile = join(desktop.env['XDG_CONFIG_HOME'] ?? '', 'Keyvigil');
  expect(readFileSync(join(profile, 'accounts.json'), 'utf8')).toContain('Plant model');
  expect(await apt('purge', 'keyvigil')).toContain('rm -r ~/.config/Keyvigil');
  expect(existsSync(join(profile, 'vault.json'))).toBe(true);
});

function apt(command: string, what: string): Promise<string> {
  const options = ['--yes', '--quiet', '--no-install-recommends'];
  return desktop.run(
    ...(['sudo', 'DEBIAN_FRONTEND=noninteractive'] as const),
    ...['apt-get', ...options, command, what],
  );
}

async function installedVersion(): Promise<string> {
  return desktop.run('dpkg-query', '--show', '--showformat=${Version}', 'keyvigil');
}

/** Starts the app as a click on its entry in a desktop's menu does. */
async function start(): Promise<void> {
  // Send the app's output to /dev/null: while the app holds the pipe open, `run` would wait.
  await desktop.run('sh', '-c', `gio launch ${ENTRY} >/dev/null 2>&1`);
}

/** Quits with the last entry of the tray's menu. */
async function quit(): Promise<void> {
  await click(desktop, await findIcon(desktop, LIVE_GREEN), RIGHT);
  await expect(async () => {
    await desktop.run('xdotool', 'key', 'End', 'Return');
    await expect.poll(() => appProcesses().length, { timeout: 2000 }).toBe(0);
  }).toPass();
}

/** Copies the key with the account's entry in the tray's menu. */
async function copyKey(): Promise<void> {
  const icon = await findIcon(desktop, LIVE_GREEN);
  // A menu takes keys only a moment after it is shown. If a menu missed some keys, close it and open it again.
  await expect(async () => {
    await desktop.run('xdotool', 'key', 'Escape');
    await click(desktop, icon, RIGHT);
    await desktop.run('xdotool', 'key', '--delay', '300', 'Home', 'Right', 'Return');
    await expect.poll(clipboard, { timeout: 2000 }).toBe(key);
  }).toPass({ timeout: 60_000 });
}

/** Presses the key Tab for the word Tab, and pastes every other word. */
async function fillIn(...words: readonly string[]): Promise<void> {
  for (const word of words) {
    if (word === 'Tab') await desktop.run('xdotool', 'key', 'Tab');
    else await paste(word);
  }
}

/** Types nothing, because xdotool puts a letter such as ç on a key for a moment only, and a busy app reads that key too late. */
async function paste(text: string): Promise<void> {
  // xclip stays to serve the text, so it must not keep this command's output open.
  const copy = 'printf %s "$1" | xclip -selection clipboard >/dev/null 2>&1';
  await desktop.run('sh', '-c', copy, 'sh', text);
  await desktop.run('xdotool', 'key', 'ctrl+v');
}

function clipboard(): Promise<string> {
  // xclip fails while nothing is on the clipboard.
  return desktop.run('xclip', '-selection', 'clipboard', '-o').catch(() => '');
}

function appProcesses(): { pid: string; line: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.startsWith(APP) ? [{ pid, line }] : [];
    } catch {
      return [];
    }
  });
}
