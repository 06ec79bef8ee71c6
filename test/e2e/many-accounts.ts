/** Many accounts, made by copying what is stored for one. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { launchSignedIn } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { nexusAccount } from './servers.ts';

/** For `launch`: one simulated server answers for all of them. */
export const PLANTS = { hosts: { '*.plants.test': '127.0.0.1' } };

/** Stores this many accounts, spread over this many servers, and leaves Keyvigil closed. */
export async function storeAccounts(
  keyvigil: Keyvigil,
  nexus: NexusIc,
  { accounts: count, servers }: { accounts: number; servers: number },
): Promise<void> {
  const address = nexus.origin.replace('127.0.0.1', '0.plants.test');
  await launchSignedIn(keyvigil, nexusAccount(nexus, { address }), PLANTS);
  await keyvigil.quit();

  const numbers = Array.from({ length: count }, (_, number) => number);
  change<{ accounts: object[] }>(keyvigil, 'accounts.json', (file) => {
    const account = JSON.stringify(file.accounts[0]);
    const onServer = (number: number) =>
      JSON.parse(account.replaceAll('//0.plants', `//${number % servers}.plants`)) as object;
    return {
      ...file,
      accounts: numbers.map((n) => ({ ...onServer(n), id: `account-${n}`, name: `Plant ${n}` })),
    };
  });
  change<{ entries: Record<string, string> }>(keyvigil, 'vault.json', (file) => {
    const [entry = ''] = Object.values(file.entries);
    return { ...file, entries: Object.fromEntries(numbers.map((n) => [`account-${n}`, entry])) };
  });
}

function change<T>({ profile }: Keyvigil, name: string, change: (content: T) => T): void {
  const path = join(profile, name);
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as T)));
}
