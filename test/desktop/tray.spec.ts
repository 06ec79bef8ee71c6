/** Tests Keyvigil on a real Xfce panel, with a real pointer. */
import type { Locator } from '@playwright/test';
import { expect, launchSignedIn, test } from '../e2e/fixtures.ts';
import type { Keyvigil } from '../e2e/keyvigil.ts';
import { nexusAccount, onlyKey, USER } from '../e2e/servers.ts';
import { SCREEN, type DesktopSession } from '../support/desktop-session.ts';
import {
  click,
  findIcon,
  LIVE_GREEN,
  NEEDS_YOU_AMBER,
  PANEL_HEIGHT,
  RIGHT,
} from '../support/panel.ts';

test('a click on the icon opens the popup beside it, and the key that it copies is the hash that the server issued', async ({
  keyvigil,
  desktop,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  await launchSignedIn(keyvigil, form);
  await keyvigil.restart();
  expect(keyvigil.windows).toHaveLength(0);

  const icon = await findIcon(desktop, LIVE_GREEN);
  await Promise.all([keyvigil.app.waitForEvent('window'), click(desktop, icon)]);
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(true);
  const bounds = await popupBounds(keyvigil);
  expect(bounds.y).toBeGreaterThanOrEqual(PANEL_HEIGHT);
  expect(bounds.y).toBeLessThan(PANEL_HEIGHT + 20);
  expect(bounds.x + bounds.width).toBeLessThanOrEqual(SCREEN.width);
  expect(bounds.x).toBeLessThan(icon.x);

  const popup = await keyvigil.popup();
  const account = popup.account(form.name);
  await account.shows('Live');
  await clickOn(keyvigil, desktop, account.button('Copy session key'));
  await expect(popup.status).toContainText('Clears in 45 s');
  expect(await desktop.run('xclip', '-selection', 'clipboard', '-o')).toBe(onlyKey(nexus));

  await click(desktop, icon);
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
  await click(desktop, icon);
  // A window gets the focus a moment after it is shown. A key press before that goes to another window.
  await expect.poll(() => hasFocus(keyvigil)).toBe(true);
  await desktop.run('xdotool', 'key', 'Escape');
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
});

test('a right click opens a menu, which copies a key without the popup', async ({
  keyvigil,
  desktop,
  nexus,
}) => {
  await launchSignedIn(keyvigil, nexusAccount(nexus));
  const key = onlyKey(nexus);
  const verifications = () => nexus.journal.count('version');
  const before = verifications();
  await keyvigil.restart();
  // The icon is green even before the key is verified. The verification changes the menu, which would close an open one.
  await expect.poll(verifications).toBeGreaterThan(before);
  const icon = await findIcon(desktop, LIVE_GREEN);
  const withoutMenu = await visibleWindows(desktop);
  await click(desktop, icon, RIGHT);
  await expect.poll(() => visibleWindows(desktop)).toBeGreaterThan(withoutMenu);
  const withMenu = await visibleWindows(desktop);
  // The account is the menu's first entry, and copying is the first entry of the account's submenu. A menu takes keys only a
  // moment after it is shown.
  await expect(async () => {
    await desktop.run('xdotool', 'key', 'Home', 'Right');
    expect(await visibleWindows(desktop)).toBeGreaterThan(withMenu);
  }).toPass();
  await desktop.run('xdotool', 'key', 'Return');
  await expect.poll(() => keyvigil.clipboard()).toBe(key);
  expect(keyvigil.windows).toHaveLength(0);
});

test('a click elsewhere closes the popup', async ({ keyvigil, desktop }) => {
  await keyvigil.launch();
  await keyvigil.popup();
  await expect.poll(() => hasFocus(keyvigil)).toBe(true);
  // This window stands for another program's window. A click on it takes the focus from the popup.
  await keyvigil.app.evaluate(({ BrowserWindow }) => {
    const other = new BrowserWindow({ x: 40, y: 500, width: 200, height: 120 });
    other.setTitle('elsewhere');
  });
  await click(desktop, { x: 140, y: 560 });
  await expect.poll(() => visibleTitles(keyvigil)).toEqual(['elsewhere']);
});

test('the icon’s shape shows that a sign-in is needed', async ({ keyvigil, desktop, nexus }) => {
  await launchSignedIn(keyvigil, nexusAccount(nexus));
  await findIcon(desktop, LIVE_GREEN);
  nexus.changePassword(USER.username, 'another');
  nexus.forgetSessions();
  await keyvigil.restart();
  await findIcon(desktop, NEEDS_YOU_AMBER);
});

/** Counts all windows on the screen, including open menus: the panel opens an icon's menu, so Keyvigil does not know of it. */
async function visibleWindows(desktop: DesktopSession): Promise<number> {
  let ids = '';
  // xdotool fails if a window closes while xdotool searches.
  await expect(async () => {
    ids = await desktop.run('xdotool', 'search', '--onlyvisible', '--maxdepth', '1', '.*');
  }).toPass();
  return ids.trim().split('\n').length;
}

/** Clicks the middle of an element with the real pointer. */
async function clickOn(
  keyvigil: Keyvigil,
  desktop: DesktopSession,
  element: Locator,
): Promise<void> {
  const [box, window] = await Promise.all([element.boundingBox(), popupBounds(keyvigil)]);
  if (!box) throw new Error('The element is not on the screen.');
  await click(desktop, {
    x: Math.round(window.x + box.x + box.width / 2),
    y: Math.round(window.y + box.y + box.height / 2),
  });
}

function popupBounds({ app }: Keyvigil) {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
}

function hasFocus({ app }: Keyvigil): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow() !== null);
}

function visibleTitles({ app }: Keyvigil): Promise<string[]> {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .filter((window) => window.isVisible())
      .map((window) => window.getTitle()),
  );
}
