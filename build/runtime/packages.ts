import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem, say } from './report.ts';
import { run } from './run.ts';

/** Names the Debian packages of the libraries and tools that Electron and the tests need. */

const libraryPackages: Record<string, string> = {
  'libX11.so.6': 'libx11-6',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
  'libXss.so.1': 'libxss1',
  'libXtst.so.6': 'libxtst6',
  'libasound.so.2': 'libasound2',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcairo.so.2': 'libcairo2',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libdrm.so.2': 'libdrm2',
  'libexpat.so.1': 'libexpat1',
  'libgbm.so.1': 'libgbm1',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnspr4.so': 'libnspr4',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libsmime3.so': 'libnss3',
  'libudev.so.1': 'libudev1',
  'libxcb.so.1': 'libxcb1',
  'libxkbcommon.so.0': 'libxkbcommon0',
};

const multiarch = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';

interface ToolSource {
  /** A tool is installed if this file exists. A file name without a folder is searched on the PATH. */
  readonly file: string;
  readonly packages: string[];
}

const testTools = {
  Xvfb: { file: 'Xvfb', packages: ['xvfb'] },
  'dbus-daemon': { file: 'dbus-daemon', packages: ['dbus'] },
  'dbus-send': { file: 'dbus-send', packages: ['dbus'] },
  'gnome-keyring-daemon': { file: 'gnome-keyring-daemon', packages: ['gnome-keyring'] },
  libsecret: { file: `/usr/lib/${multiarch}/libsecret-1.so.0`, packages: ['libsecret-1-0'] },
  'xfce4-panel': { file: 'xfce4-panel', packages: ['xfce4-panel'] },
  xfconfd: { file: `/usr/lib/${multiarch}/xfce4/xfconf/xfconfd`, packages: ['xfconf'] },
  xfwm4: { file: 'xfwm4', packages: ['xfwm4'] },
  xdotool: { file: 'xdotool', packages: ['xdotool'] },
  scrot: { file: 'scrot', packages: ['scrot'] },
  xclip: { file: 'xclip', packages: ['xclip'] },
  curl: { file: 'curl', packages: ['curl'] },
  // Use Debian's own Python: it finds the Python modules that are Debian packages.
  python3: { file: '/usr/bin/python3', packages: ['python3'] },
  'python-requests': {
    file: '/usr/lib/python3/dist-packages/requests/__init__.py',
    packages: ['python3-requests'],
  },
  'at-spi': { file: '/usr/libexec/at-spi-bus-launcher', packages: ['at-spi2-core'] },
  'python-gi': { file: '/usr/lib/python3/dist-packages/gi/__init__.py', packages: ['python3-gi'] },
  'python-atspi': {
    file: `/usr/lib/${multiarch}/girepository-1.0/Atspi-2.0.typelib`,
    packages: ['gir1.2-atspi-2.0'],
  },
  zsh: { file: 'zsh', packages: ['zsh'] },
  fish: { file: 'fish', packages: ['fish'] },
  font: {
    file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
    packages: ['fonts-dejavu-core'],
  },
  icons: { file: '/usr/share/icons/Adwaita/index.theme', packages: ['adwaita-icon-theme'] },
} satisfies Record<string, ToolSource>;

const packagingTools = {
  'dpkg-deb': { file: 'dpkg-deb', packages: ['dpkg'] },
  rpmbuild: { file: 'rpmbuild', packages: ['rpm'] },
  makensis: { file: 'makensis', packages: ['nsis'] },
  mmdebstrap: { file: 'mmdebstrap', packages: ['mmdebstrap'] },
} satisfies Record<string, ToolSource>;

const benchTools = {
  'dbus-monitor': { file: 'dbus-monitor', packages: ['dbus'] },
  // Use Debian's own Python: it finds the Python modules that are Debian packages.
  'bench-python': { file: '/usr/bin/python3', packages: ['python3'] },
  'python-xlib': {
    file: '/usr/lib/python3/dist-packages/Xlib/__init__.py',
    packages: ['python3-xlib'],
  },
} satisfies Record<string, ToolSource>;

const tools = { ...testTools, ...packagingTools, ...benchTools };

export type Tool = keyof typeof tools;
export const allTools = Object.keys(testTools) as (keyof typeof testTools)[];
/** The tools for the tests on plain Node: programs and shells with which users call Keyvigil. */
export const scriptTools = ['curl', 'python3', 'python-requests', 'zsh', 'fish'] as const;
/** The tools that read the screen as a screen reader does. */
export const screenReaderTools = ['at-spi', 'python3', 'python-gi', 'python-atspi'] as const;
/** The tools that the demo needs. Of the script tools, the demo uses only curl. */
export const demoTools = allTools.filter(
  (name) =>
    name === 'curl' || ![...scriptTools, ...screenReaderTools].some((other) => other === name),
);

/** Installs the tools that are missing, and returns the path of each. */
export async function ensureCommands<T extends Tool>(
  names: readonly T[],
): Promise<Record<T, string>> {
  const missing = names.filter((name) => !find(tools[name].file));
  if (missing.length > 0) {
    await ensurePackages(
      missing.flatMap((name) => tools[name].packages),
      `${missing.join(', ')} missing`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, required(name)])) as Record<T, string>;
}

function required(name: Tool): string {
  const path = find(tools[name].file);
  if (!path) throw new Problem(`${name} is missing although its package is installed.`);
  return path;
}

function find(file: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = file.startsWith('/') ? [file] : folders.map((folder) => join(folder, file));
  return candidates.find((path) => existsSync(path));
}

/** Installs the shared libraries that the Electron executable needs and that are missing. */
export async function ensureLibraries(executable: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const missing = await missingLibrariesOf(executable);
  if (missing.length === 0) return;
  const { packages, unknown } = packagesFor(missing);
  if (unknown.length > 0) {
    throw new Problem(`Electron needs system libraries that are missing: ${missing.join(', ')}.`);
  }
  await ensurePackages(packages, `Electron needs ${missing.join(', ')}`);
  const still = await missingLibrariesOf(executable);
  if (still.length > 0) throw new Problem(`Still missing for Electron: ${still.join(', ')}.`);
}

async function missingLibrariesOf(executable: string): Promise<string[]> {
  return missingLibraries((await run('ldd', [executable])).stdout);
}

export function missingLibraries(lddOutput: string): string[] {
  const names = [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
  return [...new Set(names)];
}

export function packagesFor(libraries: string[]): { packages: string[]; unknown: string[] } {
  const packages = libraries.flatMap((library) => libraryPackages[library] ?? []);
  const unknown = libraries.filter((library) => !(library in libraryPackages));
  return { packages: [...new Set(packages)], unknown };
}

/** Installs Debian packages if this user is root, or with sudo on a build server. Tells any other user the command. */
async function ensurePackages(wanted: string[], why: string): Promise<void> {
  if (!find('apt-get')) {
    throw new Problem(
      `${why}. Install what corresponds to these Debian packages: ${wanted.join(' ')}.`,
    );
  }
  const mayInstall = process.getuid?.() === 0 || Boolean(process.env['CI']);
  if (mayInstall) await apt(['update'], why);
  const names = await Promise.all(wanted.map(nameOnThisRelease));
  const install = ['install', '--no-install-recommends', '-y', ...new Set(names)];
  const command = `apt-get ${install.join(' ')}`;
  if (!mayInstall) throw new Problem(`${why}. To install it:\n  sudo ${command}`);
  say(`${why}: ${command}`);
  await apt(install, why);
}

async function apt(args: string[], why: string): Promise<void> {
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const command = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '--non-interactive', 'apt-get'];
  const [program, ...first] = command as [string, ...string[]];
  const outcome = await run(program, [...first, ...options, ...args], { env });
  if (outcome.status === 0) return;
  throw new Problem(`${why}, and apt-get ${args.join(' ')} failed:\n${outcome.stderr.trim()}`);
}

/** Debian 13 and Ubuntu 24.04 added `t64` to some package names. */
async function nameOnThisRelease(name: string): Promise<string> {
  if (!name.startsWith('lib')) return name;
  const renamed = `${name}t64`;
  const outcome = await run('apt-cache', ['show', '--no-all-versions', renamed]);
  return outcome.status === 0 && outcome.stdout.includes(`Package: ${renamed}`) ? renamed : name;
}
