import { cpSync } from 'node:fs';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { Keyvigil } from '../e2e/keyvigil.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import type { DesktopSession } from '../support/desktop-session.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';

export const HOSTS = Object.entries(PLANTS.hosts)
  .map(([name, address]) => `MAP ${name} ${address}`)
  .join(', ');

const serversFor = (accounts: number) => Math.max(1, Math.round(accounts / 20));

/**
 * Makes a profile in `folder` with this many signed-in accounts. The unpackaged app makes it, because Playwright cannot control
 * a packaged app.
 */
export async function makeProfile(
  runtime: ElectronRuntime,
  desktop: DesktopSession,
  nexus: NexusIc,
  accounts: number,
  folder: string,
): Promise<void> {
  const keyvigil = new Keyvigil(runtime, desktop.env);
  try {
    await storeAccounts(keyvigil, nexus, { accounts, servers: serversFor(accounts) });
    cpSync(keyvigil.profile, folder, { recursive: true });
  } finally {
    await keyvigil.end();
    keyvigil.removeFiles();
  }
}
