import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../../build/package/must.ts';
import { cacheFolder } from '../../build/runtime/cache.ts';
import { ensureCommands } from '../../build/runtime/packages.ts';
import { Problem, say } from '../../build/runtime/report.ts';

/** The packages of a user's desktop, and the tools of the test. None of them is here because Keyvigil needs it. */
const PACKAGES = [
  ...['sudo', 'dbus', 'gnome-keyring', 'xfce4-panel', 'xfconf', 'xfwm4'],
  ...['fonts-dejavu-core', 'adwaita-icon-theme', 'libglib2.0-bin', 'desktop-file-utils'],
  ...['xvfb', 'xdotool', 'scrot', 'xclip', 'libstdc++6', 'libatomic1'],
];

export const USER = 'tester';

/**
 * Makes a fresh system with the same distribution and release as this machine, with a small desktop and one user.
 * @returns the system's folder, which must not be changed
 */
export async function cleanRoot(): Promise<string> {
  const { mmdebstrap } = await ensureCommands(['mmdebstrap']);
  const { ID, VERSION_CODENAME } = await osRelease();
  const sources = [`/etc/apt/sources.list.d/${ID}.sources`, '/etc/apt/sources.list'];
  const source = sources.find(existsSync);
  if (source === undefined || VERSION_CODENAME === undefined) {
    throw new Problem('This test needs Debian or a system that derives from it.');
  }
  const key = createHash('sha256')
    .update(JSON.stringify([VERSION_CODENAME, PACKAGES, await readFile(source, 'utf8')]))
    .digest('hex');
  const root = join(cacheFolder(), `clean-root-${key.slice(0, 16)}`);
  if (existsSync(root)) return root;

  say(`Making a clean ${ID} ${VERSION_CODENAME}, which takes some minutes the first time …`);
  await mkdir(cacheFolder(), { recursive: true });
  const partial = `${root}.${process.pid}`;
  const addUser = `useradd --root "$1" --create-home --shell /bin/sh ${USER}`;
  const allowSudo = `echo '${USER} ALL=(ALL) NOPASSWD: ALL' > "$1/etc/sudoers.d/${USER}"`;
  try {
    await must(mmdebstrap, [
      ...['--variant=apt', `--include=${PACKAGES.join(',')}`],
      ...[`--customize-hook=${addUser}`, `--customize-hook=${allowSudo}`],
      // Keep apt's lists, because the test installs Keyvigil's dependencies.
      '--skip=cleanup/apt',
      ...[VERSION_CODENAME, partial, source],
    ]);
    await rename(partial, root);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return root;
}

async function osRelease(): Promise<Record<string, string>> {
  const lines = (await readFile('/etc/os-release', 'utf8')).split('\n');
  return Object.fromEntries(lines.map((line) => line.replaceAll('"', '').split('=', 2)));
}
