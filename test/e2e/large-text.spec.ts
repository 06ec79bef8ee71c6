/**
 * Tests text of twice the size in a window of the usual size. Zoom would be easier, because it also makes the window larger. The
 * test sets the page's font size. The user's own font size has the same effect.
 */
import { locales } from '../../main/messages/index.ts';
import { test } from './fixtures.ts';
import { findUnusable } from './large-text.ts';
import { expectNothingInViews, launchLive } from './views.ts';

for (const locale of locales) {
  test(`with text of twice the size, every view can be read and used: ${locale}`, async ({
    keyvigil,
    nexus,
    entra,
    ribCx,
  }) => {
    const popup = await launchLive(keyvigil, nexus, 4, locale, entra);
    await popup.page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await expectNothingInViews({ keyvigil, nexus, ribCx, popup }, () =>
      popup.page.evaluate(findUnusable),
    );
  });
}
