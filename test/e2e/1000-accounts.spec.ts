/** A thousand accounts: more than anybody has, so that nobody's cost anything worth a thought. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { addAccount, expect, test, type Keyvigil } from './fixtures.ts';

const ACCOUNTS = 1000;
const WORLD = { hosts: { '*.plants.test': '127.0.0.1' } };
const WINDOW_MS = 20_000;

test('1,000 accounts on one server cost under 1 % of a core when idle, and one timer', async ({
  keyvigil,
  nexus,
}) => {
  await launchWithThousand(keyvigil, nexus, 1);
  expect(await idleShareOfCore(keyvigil)).toBeLessThan(0.01);
  // What happened is written down a minute later; after that, the keeper's is left alone.
  await expect.poll(() => timers(keyvigil)).toBe(1);
});

test('1,000 accounts on 200 servers cost as little, and the popup lists them all', async ({
  keyvigil,
  nexus,
}) => {
  await launchWithThousand(keyvigil, nexus, 200);
  expect(await idleShareOfCore(keyvigil)).toBeLessThan(0.01);
  const page = await keyvigil.popup();
  const accounts = page.getByRole('list', { name: 'Accounts' }).getByRole('listitem');
  await expect(accounts.filter({ hasText: 'Live' })).toHaveCount(ACCOUNTS);
});

/** Resolves when all sessions are known to live. */
async function launchWithThousand(
  keyvigil: Keyvigil,
  { origin, journal }: NexusIc,
  servers: number,
): Promise<void> {
  await keyvigil.launch(WORLD);
  const address = origin.replace('127.0.0.1', '0.plants.test');
  await expect(await addAccount(await keyvigil.popup(), { address })).toContainText('Live');
  await keyvigil.quit();
  multiply(keyvigil, servers);
  await keyvigil.launch(WORLD);
  await expect.poll(() => journal.count('version', 200)).toBe(ACCOUNTS);
  // Each request has a timer for as long as it takes; two are left, the keeper's and that of the record of what happened.
  await expect.poll(() => timers(keyvigil)).toBeLessThanOrEqual(2);
}

/** What the main process uses while nothing happens: the one thing here for which time itself has to pass. */
async function idleShareOfCore(keyvigil: Keyvigil): Promise<number> {
  const [before, from] = [await cpuMs(keyvigil), performance.now()];
  await delay(WINDOW_MS);
  return ((await cpuMs(keyvigil)) - before) / (performance.now() - from);
}

/** The one account that is stored becomes a thousand, on so many servers: by their names, for they are all the same. */
function multiply({ profile }: Keyvigil, servers: number): void {
  const change = <T>(name: string, change: (content: T) => T) => {
    const path = join(profile, name);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as T)));
  };
  const numbers = Array.from({ length: ACCOUNTS }, (_, number) => number);
  change<{ accounts: object[] }>('accounts.json', (file) => {
    const account = JSON.stringify(file.accounts[0]);
    const elsewhere = (number: number) =>
      JSON.parse(account.replaceAll('//0.plants', `//${number % servers}.plants`)) as object;
    return {
      ...file,
      accounts: numbers.map((n) => ({ ...elsewhere(n), id: `account-${n}`, name: `Plant ${n}` })),
    };
  });
  change<{ entries: Record<string, string> }>('vault.json', (file) => {
    const [entry = ''] = Object.values(file.entries);
    return { ...file, entries: Object.fromEntries(numbers.map((n) => [`account-${n}`, entry])) };
  });
}

async function timers({ app }: Keyvigil): Promise<number> {
  const resources = await app.evaluate(() => process.getActiveResourcesInfo());
  return resources.filter((resource) => resource === 'Timeout').length;
}

/** What the main process has used of a core so far. */
async function cpuMs({ app }: Keyvigil): Promise<number> {
  const { user, system } = await app.evaluate(() => process.cpuUsage());
  return (user + system) / 1000;
}
