import { m } from '../messages/index.ts';

/**
 * If this variable is 1, secrets are also stored on an old Electron. The demo and the tests set it, because their passwords
 * are invented.
 */
export const ALLOW_OLD_ELECTRON = 'KEYVIGIL_ALLOW_OLD_ELECTRON';

const STORE_ANYWAY = '--store-anyway';

export interface Runtime {
  readonly version: string;
  /** The version that package.json declares. */
  readonly declared: string;
  /** A packaged app always has the declared version. */
  readonly isPackaged: boolean;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether secrets may be stored on this Electron, and what the user should know about it. */
export function checkElectron({ version, declared, isPackaged, args, env }: Runtime): {
  readonly mayStore: boolean;
  readonly warning?: () => string;
} {
  const isOld = !isPackaged && version.localeCompare(declared, 'en', { numeric: true }) < 0;
  if (!isOld || env[ALLOW_OLD_ELECTRON] === '1') return { mayStore: true };
  const mayStore = args.includes(STORE_ANYWAY);
  const warning = mayStore ? m.old_electron_may_store : m.old_electron_stores_nothing;
  return { mayStore, warning: () => warning({ version, option: STORE_ANYWAY }) };
}
