/** Makes many accounts by copying what is stored for one account. */
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { launchSignedIn } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { nexusAccount } from './servers.ts';
import { changeStored, decrypt, encrypt, readStored } from './stored.ts';

/** Options for `launch`: one simulated server answers for all host names of the accounts. */
export const PLANTS = { hosts: { '*.plants.test': '127.0.0.1' } };

/** Stores this many accounts, spread over this many servers. Afterwards, Keyvigil is closed. */
export async function storeAccounts(
  keyvigil: Keyvigil,
  nexus: NexusIc,
  { accounts: count, servers }: { accounts: number; servers: number },
): Promise<void> {
  const address = nexus.origin.replace('127.0.0.1', '0.plants.test');
  await launchSignedIn(keyvigil, nexusAccount(nexus, { address }), PLANTS);
  const onServer = (text: string, server: number) =>
    text.replaceAll('//0.plants', `//${server}.plants`);
  // An entry of the vault belongs to one server, so each server needs its own entry.
  const [entry = ''] = await decrypt(
    keyvigil,
    Object.values(readStored(keyvigil, 'vault.json').entries),
  );
  const perServer = Array.from({ length: servers }, (_, server) => onServer(entry, server));
  const entries = await encrypt(keyvigil, perServer);
  await keyvigil.quit();

  const numbers = Array.from({ length: count }, (_, number) => number);
  changeStored(keyvigil, 'accounts.json', (file) => {
    const account = JSON.stringify(file.accounts[0]);
    return {
      ...file,
      accounts: numbers.map((n) => ({
        ...(JSON.parse(onServer(account, n % servers)) as object),
        id: `account-${n}`,
        name: `Plant ${n}`,
      })),
    };
  });
  changeStored(keyvigil, 'vault.json', (file) => ({
    ...file,
    entries: Object.fromEntries(numbers.map((n) => [`account-${n}`, entries[n % servers]!])),
  }));
}
