/** Makes the pictures of README and docs from the running app: `npm run pictures`. */
import { join } from 'node:path';
import { expect, test } from '../e2e/fixtures.ts';
import type { Keyvigil } from '../e2e/keyvigil.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import { changeStored } from '../e2e/stored.ts';
import type { Popup } from '../e2e/popup.ts';

const FOLDER = join(import.meta.dirname, '../../docs/pictures');
const NAMES = [
  'Plant model',
  'Turbine hall 3',
  'Inspection 2026',
  'Offshore platform B',
  'Harbour crane',
  'Test database',
  'Pipeline north',
  'Pipeline south',
  'Refinery unit 4',
  'Boiler house',
  'Storage tanks',
  'Water works',
  'Archive',
];

/** Takes the popup's picture, light and dark. */
async function picture({ page }: Popup, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Gives the stored accounts names as people choose them. */
async function launchNamed(keyvigil: Keyvigil): Promise<Popup> {
  changeStored(keyvigil, 'accounts.json', (file) => ({
    ...file,
    accounts: file.accounts.map((account, index) => ({
      ...account,
      name: NAMES[index] ?? account.id,
      pinned: index < 2 && file.accounts.length > 6,
    })),
  }));
  await keyvigil.launch(PLANTS);
  const popup = await keyvigil.popup();
  await expect(popup.accounts.filter({ hasText: 'Live' }).first()).toBeVisible();
  return popup;
}

test('a few accounts, and every view', async ({ keyvigil, nexus }) => {
  await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
  const popup = await launchNamed(keyvigil);
  await expect(popup.accounts.filter({ hasText: 'Live' })).toHaveCount(4);
  await popup.account('Inspection 2026').choose('Sign out');
  await popup.account('Inspection 2026').shows('Signed out');
  await popup.account('Turbine hall 3').copyKey();
  await expect(popup.status).toContainText('Copied');
  await picture(popup, 'accounts');

  await popup.account('Plant model').button('More').click();
  await picture(popup, 'menu');
  await popup.page.getByRole('menuitem', { name: 'Copy as …' }).click();
  await picture(popup, 'copy-as');
  for (let i = 0; i < 2; i++) await popup.page.keyboard.press('Escape');

  await popup.account('Plant model').choose('Details');
  await popup.field('Scripts may use this account').check();
  await popup.field('Local address').check();
  await expect(popup.button('New address')).toBeVisible();
  await picture(popup, 'details');
  await popup.button('Back').click();
  await popup.button('Add account').click();
  await expect(popup.field('System')).toBeVisible();
  await picture(popup, 'add-account');
  await popup.button('Cancel').click();
  await popup.button('Settings').click();
  await picture(popup, 'settings');
  await popup.button('Back').click();
  await popup.page.keyboard.press('?');
  await picture(popup, 'shortcuts');
});

test('many accounts', async ({ keyvigil, nexus }) => {
  await storeAccounts(keyvigil, nexus, { accounts: 13, servers: 2 });
  const popup = await launchNamed(keyvigil);
  await expect(popup.accounts.filter({ hasText: 'Live' })).toHaveCount(13);
  await picture(popup, 'many-accounts');
  await popup.field('Find an account').fill('pipe');
  await picture(popup, 'find');
});

test('the first start', async ({ keyvigil }) => {
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await expect(popup.button('Add account')).toBeVisible();
  await picture(popup, 'first-start');
});
