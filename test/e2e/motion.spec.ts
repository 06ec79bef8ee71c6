/** Tests that nothing jumps when the popup opens, and that nothing moves for users who have turned motion off. */
import { held } from '../simulators/faults.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import { nexusAccount } from './servers.ts';
import { visitViews } from './views.ts';

test('the popup is shown with its rows and at its height, so nothing jumps', async ({
  keyvigil,
  nexus,
}) => {
  await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
  await keyvigil.launch({ ...PLANTS, args: ['--hidden'] });
  await keyvigil.app.evaluate(({ app }) => {
    app.once('browser-window-created', (_event, window) =>
      window.once('show', () => {
        const rows = 'document.querySelectorAll("[data-account]").length';
        const { height } = window.getBounds();
        const seen = window.webContents.executeJavaScript(rows).then((rows) => ({ rows, height }));
        Object.assign(globalThis, { seen });
      }),
    );
  });
  const { page, accounts } = await keyvigil.popup();
  await expect(accounts.filter({ hasText: 'Live' })).toHaveCount(4);
  const seen = () => keyvigil.app.evaluate(() => (globalThis as { seen?: Promise<unknown> }).seen);
  await expect.poll(seen).toEqual({ rows: 4, height: await page.evaluate(() => innerHeight) });
});

test('with reduced motion, no view animates anything', async ({ keyvigil, nexus }) => {
  await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
  await keyvigil.launch(PLANTS);
  const popup = await keyvigil.popup();
  await expect(popup.accounts.filter({ hasText: 'Live' })).toHaveCount(4);
  await popup.page.emulateMedia({ reducedMotion: 'reduce' });
  const names = { account: 'Plant 0', signedOut: 'Plant 3' };
  await visitViews(popup, names, async (view) => {
    const moving = await popup.page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap((element) =>
        ['', '::before', '::after', '::backdrop']
          .map((part) => getComputedStyle(element, part))
          .filter(
            ({ animationName, transitionDuration, scrollBehavior }) =>
              animationName !== 'none' || transitionDuration !== '0s' || scrollBehavior !== 'auto',
          )
          .map(() => element.outerHTML.slice(0, 200)),
      ),
    );
    expect({ view, moving }).toEqual({ view, moving: [] });
  });
});

test('the icon of a sign-in turns, but not with reduced motion', async ({ keyvigil, nexus }) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.choose('Sign out');
  await account.shows('Signed out');
  nexus.faults.always(held());
  await account.button('Sign in').click();
  await account.shows('Signing in…');
  const icon = account.item.locator('.state-signing-in path');
  await expect(icon).not.toHaveCSS('animation-name', 'none');
  await popup.page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(icon).toHaveCSS('animation-name', 'none');
});
