import { administratorFile } from './administrator-files.ts';

/** If this file exists, an administrator has turned updates off for all users. Its content does not matter. */
const POLICY_FILE = 'no-updates';

/** If this variable is 1, updates are off too. */
const NO_UPDATES = 'KEYVIGIL_NO_UPDATES';

export interface Installation {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
}

/** Whether this installation looks for updates, if its user wants that. */
export function mayUpdate({ isPackaged, platform, env, exists }: Installation): boolean {
  // Keyvigil does not know where the user keeps the file of the portable app, so the user must replace it.
  if (!isPackaged || env['PORTABLE_EXECUTABLE_FILE'] !== undefined) return false;
  if (env[NO_UPDATES] === '1') return false;
  const file = administratorFile(platform, env, POLICY_FILE);
  return file === undefined || !exists(file);
}
