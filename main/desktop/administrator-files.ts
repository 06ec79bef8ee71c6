import { posix } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const FOLDERS: Partial<Record<NodeJS.Platform, string>> = {
  linux: '/etc/keyvigil',
  darwin: '/Library/Application Support/Keyvigil',
};

/** The path of a file that the administrator provides for all users; undefined if this platform has no folder for it. */
export function administratorFile(
  platform: NodeJS.Platform,
  env: Env,
  name: string,
): string | undefined {
  if (platform === 'win32') {
    const folder = env['ProgramData'];
    return folder === undefined ? undefined : `${folder}\\Keyvigil\\${name}`;
  }
  const folder = FOLDERS[platform];
  return folder === undefined ? undefined : `${folder}/${name}`;
}

/** The parts of the file system that the checks need. */
export interface FileSystem {
  readonly stat: (path: string) => { readonly uid: number; readonly mode: number };
  /** Follows symbolic links. */
  readonly realpath: (path: string) => string;
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Whether only the administrator can change a file. No ordinary user may own or write the file, a folder above it, or what a
 * symbolic link leads to.
 */
export function isOnlyAdministrators(
  path: string,
  { stat, realpath }: FileSystem,
  administrator = ROOT,
): boolean {
  const owners = [ROOT, administrator];
  const target = realpath(path);
  return [...new Set([...foldersOf(path), target, ...foldersOf(target)])].every((checked) => {
    const { uid, mode } = stat(checked);
    // In a sticky folder such as /tmp, nobody can replace a file of another user.
    const isSticky = checked !== target && (mode & STICKY) !== 0;
    return owners.includes(uid) && ((mode & WRITABLE_BY_OTHERS) === 0 || isSticky);
  });
}

function foldersOf(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === path ? [] : [folder, ...foldersOf(folder)];
}
