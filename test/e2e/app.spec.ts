import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { declaredVersion } from '../../build/runtime/official.ts';
import { PRODUCT_PAGES } from '../../main/product-pages.ts';
import { cutOff, held, invalidJson, serverError } from '../simulators/faults.ts';
import { searchText } from '../support/canary.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import type { Popup } from './popup.ts';
import { NEXUS_METHODS, nexusAccount, onlyKey } from './servers.ts';

/** The app must end this soon after the user chooses *Quit*, even in the middle of a request. */
const QUIT_LIMIT_MS = 2000;

test('a new user is told what to do', async ({ keyvigil }) => {
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await expect(popup.page.getByRole('main').getByRole('listitem')).toHaveText([
    /keeps your API sessions alive/,
    /stores accounts on this computer only, with .* encrypted by the keyring/,
    /Begin with one account/,
  ]);
  await popup.button('Add account').click();
  await expect(popup.field('Server address')).toBeVisible();
});

test('without a keyring, a new user is told that no password is stored', async ({ keyvigil }) => {
  await keyvigil.launch({ keyring: false });
  const { page } = await keyvigil.popup();
  await expect(page.getByText(/stores no passwords and no keys/)).toBeVisible();
});

test('About names version, runtime and licences, and opens Keyvigil’s pages in the browser', async ({
  keyvigil,
}) => {
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.button('Settings').click();
  await popup.button('About Keyvigil').click();
  const { electron, chrome } = await keyvigil.app.evaluate(() => ({ ...process.versions }));
  await expect(popup.page.getByText(`Electron ${electron}, Chromium ${chrome}`)).toBeVisible();
  const license = popup.page.getByRole('listitem').filter({ hasText: /^\s*svelte \d/ });
  await license.getByText(/^svelte .*MIT/).click();
  await expect(license.getByText(/Permission is hereby granted/)).toBeVisible();
  const pages = Object.values(PRODUCT_PAGES);
  for (const [n, name] of ['Homepage', 'Documentation', 'Report a problem'].entries()) {
    await popup.button(name).click();
    // Wait for each page, because three browsers that start at once may write to their log in any order.
    await expect.poll(() => keyvigil.openedInBrowser()).toEqual(pages.slice(0, n + 1));
  }
  await popup.page.keyboard.press('Escape');
  await expect(popup.page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('a second launch opens the popup of the first', async ({ keyvigil, nexus }) => {
  const form = nexusAccount(nexus);
  await launchSignedIn(keyvigil, form);
  await keyvigil.restart();
  expect(keyvigil.windows).toHaveLength(0);
  await Promise.all([keyvigil.app.waitForEvent('window'), keyvigil.launchAgain()]);
  const popup = await keyvigil.popup();
  await expect(popup.account(form.name).item).toBeVisible();
  // A new window first has an empty page. No request may come from there.
  expect(keyvigil.output).not.toContain('Refused this request');
});

test('Escape leaves a form first, and then closes the popup', async ({ keyvigil }) => {
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.button('Add account').click();
  await popup.page.keyboard.press('Escape');
  await expect(popup.page.getByRole('heading', { name: 'Keyvigil' })).toBeVisible();
  expect(await keyvigil.isPopupOpen()).toBe(true);
  await popup.page.keyboard.press('Escape');
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
});

test('a sign-in that hangs is cancelled at once', async ({ keyvigil, nexus }) => {
  nexus.faults.always(held());
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.fillIn(nexusAccount(nexus));
  await popup.button('Sign in').click();
  await expect.poll(() => nexus.loginRequests).toBe(1);
  await popup.button('Cancel').click();
  await expect(popup.button('Signing in…')).toHaveCount(0);
  expect(await keyvigil.quit()).toBeLessThan(QUIT_LIMIT_MS);
});

test('quitting in the middle of a request takes less than 2 s', async ({ keyvigil, nexus }) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  nexus.faults.always(held());
  await account.choose('Verify now');
  // The form asks the same route without a key, on a slow machine more than once.
  const isAsked = () =>
    nexus.journal.entries.some(({ query, status }) => query.has('hash') && status === undefined);
  await expect.poll(isAsked).toBe(true);
  expect(await keyvigil.quit()).toBeLessThan(QUIT_LIMIT_MS);
});

test('without a keyring everything works, nothing is stored, and a banner says so', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus, { remember: false });
  const { popup } = await launchSignedIn(keyvigil, form, { keyring: false });
  await expect(popup.page.getByText(/no unlocked keyring/)).toBeVisible();
  await keyvigil.restart();
  const restarted = await keyvigil.popup();
  await restarted.account(form.name).shows('Sign-in needed');
});

test('an old Electron is named in a banner that stays, and stores nothing unless the user insists', async ({
  keyvigil,
  nexus,
}) => {
  for (const args of [[], ['--store-anyway']]) {
    await keyvigil.launch({ allowOldElectron: false, args });
    const popup = await keyvigil.popup();
    const version = await keyvigil.app.evaluate(() => process.versions.electron);
    // If the tests run on the declared Electron, there is no banner.
    const isOld = version !== (await declaredVersion());
    await expect(popup.page.getByText(`This is Electron ${version}`)).toHaveCount(isOld ? 1 : 0);
    await expect(popup.button('Dismiss')).toHaveCount(0);
    const remember = !isOld || args.length > 0;
    const name = `Plant ${args.length}`;
    const account = await popup.addAccount(nexusAccount(nexus, { name, remember }));
    await account.shows('Live');
    await keyvigil.quit();
    expect(storesSecrets(keyvigil)).toBe(remember);
  }
});

for (const content of ['{"version":1,"accounts":[{"id"', '{"version":1,"accounts":[{"id":7}]}']) {
  test(`a broken file is set aside: ${content}`, async ({ keyvigil }) => {
    writeFileSync(join(keyvigil.profile, 'accounts.json'), content);
    await keyvigil.launch();
    const { page } = await keyvigil.popup();
    await expect(page.getByText(/file with your accounts was damaged/)).toBeVisible();
    const aside = [...keyvigil.files().keys()].filter((path) => path.includes('accounts.broken-'));
    expect(aside).toHaveLength(1);
  });
}

test('no secret is anywhere in the clear', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  for (const method of NEXUS_METHODS) {
    const account = await popup.addAccount(nexusAccount(nexus, { method, name: method }));
    await account.shows('Live');
  }
  const account = popup.account('API key');
  // Faults cause errors, and the app logs errors.
  for (const fault of [serverError(), invalidJson(), cutOff()]) {
    nexus.faults.next(fault);
    await account.choose('Verify now');
    await account.shows('Offline');
    await account.choose('Verify now');
    await account.shows('Live');
  }
  nexus.forgetSessions();
  await account.choose('Verify now');
  // One account finds out that the server has forgotten the sessions of all accounts.
  await expect.poll(() => nexus.sessions.size).toBe(NEXUS_METHODS.length);
  const known = await knownToRenderer(popup);
  await keyvigil.quit();

  const places = [...keyvigil.files().keys()];
  expect(places.some((path) => path.endsWith('vault.json'))).toBe(true);
  expect(places.some((path) => path.endsWith('.log'))).toBe(true);
  const { hits } = keyvigil.searchSecrets();
  expect([...hits, ...searchText('renderer', known)]).toEqual([]);
});

test('the popup is isolated: no Node, no other page, no new window, no request to anything else', async ({
  keyvigil,
}) => {
  await keyvigil.launch();
  const { page } = await keyvigil.popup();
  expect(new URL(page.url()).protocol).toBe('app:');
  expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
  expect(await page.evaluate(() => window.open('https://example.com'))).toBeNull();
  const before = page.url();
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  expect(page.url()).toBe(before);
  expect(await runsInlineScript(page)).toBe(false);
  expect(await answerToUnknownRequest(page)).toContain('Refused');
  expect(await statusOf(page, 'app://keyvigil/../main/index.js')).not.toBe(200);
});

test('a key is copied in any format of the system', async ({ keyvigil, nexus }) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.choose('Copy as …', 'Query parameter');
  await expect.poll(() => keyvigil.clipboard()).toBe(`hash=${onlyKey(nexus)}`);
});

function storesSecrets(keyvigil: Keyvigil): boolean {
  const file = [...keyvigil.files()].find(([path]) => path.endsWith('vault.json'));
  const { entries = {} } = JSON.parse(file?.[1].toString() ?? '{}') as { entries?: object };
  return Object.keys(entries).length > 0;
}

/** @returns everything that the main process tells the renderer about the accounts */
async function knownToRenderer({ page }: Popup): Promise<string> {
  const snapshot = await snapshotOf(page);
  const others = await page.evaluate(
    async (ids) => [
      await Promise.all(ids.map((id) => window.keyvigil.request('editableAccount', { id }))),
      await window.keyvigil.request('knownValues', {}),
    ],
    snapshot.accounts.map(({ id }) => id),
  );
  return JSON.stringify([snapshot, others]);
}

function runsInlineScript(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.hasRun = true';
    document.head.append(script);
    return 'hasRun' in globalThis;
  });
}

function answerToUnknownRequest(page: Page): Promise<unknown> {
  return page.evaluate(() =>
    (window.keyvigil.request as (name: string, question: unknown) => Promise<unknown>)(
      'anything',
      {},
    ).catch(String),
  );
}

/** @returns the answer's status, or undefined if the request is blocked */
function statusOf(page: Page, url: string): Promise<number | undefined> {
  return page.evaluate(async (url) => (await fetch(url).catch(() => undefined))?.status, url);
}
