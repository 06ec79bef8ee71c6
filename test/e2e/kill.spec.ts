/**
 * Kills the whole app while it writes. At each start, twenty accounts must log in, because their server forgot them. Each login
 * writes the vault twice, and the accounts once, because they must learn the server's version again. A seed decides when to
 * kill. A failure names its seed, and KEYVIGIL_SEED repeats it.
 */
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { SavedAccount } from '../../main/sessions/saved-account.ts';
import { held } from '../simulators/faults.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import { nexusAccount } from './servers.ts';

/** Each kill costs a start, so a test run has few kills, and each run has others. KEYVIGIL_KILLS asks for more. */
const KILLS = Number(process.env['KEYVIGIL_KILLS'] ?? 10);
/** The workers share the rounds. */
const ROUNDS = 2;
const ACCOUNTS = 20;
/** A start spreads each server's requests over 3 s. With many servers, the first request comes soon. */
const SERVERS = 10;
/** Writing one file makes four events in its folder: created, written, moved away, moved here. */
const MAX_EVENTS = 40;
/** Limits the wait for events that may never come: an account with two unanswered logins waits for its user. */
const EVENTS_LIMIT_MS = 5000;

for (let round = 1; round <= ROUNDS; round++) {
  test(`${KILLS} kills while writing break no file, lose no account, and reveal no secret (${round})`, async ({
    keyvigil,
    nexus,
  }) => {
    // Triple the time limit: this test takes far longer than any other test.
    test.slow();
    const seed = Number(process.env['KEYVIGIL_SEED'] ?? randomInt(2 ** 32));
    const random = seededRandom(seed);
    await storeAccounts(keyvigil, nexus, { accounts: ACCOUNTS, servers: SERVERS });
    const pristine = readStored(keyvigil);
    expect(pristine.accounts).toHaveLength(ACCOUNTS);
    for (let kill = 1; kill <= KILLS; kill++) {
      await test.step(`kill ${kill} of seed ${seed}`, async () => {
        forgetServer(keyvigil, nexus);
        // Without this line, the start continues with the vault that the last kill left.
        if (random() < 0.3) write(keyvigil, 'vault.json', pristine.vault);
        await killWhileWriting(keyvigil, random);
        expectIntact(keyvigil, pristine);
      });
    }
    await test.step(`complete start after seed ${seed}`, () => expectAllThere(keyvigil, pristine));
  });
}

test('a login that was killed before its answer is repeated once, and then left to the user', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  await launchSignedIn(keyvigil, form);
  await keyvigil.quit();
  nexus.forgetSessions();
  nexus.faults.always(held(), { route: 'login' });
  for (const logins of [2, 3]) {
    keyvigil.start();
    await expect.poll(() => nexus.loginRequests).toBe(logins);
    await keyvigil.kill();
  }
  nexus.faults.clear();
  await keyvigil.launch();
  const account = (await keyvigil.popup()).account(form.name);
  await account.shows('Sign-in needed');
  await account.shows('did not answer two sign-ins');
  expect(nexus.loginRequests).toBe(3);
});

/** Makes the server forget all sessions, and the accounts forget what they learned about the server. */
function forgetServer(keyvigil: Keyvigil, nexus: NexusIc): void {
  nexus.forgetSessions();
  const accounts = readStored(keyvigil).accounts.map((account) => ({ ...account, learned: {} }));
  write(keyvigil, 'accounts.json', JSON.stringify({ version: 1, accounts }));
}

async function killWhileWriting(keyvigil: Keyvigil, random: () => number): Promise<void> {
  const isEarly = random() < 0.1;
  const events = isEarly ? 0 : Math.ceil(random() * MAX_EVENTS);
  const written = fileEvents(keyvigil.profile, events);
  keyvigil.start();
  await written;
  await delay(random() * (isEarly ? 400 : 4));
  await keyvigil.kill();
}

/** Resolves when the files of the profile have changed this many times, or after `EVENTS_LIMIT_MS`. */
function fileEvents(profile: string, wanted: number): Promise<void> {
  if (wanted === 0) return Promise.resolve();
  return new Promise((resolve) => {
    let seen = 0;
    const finish = () => {
      watcher.close();
      clearTimeout(limit);
      resolve();
    };
    const watcher = watch(profile, (_event, name) => {
      if (/^(accounts|activity|vault)[.]json/.test(name ?? '') && ++seen === wanted) finish();
    });
    const limit = setTimeout(finish, EVENTS_LIMIT_MS);
  });
}

interface Stored {
  readonly names: readonly string[];
  readonly accounts: readonly SavedAccount[];
  readonly vault: string;
}

const Accounts = v.object({ version: v.literal(1), accounts: v.array(SavedAccount) });
const Vault = v.object({ version: v.literal(1), entries: v.record(v.string(), v.string()) });

/** Reads the stored files, and fails if a file is not intact. */
function readStored({ profile }: Keyvigil): Stored {
  const names = readdirSync(profile).filter((name) =>
    /^(accounts|activity|settings|vault)[.]/.test(name),
  );
  const read = (name: string) => readFileSync(join(profile, name), 'utf8');
  const files = names.filter((name) => name.endsWith('.json'));
  const content = new Map(files.map((name) => [name, JSON.parse(read(name)) as unknown]));
  const { accounts } = v.parse(Accounts, content.get('accounts.json'));
  const { entries } = v.parse(Vault, content.get('vault.json'));
  expect(Object.keys(entries).sort()).toEqual(accounts.map(({ id }) => id).sort());
  return { names, accounts, vault: read('vault.json') };
}

function write({ profile }: Keyvigil, name: string, content: string): void {
  writeFileSync(join(profile, name), content);
}

function expectIntact(keyvigil: Keyvigil, pristine: Stored): void {
  const { accounts, names } = readStored(keyvigil);
  const withoutLearned = ({ learned: _learned, ...account }: SavedAccount) => account;
  expect(accounts.map(withoutLearned)).toEqual(pristine.accounts.map(withoutLearned));
  expect(names.filter((name) => name.includes('broken'))).toEqual([]);
  expect(keyvigil.searchSecrets().hits).toEqual([]);
}

/** Starts without a kill. All accounts must be there, and live unless two of their logins stayed unanswered. */
async function expectAllThere(keyvigil: Keyvigil, pristine: Stored): Promise<void> {
  await keyvigil.launch(PLANTS);
  const { page, accounts } = await keyvigil.popup();
  await expect(accounts).toHaveCount(ACCOUNTS);
  await expect(accounts.filter({ hasText: /Live|did not answer two sign-ins/ })).toHaveCount(
    ACCOUNTS,
  );
  await expect(page.getByText('broken')).toHaveCount(0);
  // The app must also remove what a killed write left behind.
  expect(readStored(keyvigil).names).toEqual(pristine.names);
}

/** The algorithm is Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
