import { posix } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const FOLDERS: Partial<Record<NodeJS.Platform, string>> = {
  linux: '/etc/keyvigil',
  darwin: '/Library/Application Support/Keyvigil',
};

/** A file of the computer's administrator, for all users. Undefined if this system has no place for it. */
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

/** What is asked of the file system. */
export interface FileSystem {
  readonly stat: (path: string) => { readonly uid: number; readonly mode: number };
  /** Follows symbolic links. */
  readonly realpath: (path: string) => string;
}

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Whether only the administrator can change a file: neither it, nor a folder on the way to it, nor what a symbolic link leads to
 * may belong to an ordinary user or be writable for one.
 */
export function isOnlyAdministrators(
  path: string,
  { stat, realpath }: FileSystem,
  administrator = ROOT,
): boolean {
  const owners = [ROOT, administrator];
  return [...new Set([...foldersOf(path), realpath(path), ...foldersOf(realpath(path))])].every(
    (checked) => {
      const { uid, mode } = stat(checked);
      // In a folder like /tmp, nobody can replace what belongs to somebody else.
      const isWritable = (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
      return owners.includes(uid) && !isWritable;
    },
  );
}

function foldersOf(path: string): readonly string[] {
  const folder = posix.dirname(path);
  return folder === path ? [] : [folder, ...foldersOf(folder)];
}
