/** Tests the vault with every kind of keyring: the app starts, loses no account, and tells the user what is wrong. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockKeyring, startSessionBus, type SessionBus } from '../../build/session-bus.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { expect, launchSignedIn, test as base } from './fixtures.ts';
import type { Keyvigil, LaunchOptions } from './keyvigil.ts';
import { nexusAccount, startNexus } from './servers.ts';
import { changeStored, readStored } from './stored.ts';

const test = base.extend<{
  startBus: (options?: Parameters<typeof startSessionBus>[1]) => Promise<SessionBus>;
}>({
  /** Starts a session bus beside the desktop's own, on the same display. */
  startBus: async ({ desktop }, use) => {
    const started: SessionBus[] = [];
    await use(async (options) => {
      const bus = await startSessionBus({ DISPLAY: desktop.env['DISPLAY'] ?? '' }, options);
      started.push(bus);
      return bus;
    });
    for (const bus of started) await bus.stop();
  },
});

const NO_KEYRING = /no unlocked keyring, so Keyvigil saves no passwords/;
const UNREADABLE = /can no longer decrypt the credentials of some accounts/;

/** Launches Keyvigil again, and waits for the account's state and the popup's notice. */
async function expectStart(
  keyvigil: Keyvigil,
  options: LaunchOptions,
  { state, notice }: { state: 'Live' | 'Sign-in needed'; notice?: RegExp },
): Promise<void> {
  await keyvigil.launch(options);
  const popup = await keyvigil.popup();
  await popup.account('Plant model').shows(state);
  for (const text of [NO_KEYRING, UNREADABLE]) {
    await expect(popup.page.getByText(text)).toHaveCount(text === notice ? 1 : 0);
  }
  await keyvigil.quit();
}

/**
 * Stores one account, whose secrets are in this keyring. Afterwards, the app is closed and the server has forgotten the session.
 */
async function storeAccount(keyvigil: Keyvigil, nexus: NexusIc, options: LaunchOptions) {
  await launchSignedIn(keyvigil, nexusAccount(nexus), options);
  await keyvigil.quit();
  nexus.forgetSessions();
}

/** Expects a sign-in without the user, which only the vault makes possible. */
async function expectSilentSignIn(keyvigil: Keyvigil, nexus: NexusIc, options: LaunchOptions) {
  nexus.forgetSessions();
  const before = nexus.loginRequests;
  await expectStart(keyvigil, options, { state: 'Live' });
  expect(nexus.loginRequests).toBe(before + 1);
}

test('a real keyring: the next start signs in again by itself', async ({
  keyvigil,
  nexus,
  startBus,
}) => {
  const { env } = await startBus();
  await storeAccount(keyvigil, nexus, { env });
  await expectSilentSignIn(keyvigil, nexus, { env });
});

test('a locked keyring: a banner says so, and once it is unlocked again nothing is lost', async ({
  keyvigil,
  nexus,
  startBus,
}) => {
  // On a bare bus, no program asks the user for the keyring's password.
  const bus = await startBus({ isBare: true });
  await storeAccount(keyvigil, nexus, { env: bus.env });
  await lockKeyring(bus.env);
  await expectStart(keyvigil, { env: bus.env }, { state: 'Sign-in needed', notice: NO_KEYRING });
  await bus.restartKeyring();
  await expectSilentSignIn(keyvigil, nexus, { env: bus.env });
});

test('no keyring: a banner says so, and when it is back nothing is lost', async ({
  keyvigil,
  nexus,
  startBus,
}) => {
  const { env } = await startBus();
  await storeAccount(keyvigil, nexus, { env });
  const bare = await startBus({ isBare: true, keyring: false });
  await expectStart(keyvigil, { env: bare.env }, { state: 'Sign-in needed', notice: NO_KEYRING });
  await expectSilentSignIn(keyvigil, nexus, { env });
});

test('Chromium’s basic_text is no keyring: nothing is stored with it, and nothing is lost', async ({
  keyvigil,
  nexus,
  startBus,
}) => {
  const { env } = await startBus();
  await storeAccount(keyvigil, nexus, { env });
  const before = readStored(keyvigil, 'vault.json');
  await expectStart(
    keyvigil,
    { env, keyring: false },
    { state: 'Sign-in needed', notice: NO_KEYRING },
  );
  expect(readStored(keyvigil, 'vault.json')).toEqual(before);
  await expectSilentSignIn(keyvigil, nexus, { env });
});

test('a keyring that was replaced: a notice says so, and a new sign-in is stored in the new one', async ({
  keyvigil,
  nexus,
  startBus,
}) => {
  const old = await startBus();
  await storeAccount(keyvigil, nexus, { env: old.env });
  const { env } = await startBus();
  await keyvigil.launch({ env });
  const popup = await keyvigil.popup();
  await expect(popup.page.getByText(UNREADABLE)).toHaveCount(1);
  const account = popup.account('Plant model');
  await account.shows('Sign-in needed');
  await account.button('Sign in').click();
  await popup.field('Password').fill(nexusAccount(nexus).values['Password'] ?? '');
  await popup.button('Sign in').click();
  await account.shows('Live');
  await keyvigil.quit();
  await expectSilentSignIn(keyvigil, nexus, { env });
});

for (const [what, garbage] of Object.entries({
  'is random': Buffer.from('AAECAwQFBgcICQ==').toString(),
  'is empty': '',
  'has the tag of a real one': Buffer.from('v11' + '\x01'.repeat(32)).toString('base64'),
  'is no base 64': '%%%',
})) {
  test(`an entry that ${what}: a notice says so, and the account is there`, async ({
    keyvigil,
    nexus,
  }) => {
    await storeAccount(keyvigil, nexus, {});
    changeStored(keyvigil, 'vault.json', ({ entries, ...file }) => ({
      ...file,
      entries: Object.fromEntries(Object.keys(entries).map((id) => [id, garbage])),
    }));
    await expectStart(keyvigil, {}, { state: 'Sign-in needed', notice: UNREADABLE });
    expect(nexus.loginRequests).toBe(1);
  });
}

test('a vault that is no JSON is set aside, and the account is there', async ({
  keyvigil,
  nexus,
}) => {
  await storeAccount(keyvigil, nexus, {});
  writeFileSync(join(keyvigil.profile, 'vault.json'), '\0'.repeat(4096));
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.account('Plant model').shows('Sign-in needed');
  await expect(popup.page.getByText(/file with your passwords and keys was damaged/)).toBeVisible();
});

test('entries that were swapped between accounts are not used: no server gets another’s secret', async ({
  keyvigil,
  nexus,
}) => {
  const other = await startNexus();
  await launchSignedIn(keyvigil, nexusAccount(nexus));
  const popup = await keyvigil.popup();
  await (await popup.addAccount(nexusAccount(other, { name: 'Other plant' }))).shows('Live');
  await keyvigil.quit();
  const requests = [nexus, other].map((server) => server.journal.entries.length);
  changeStored(keyvigil, 'vault.json', ({ entries, ...file }) => {
    const ids = Object.keys(entries);
    const swapped = Object.values(entries).toReversed();
    return { ...file, entries: Object.fromEntries(ids.map((id, n) => [id, swapped[n] ?? ''])) };
  });
  await keyvigil.launch();
  const restarted = await keyvigil.popup();
  for (const name of ['Plant model', 'Other plant']) {
    const account = restarted.account(name);
    await account.shows('Sign-in needed');
    await account.shows('for another address or user');
  }
  await keyvigil.quit();
  expect([nexus, other].map((server) => server.journal.entries.length)).toEqual(requests);
  await other.stop();
});
