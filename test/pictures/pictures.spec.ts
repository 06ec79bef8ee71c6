/** Makes the pictures of README and docs from the running app. Run it with `npm run pictures`. */
import { join } from 'node:path';
import { expect, test } from '../e2e/fixtures.ts';
import type { Keyvigil } from '../e2e/keyvigil.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import { changeStored } from '../e2e/stored.ts';
import type { Popup } from '../e2e/popup.ts';
import { visitViews } from '../e2e/views.ts';

const FOLDER = join(import.meta.dirname, '../../docs/pictures');
/** The popup's maximum height, as in main/desktop/popup.ts. */
const MAX_HEIGHT = 600;
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

/** Takes the popup's picture in light and in dark colours. */
async function picture({ page }: Popup, name: string): Promise<void> {
  // Wait for the window, which gets the height of its content a moment later.
  await page.waitForFunction((maxHeight) => {
    const { scrollHeight, clientHeight } = document.querySelector('main')!;
    return innerHeight >= maxHeight || scrollHeight <= clientHeight;
  }, MAX_HEIGHT);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Launches Keyvigil after giving the stored accounts names as users choose them. */
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
  const names = { account: 'Turbine hall 3', signedOut: 'Inspection 2026' };
  await visitViews(popup, names, (view) => picture(popup, view));
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
