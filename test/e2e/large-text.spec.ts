/**
 * Text of twice the size, and the window as it is: this is harder than zoom, which makes the window larger too. A larger font size
 * of the page stands for the user's own, which all sizes of text follow.
 */
import { locales } from '../../main/messages/index.ts';
import { test } from './fixtures.ts';
import { findUnusable } from './large-text.ts';
import { expectNothingInViews, launchLive } from './views.ts';

for (const locale of locales) {
  test(`with text of twice the size, every view can be read and used: ${locale}`, async ({
    keyvigil,
    nexus,
  }) => {
    const popup = await launchLive(keyvigil, nexus, 4, locale);
    await popup.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await expectNothingInViews(popup, () => popup.page.evaluate(findUnusable));
  });
}
