import { readAccountFile } from '../bridge/account-file.ts';
import type { Notices } from '../bridge/notices.ts';
import { m } from '../messages/index.ts';
import type { AccountForm } from '../sessions/account-form.ts';
import { administratorFile, isOnlyAdministrators, type FileSystem } from './administrator-files.ts';

/**
 * Tests put the path of another file into this variable. A packaged app ignores the variable, because the file decides where
 * users send their passwords.
 */
export const FILE_VARIABLE = 'KEYVIGIL_MANAGED_ACCOUNTS';

export interface ManagedAccountsFileDeps {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isPackaged: boolean;
  /** The user who runs Keyvigil, and who owns the file of the tests. */
  readonly userId: number | undefined;
  readonly files: FileSystem & { read(path: string): string };
  readonly notices: Pick<Notices, 'add'>;
}

/** @returns the administrator's accounts: none if there is no file; undefined, with a notice, if the file cannot be used */
export function readManagedAccounts(
  deps: ManagedAccountsFileDeps,
): readonly AccountForm[] | undefined {
  const { platform, env, isPackaged, userId, files, notices } = deps;
  const testFile = isPackaged ? undefined : env[FILE_VARIABLE];
  const path = testFile ?? administratorFile(platform, env, 'accounts.json');
  if (path === undefined) return [];
  const tellBroken = () => notices.add('managed-accounts', () => m.managed_file_broken({ path }));
  try {
    const administrator = testFile === undefined ? undefined : userId;
    // On Windows, Node cannot tell who may write a file. On macOS, only administrators may write into the parent folder.
    if (platform === 'linux' && !isOnlyAdministrators(path, files, administrator)) {
      notices.add('managed-accounts', () => m.managed_file_unsafe({ path }));
      return undefined;
    }
    const reading = readAccountFile(files.read(path));
    if (reading.ok) return reading.value;
    tellBroken();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    tellBroken();
  }
  return undefined;
}
