/** An administrator turns updates off for all users of a computer by a file of this name. What is in it does not matter. */
const POLICY_FILES: Partial<Record<NodeJS.Platform, string>> = {
  linux: '/etc/keyvigil/no-updates',
  darwin: '/Library/Application Support/Keyvigil/no-updates',
};

/** Or by this variable, set to 1. */
const NO_UPDATES = 'KEYVIGIL_NO_UPDATES';

export interface Installation {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly exists: (path: string) => boolean;
}

/** Whether this installation looks for updates, if its user wants that. */
export function mayUpdate({ isPackaged, platform, env, exists }: Installation): boolean {
  // The portable app is one file that its user puts somewhere, and replaces.
  if (!isPackaged || env['PORTABLE_EXECUTABLE_FILE'] !== undefined) return false;
  if (env[NO_UPDATES] === '1') return false;
  const file = platform === 'win32' ? windowsPolicyFile(env) : POLICY_FILES[platform];
  return file === undefined || !exists(file);
}

function windowsPolicyFile(env: Installation['env']): string | undefined {
  const folder = env['ProgramData'];
  return folder === undefined ? undefined : `${folder}\\Keyvigil\\no-updates`;
}
