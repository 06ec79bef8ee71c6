/**
 * Makes the pictures of README and docs from the running app. Run it with `npm run pictures`. With `KEYVIGIL_PICTURES=de` it makes
 * German pictures in demo/de, to find English words and texts that are cut off.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { m, type Locale } from '../../main/messages/index.ts';
import type { Page } from '@playwright/test';
import { expect, test } from '../e2e/fixtures.ts';
import type { Keyvigil } from '../e2e/keyvigil.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import { changeStored, readStored } from '../e2e/stored.ts';
import type { Popup } from '../e2e/popup.ts';
import { visitViews } from '../e2e/views.ts';

const LOCALE = (process.env['KEYVIGIL_PICTURES'] ?? 'en') as Locale;
const project = join(import.meta.dirname, '../..');
const FOLDER = join(project, LOCALE === 'en' ? 'docs/pictures' : `demo/${LOCALE}`);
/** The popup's maximum height, as in main/desktop/popup.ts. */
const MAX_HEIGHT = 600;
/** Views without an open menu or dialog. Their window can be made higher to show everything. */
const LONG_VIEWS = ['details', 'add-account', 'settings'];
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

/** Takes a picture of the whole view, with what users must scroll to. */
async function wholePicture(page: Page, name: string): Promise<void> {
  const { width, height, hidden } = await page.evaluate(() => {
    const { scrollHeight, clientHeight } = document.querySelector('main')!;
    return { width: innerWidth, height: innerHeight, hidden: scrollHeight - clientHeight };
  });
  await page.setViewportSize({ width, height: height + hidden });
  await page.screenshot({ path: join(FOLDER, `${name}-whole.png`) });
  await page.setViewportSize({ width, height });
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
  const ids = readStored(keyvigil, 'accounts.json').accounts.map(({ id }) => id);
  writeFileSync(join(keyvigil.profile, 'activity.json'), JSON.stringify(lastDays(ids)));
  await keyvigil.launch(PLANTS);
  const popup = await inLanguage(keyvigil);
  await expect(popup.accounts.filter({ hasText: popup.say(m.live) }).first()).toBeVisible();
  return popup;
}

/** What a user has in the details after a few days of work: nights asleep, and a server that was once away. */
function lastDays(ids: readonly string[]) {
  const now = Date.now();
  const at = (hoursAgo: number) => new Date(now - hoursAgo * 3_600_000).toISOString();
  const nights = [3, 2, 1, 0].map((day) => `${at(day * 24 + 15)} ${at(day * 24 + 6)} asleep`);
  const entries = (index: number) => [
    `${at(80)} signed-in`,
    `${at(80)} kept-alive 410`,
    ...(index % 2 === 0 ? [`${at(5)} offline`, `${at(4.2)} kept-alive 30`] : []),
    `${at(0.1)} kept-alive 1`,
  ];
  return {
    version: 1,
    until: at(0),
    pauses: nights,
    accounts: Object.fromEntries(ids.map((id, index) => [id, entries(index)])),
  };
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
