/**
 * Makes the pictures of README and docs from the running app. Run it with `npm run pictures`. With `KEYVIGIL_PICTURES=de` it makes
 * German pictures in demo/de, to find English words and texts that are cut off.
 */
import { join } from 'node:path';
import { m, type Locale } from '../../main/messages/index.ts';
import type { Page } from '@playwright/test';
import { expect, test } from '../e2e/fixtures.ts';
import type { Keyvigil } from '../e2e/keyvigil.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import type { Popup } from '../e2e/popup.ts';
import { visitViews } from '../e2e/views.ts';
import { nameAccounts } from './stored-accounts.ts';

const LOCALE = (process.env['KEYVIGIL_PICTURES'] ?? 'en') as Locale;
const project = join(import.meta.dirname, '../..');
const FOLDER = join(project, LOCALE === 'en' ? 'docs/pictures' : `demo/${LOCALE}`);
/** The popup's maximum height, as in main/limits.ts. */
const MAX_HEIGHT = 600;
/** Views without an open menu or dialog. Their window can be made higher to show everything. */
const LONG_VIEWS = ['details', 'add-account', 'settings'];

/** Takes the popup's picture in light and in dark colours. */
async function picture({ page }: Popup, name: string): Promise<void> {
  // Show the view as it opens: from its top, and without the pointer on a button.
  await page.mouse.move(0, 0);
  await page.locator('main').evaluate((main) => main.scrollTo(0, 0));
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
  if (name === 'details') await sectionPicture(page, 'scripts', m.scripts({}, { locale: LOCALE }));
  if (LOCALE !== 'en' && LONG_VIEWS.includes(name)) await wholePicture(page, name);
}

/** Takes a picture of the section that has this heading, in light and in dark colours. */
async function sectionPicture(page: Page, name: string, heading: string): Promise<void> {
  const section = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: heading }) });
  await section.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await section.boundingBox())!;
  const clip = { x: 0, y, width: x + width + x, height };
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), clip });
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Takes a picture of the whole view, with the parts to which users must scroll. */
async function wholePicture(page: Page, name: string): Promise<void> {
  const { width, height, hidden } = await page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.querySelector('main')!;
    return { width: innerWidth, height: innerHeight, hidden: scrollHeight - clientHeight };
  });
  await page.setViewportSize({ width, height: height + hidden });
  await page.screenshot({ path: join(FOLDER, `${name}-whole.png`) });
  await page.setViewportSize({ width, height });
}

/** Gives the stored accounts realistic names and some days of activity, and launches Keyvigil. */
async function launchNamed(keyvigil: Keyvigil): Promise<Popup> {
  nameAccounts(keyvigil);
  await keyvigil.launch(PLANTS);
  const popup = await inLanguage(keyvigil);
  await expect(popup.accounts.filter({ hasText: popup.say(m.live) }).first()).toBeVisible();
  return popup;
}

async function inLanguage(keyvigil: Keyvigil): Promise<Popup> {
  const popup = await keyvigil.popup();
  await popup.changeSettings({ language: LOCALE });
  return popup.in(LOCALE);
}

test('a few accounts, and every view', async ({ keyvigil, nexus }) => {
  await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
  const popup = await launchNamed(keyvigil);
  await expect(popup.accounts.filter({ hasText: popup.say(m.live) })).toHaveCount(4);
  const names = { account: 'Turbine hall 3', signedOut: 'Inspection 2026' };
  await visitViews(popup, names, (view) => picture(popup, view));
});

test('many accounts', async ({ keyvigil, nexus }) => {
  await storeAccounts(keyvigil, nexus, { accounts: 13, servers: 2 });
  const popup = await launchNamed(keyvigil);
  await expect(popup.accounts.filter({ hasText: popup.say(m.live) })).toHaveCount(13);
  await picture(popup, 'many-accounts');
  await popup.field(popup.say(m.find_an_account)).fill('pipe');
  await picture(popup, 'find');
});

test('the first start', async ({ keyvigil }) => {
  await keyvigil.launch();
  const popup = await inLanguage(keyvigil);
  await expect(popup.button(popup.say(m.add_account))).toBeVisible();
  await picture(popup, 'first-start');
});
