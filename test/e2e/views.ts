/** Visits every view of the popup, for tests that look at all views. */
import { expect } from './fixtures.ts';
import type { Popup } from './popup.ts';

/** Visits each view with the accounts that a first user has, and calls `visit` there. */
export async function visitViews(
  popup: Popup,
  names: { readonly account: string; readonly signedOut: string },
  visit: (view: string) => Promise<void>,
): Promise<void> {
  const { page } = popup;
  const account = popup.account(names.account);
  await popup.account(names.signedOut).choose('Sign out');
  await popup.account(names.signedOut).shows('Signed out');
  await account.copyKey();
  await expect(popup.status).toContainText('Copied');
  await visit('accounts');

  await account.button('More').click();
  await visit('menu');
  await page.getByRole('menuitem', { name: 'Copy as …' }).click();
  await visit('copy-as');
  for (let i = 0; i < 2; i++) await page.keyboard.press('Escape');
  await account.choose('Remove');
  await visit('remove');
  await popup.button('Cancel').click();

  await account.choose('Details');
  await popup.field('Scripts may use this account').check();
  await popup.field('Local address').check();
  await expect(popup.button('New address')).toBeVisible();
  await visit('details');
  await popup.button('Back').click();
  await popup.button('Add account').click();
  await expect(popup.field('System')).toBeVisible();
  await page.getByText('More options').click();
  await visit('add-account');
  await popup.button('Cancel').click();
  await popup.button('Settings').click();
  await expect(popup.button('Quit')).toBeVisible();
  await visit('settings');
  await popup.button('About Keyvigil').click();
  await expect(page.getByRole('heading', { name: 'About Keyvigil' })).toBeVisible();
  await visit('about');
  await popup.button('Back').click();
  await popup.button('Back').click();
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible();
  await visit('shortcuts');
  await popup.button('Back').click();
}
