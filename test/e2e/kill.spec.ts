/**
 * `kill -9` of the whole app while it writes. Twenty accounts whose server has forgotten their sessions sign in anew at each
 * start, which writes the vault twice for each and, as what they had learned of their server was taken from them, the accounts.
 * When to kill is drawn from a seed, which a failure names, and which KEYVIGIL_SEED repeats.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { Account } from '../../main/sessions/account.ts';
import { held } from '../simulators/faults.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import {
  addAccount,
  expect,
  item,
  test as base,
  USER,
  wallClock,
  type Keyvigil,
} from './fixtures.ts';

const KILLS = 20;
/** Each with a profile of its own, so that all workers have a share: 200 kills in all. */
const ROUNDS = 10;
const ACCOUNTS = 20;
/** Start-up spreads its requests over 3 s for each server: with many, the first comes soon. */
const SERVERS = 10;
/** What a write of one file looks like to whoever watches its folder, four times: created, written, moved away, moved here. */
const MOST_EVENTS = 40;

const WORLD = { hosts: { '*.plants.test': '127.0.0.1' } };

/** Every session hash has these digits in it. */
const HASH_MARK = randomBytes(8);
const SECRETS = [USER.password, HASH_MARK.toString('hex').toUpperCase()].flatMap(inEveryForm);

const test = base.extend({
  nexus: async ({}, use) => {
    const nexus = await startNexusIc({
      clock: wallClock,
      users: [USER],
      random: (size) => Buffer.concat([HASH_MARK, randomBytes(size - HASH_MARK.length)]),
    });
    await use(nexus);
    await nexus.stop();
  },
});

for (let round = 1; round <= ROUNDS; round++) {
  test(`${KILLS} kills while writing break no file, lose no account, and show no secret (${round})`, async ({
    keyvigil,
    nexus,
  }) => {
    const seed = Number(process.env['KEYVIGIL_SEED'] ?? randomInt(2 ** 32));
    const random = seededRandom(seed);
    await addAccounts(keyvigil, nexus);
    const pristine = readStored(keyvigil);
    expect(pristine.accounts).toHaveLength(ACCOUNTS);
    for (let kill = 1; kill <= KILLS; kill++) {
      await test.step(`kill ${kill} of seed ${seed}`, async () => {
        forget(keyvigil, nexus);
        // Else it goes on with what the kill before has left.
        if (random() < 0.3) write(keyvigil, 'vault.json', pristine.vault);
        await killWhileWriting(keyvigil, random);
        expectWhole(keyvigil, pristine);
      });
    }
    await test.step(`started whole after seed ${seed}`, () => expectAllThere(keyvigil, pristine));
  });
}

test('a login that was killed in the middle is made once more, and then left to the user', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  await expect(await addAccount(await keyvigil.popup(), { address: nexus.origin })).toContainText(
    'Live',
  );
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
  const account = item(await keyvigil.popup());
  await expect(account).toContainText('Sign-in needed');
  await expect(account).toContainText('two sign-ins were lost');
  expect(nexus.loginRequests).toBe(3);
});

/** By the popup's bridge: twenty forms typed would take a minute. */
async function addAccounts(keyvigil: Keyvigil, { origin }: NexusIc): Promise<void> {
  await keyvigil.launch(WORLD);
  const page = await keyvigil.popup();
  for (let number = 0; number < ACCOUNTS; number++) {
    const added = await page.evaluate((form) => window.keyvigil.request('addAccount', form), {
      system: 'nexus-ic',
      name: `Plant ${number}`,
      address: origin.replace('127.0.0.1', `${number % SERVERS}.plants.test`),
      method: 'password',
      values: { userName: USER.username, password: USER.password },
      remember: true,
      keepAliveMinutes: 8,
    });
    expect(added.ok).toBe(true);
  }
  await keyvigil.quit();
}

/** The server forgets all sessions, and the accounts what they know of the server. */
function forget(keyvigil: Keyvigil, nexus: NexusIc): void {
  nexus.forgetSessions();
  const accounts = readStored(keyvigil).accounts.map((account) => ({ ...account, learned: {} }));
  write(keyvigil, 'accounts.json', JSON.stringify({ version: 1, accounts }));
}

async function killWhileWriting(keyvigil: Keyvigil, random: () => number): Promise<void> {
  const isEarly = random() < 0.1;
  const written = isEarly
    ? Promise.resolve()
    : eventsIn(keyvigil.profile, Math.ceil(random() * MOST_EVENTS));
  keyvigil.start();
  await written;
  await delay(random() * (isEarly ? 400 : 4));
  await keyvigil.kill();
}

/** Resolves when so much has happened to the files of accounts and secrets. */
function eventsIn(profile: string, wanted: number): Promise<void> {
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
    // Less may come: an account of which the kills before this one cut two logins waits for its user.
    const limit = setTimeout(finish, 5000);
  });
}

interface Stored {
  readonly names: readonly string[];
  readonly accounts: readonly Account[];
  readonly vault: string;
}

const Accounts = v.object({ version: v.literal(1), accounts: v.array(Account) });
const Vault = v.object({ version: v.literal(1), entries: v.record(v.string(), v.string()) });

/** What is on disk; fails where that is not whole. */
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

function expectWhole(keyvigil: Keyvigil, pristine: Stored): void {
  const { accounts, names } = readStored(keyvigil);
  const known = ({ learned: _learned, ...account }: Account) => account;
  expect(accounts.map(known)).toEqual(pristine.accounts.map(known));
  expect(names.filter((name) => name.includes('broken'))).toEqual([]);
  const telling = [...keyvigil.files()].filter(([, content]) =>
    SECRETS.some((secret) => content.includes(secret)),
  );
  expect(telling.map(([path]) => path)).toEqual([]);
}

/** As it stands, in UTF-16, and in base 64 wherever it begins in what was encoded. */
function inEveryForm(secret: string): Buffer[] {
  const inBase64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(' '.repeat(offset) + secret).toString('base64');
    // The first and the last digits depend on what stands beside it.
    return Buffer.from(encoded.slice(offset > 0 ? 4 : 0, -4));
  });
  return [Buffer.from(secret), Buffer.from(secret, 'utf16le'), ...inBase64];
}

/** Started whole, it has all accounts, and a session of each, unless it does not know how two logins of it ended. */
async function expectAllThere(keyvigil: Keyvigil, pristine: Stored): Promise<void> {
  await keyvigil.launch(WORLD);
  const page = await keyvigil.popup();
  const accounts = page.getByRole('list', { name: 'Accounts' }).getByRole('listitem');
  await expect(accounts).toHaveCount(ACCOUNTS);
  await expect(accounts.filter({ hasText: /Live|two sign-ins were lost/ })).toHaveCount(ACCOUNTS);
  await expect(page.getByText('broken')).toHaveCount(0);
  // What a killed write left half done is gone, too.
  expect(readStored(keyvigil).names).toEqual(pristine.names);
}

/** Mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
