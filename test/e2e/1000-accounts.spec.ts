/**
 * Proves with a thousand accounts, more than any user has, that one account costs nearly nothing. This test mostly waits, so it
 * must start first: as the last test, it would delay the end of the run. Playwright runs the files in the order of their names.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { expect, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';

const ACCOUNTS = 1000;
const SERVERS = 200;
const IDLE_MS = 20_000;

test('1,000 accounts on 200 servers need one timer, and under 1 % of a core when idle, and the popup lists them all', async ({
  keyvigil,
  nexus,
}) => {
  await launchIdle(keyvigil, nexus);
  expect(await idleShareOfCore(keyvigil)).toBeLessThan(0.01);
  // The app writes the activity record after a minute. After that, only the timer of the next keep-alive is left.
  await expect.poll(() => timers(keyvigil)).toBe(1);
  const { accounts } = await keyvigil.popup();
  await expect(accounts.filter({ hasText: 'Live' })).toHaveCount(ACCOUNTS);
});

/** Resolves when all sessions are verified and no request is running. */
async function launchIdle(keyvigil: Keyvigil, nexus: NexusIc): Promise<void> {
  await storeAccounts(keyvigil, nexus, { accounts: ACCOUNTS, servers: SERVERS });
  await keyvigil.launch(PLANTS);
  await expect.poll(() => nexus.journal.count('version', 200)).toBe(ACCOUNTS);
  // Each running request has a timer. Without requests, two timers stay: the next keep-alive, and writing the activity record.
  await expect.poll(() => timers(keyvigil)).toBeLessThanOrEqual(2);
}

/** @returns the main process's share of a core while nothing happens, measured over a real time */
async function idleShareOfCore(keyvigil: Keyvigil): Promise<number> {
  const [before, startedAt] = [await cpuMs(keyvigil), performance.now()];
  await delay(IDLE_MS);
  return ((await cpuMs(keyvigil)) - before) / (performance.now() - startedAt);
}

async function timers({ app }: Keyvigil): Promise<number> {
  const resources = await app.evaluate(() => process.getActiveResourcesInfo());
  return resources.filter((resource) => resource === 'Timeout').length;
}

async function cpuMs({ app }: Keyvigil): Promise<number> {
  const { user, system } = await app.evaluate(() => process.cpuUsage());
  return (user + system) / 1000;
}
