/**
 * Compares every view with an agreed picture. After an intended change, look at the new pictures before you commit them:
 *
 *     npx playwright test --config=build/playwright.config.ts --project=e2e appearance --update-snapshots
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { MAX_POPUP_HEIGHT } from '../../main/limits.ts';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import { visitViews } from './views.ts';

/** The pictures were made with this version. Another Chromium draws letters and edges a little differently. */
const PICTURED_VERSION = '33.2.1';
const { version } = JSON.parse(process.env['KEYVIGIL_TEST_ELECTRON'] ?? '') as ElectronRuntime;
/** Everything is drawn with this font, whichever fonts are installed. */
const FONT = { family: 'DejaVu Sans', folder: '/usr/share/fonts/truetype/dejavu' };

if (version === PICTURED_VERSION) {
  test('each view looks as agreed, light and dark', async ({ keyvigil, nexus }) => {
    await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
    await keyvigil.launch({ ...PLANTS, env: { FONTCONFIG_FILE: fontsOf(keyvigil.home) } });
    const popup = await keyvigil.popup();
    await expect(popup.accounts.filter({ hasText: 'Live' })).toHaveCount(4);
    // The rows tell how long ago each session was verified.
    await popup.page.clock.setFixedTime(Date.now());
    const views: string[] = [];
    await visitViews(popup, { account: 'Plant 0', signedOut: 'Plant 3' }, async (view) => {
      views.push(view);
      await compare(popup.page, view);
    });
    expect(views).toHaveLength(9);
  });
} else {
  console.log(
    `Views are not compared with pictures: this is Electron ${version}, and they were made with ${PICTURED_VERSION}.`,
  );
}

/** Writes a font configuration that has only one font. */
function fontsOf(home: string): string {
  const path = join(home, 'fonts.conf');
  writeFileSync(
    path,
    `<?xml version="1.0"?>
<fontconfig>
  <dir>${FONT.folder}</dir>
  <cachedir>${join(home, 'cache/fonts')}</cachedir>
  <match><edit name="family" mode="assign"><string>${FONT.family}</string></edit></match>
  <match target="font">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>
`,
  );
  return path;
}

async function compare(page: Page, view: string): Promise<void> {
  // Show the parts to which users must scroll, but not the long list of licences.
  const { width, height, hidden } = await page.evaluate((maxHeight) => {
    const { scrollHeight, clientHeight } = document.querySelector('main')!;
    const isFitted = innerHeight >= maxHeight;
    return {
      width: innerWidth,
      height: innerHeight,
      hidden: isFitted ? scrollHeight - clientHeight : 0,
    };
  }, MAX_POPUP_HEIGHT);
  const isWhole = hidden > 0 && view !== 'about';
  if (isWhole) await page.setViewportSize({ width, height: height + hidden });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect.soft(page).toHaveScreenshot(`${view}-${colorScheme}.png`, {
      mask: changing(page),
      maskColor: '#808080',
      // With these limits, any difference in a colour or an edge that people can see fails.
      threshold: 0.02,
      maxDiffPixels: 20,
    });
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  if (isWhole) await page.setViewportSize({ width, height });
}

/** The parts that differ from run to run: ports, times, and the versions of this computer's programs. */
function changing(page: Page) {
  return [
    page.getByText(/plants\.test:\d|127\.0\.0\.1:\d/),
    page.getByRole('definition').filter({ hasText: /\d:\d\d|\d\.\d/ }),
    page.getByRole('figure'),
    // Mask whole rows, because the width of a time depends on the hour.
    page.getByRole('listitem').filter({ has: page.locator('details, .name:only-child, .time') }),
  ];
}
