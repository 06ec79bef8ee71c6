/**
 * Text of twice the size, and the window as it is: this is harder than zoom, which makes the window larger too. A larger font size
 * of the page stands for the user's own, which all sizes of text follow.
 */
import { locales, m } from '../../main/messages/index.ts';
import { expect, test } from './fixtures.ts';
import { findUnusable } from './large-text.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import { visitViews } from './views.ts';

for (const locale of locales) {
  test(`with text of twice the size, every view can be read and used: ${locale}`, async ({
    keyvigil,
    nexus,
  }) => {
    await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
    await keyvigil.launch(PLANTS);
    const english = await keyvigil.popup();
    await english.changeSettings({ language: locale });
    const popup = english.in(locale);
    const { page } = popup;
    await expect(popup.accounts.filter({ hasText: popup.say(m.live) })).toHaveCount(4);
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    const found: Record<string, string[]> = {};
    const names = { account: 'Plant 0', signedOut: 'Plant 3' };
    await visitViews(popup, names, async (view) => {
      found[view] = await page.evaluate(findUnusable);
    });
    expect(Object.keys(found)).toHaveLength(9);
    expect(Object.entries(found).filter(([, unusable]) => unusable.length > 0)).toEqual([]);
  });
}
