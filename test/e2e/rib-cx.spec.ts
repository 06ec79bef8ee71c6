import type { Page } from '@playwright/test';
import { expect, launchSignedIn, test } from './fixtures.ts';
import { countInHeap } from './heap.ts';
import { ADA, cxAccount, onlyKey } from './servers.ts';
import { decrypt, readStored } from './stored.ts';

test('an email and password sign in, copy, list projects, and leave the password nowhere', async ({
  keyvigil,
  ribCx,
}) => {
  const form = cxAccount(ribCx);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  const { page } = popup;
  await popup.fillIn(form);
  // Prove first that the search below can find the password: it is in memory while it is in the form.
  expect(await countInHeap(page, ADA.password)).toBeGreaterThan(0);
  await popup.button('Sign in').click();
  const account = popup.account(form.name);
  await account.shows('Live');
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(ribCx));

  await account.choose('Verify now');
  await expect(popup.status).toContainText('accepts the key');
  await account.choose('Details');
  await expect(page.getByText('Tunnel section 37')).toBeVisible();
  await page.getByRole('searchbox').fill('section 12');
  await expect(page.getByText('Tunnel section 37')).toHaveCount(0);
  await expect(page.getByText('Tunnel section 12')).toBeVisible();

  expect(await countInHeap(page, ADA.password)).toBe(0);
  const { entries } = readStored(keyvigil, 'vault.json');
  const vault = (await decrypt(keyvigil, Object.values(entries))).join();
  expect(vault).toContain('encryptedPassword');
  expect(vault).not.toContain(ADA.password);
});

test('a typed password is gone a minute after the popup was closed, and the rest of the form stays', async ({
  keyvigil,
  ribCx,
}) => {
  const form = cxAccount(ribCx);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  const { page } = popup;
  await page.clock.install();
  await popup.fillIn(form);
  await setVisibility(page, 'hidden');
  await page.clock.runFor(59_000);
  await setVisibility(page, 'visible');
  await page.clock.runFor(600_000);
  await expect(popup.field('Password')).toHaveValue(ADA.password);

  await setVisibility(page, 'hidden');
  await page.clock.runFor(60_000);
  expect(await countInHeap(page, ADA.password)).toBe(0);
  await setVisibility(page, 'visible');
  await expect(popup.field('Email')).toHaveValue(ADA.email);
  await expect(popup.field('Server address')).toHaveValue(ribCx.origin);
  await expect(popup.field('Account name')).toHaveValue(form.name);
  // Undo and Redo reach every edit of the page, so try to bring the password back.
  for (const keys of ['ControlOrMeta+z', 'ControlOrMeta+Shift+z']) {
    for (let times = 0; times < 5; times++) {
      await popup.field('Password').press(keys);
      await expect(popup.field('Password')).toHaveValue('');
    }
  }
});

test('an expired password is explained in the server’s words', async ({ keyvigil, ribCx }) => {
  ribCx.expirePassword(ADA.email);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.addAccount(cxAccount(ribCx));
  await expect(popup.alert).toContainText(/expired/i);
  expect(ribCx.loginRequests).toBe(1);
});

test('the API explorer opens in the browser, and the key is on the clipboard', async ({
  keyvigil,
  ribCx,
}) => {
  const { account } = await launchSignedIn(keyvigil, cxAccount(ribCx));
  await account.choose('Open API explorer');
  await expect
    .poll(() => keyvigil.openedInBrowser())
    .toEqual([`${ribCx.origin}/api/latest/api/help/index`]);
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(ribCx));
});

test('the API explorer of another host gets the key only when the user agrees to that host', async ({
  keyvigil,
  ribCx,
}) => {
  const form = cxAccount(ribCx);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.fillIn(form);
  await popup.page.getByText('More options').click();
  await popup.field('Address of the API explorer').fill('https://explorer.example.net/help');
  await popup.button('Sign in').click();
  const account = popup.account(form.name);
  await account.shows('Live');

  const dialog = popup.page.getByRole('dialog', { name: 'Open explorer.example.net?' });
  await account.choose('Open API explorer');
  await expect(dialog).toHaveAccessibleDescription(/not the account’s server/);
  // Enter must not open the page, so the button Cancel has the focus.
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await popup.page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  expect(keyvigil.openedInBrowser()).toEqual([]);
  expect(await keyvigil.clipboard()).toBe('');

  await account.choose('Open API explorer');
  await dialog.getByRole('button', { name: 'Open explorer.example.net' }).click();
  await expect
    .poll(() => keyvigil.openedInBrowser())
    .toEqual(['https://explorer.example.net/help']);
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(ribCx));
  await expect(popup.status).toContainText('Opened in your browser');
  await expect(dialog).toHaveCount(0);
});

/** Tells the page that its window is hidden or shown, as Chromium does. Playwright keeps each page visible. */
async function setVisibility(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
