/** Many accounts, made by copying what is stored for one. */
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { launchSignedIn } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { nexusAccount } from './servers.ts';
import { changeStored, decrypt, encrypt, readStored } from './stored.ts';

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
  const onServer = (text: string, server: number) =>
    text.replaceAll('//0.plants', `//${server}.plants`);
  // An entry belongs to one server, so each server needs its own.
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
