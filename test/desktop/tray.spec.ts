/** Keyvigil on a real Xfce panel, used by a real pointer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { addAccount, expect, item, onlyKey, test, type Keyvigil } from '../e2e/fixtures.ts';
import { SCREEN, type DesktopSession } from '../support/desktop-session.ts';

type Point = { x: number; y: number };

test('the icon is clicked, the popup opens by it, and the copied key is the very hash that the server issued', async ({
  keyvigil,
  desktop,
  nexus,
}) => {
  await keyvigil.launch();
  const first = await keyvigil.popup();
  await expect(await addAccount(first, { address: nexus.origin })).toContainText('Live');
  await keyvigil.restart();
  expect(keyvigil.app.windows()).toHaveLength(0);

  const icon = await findIcon(keyvigil, desktop, LIVE_GREEN);
  const opened = keyvigil.app.waitForEvent('window');
  await click(desktop, icon);
  const page = await opened;
  await expect.poll(() => isPopupOpen(keyvigil)).toBe(true);
  const bounds = await popupBounds(keyvigil);
  expect(bounds.y).toBeGreaterThanOrEqual(PANEL_HEIGHT);
  expect(bounds.y).toBeLessThan(PANEL_HEIGHT + 20);
  expect(bounds.x + bounds.width).toBeLessThanOrEqual(SCREEN.width);
  expect(bounds.x).toBeLessThan(icon.x);

  const account = item(page);
  await expect(account).toContainText('Live');
  await clickOn(keyvigil, desktop, account.getByRole('button', { name: 'Copy session key' }));
  await expect(page.getByRole('status')).toContainText('Clears in 45 s');
  expect(await desktop.run('xclip', '-selection', 'clipboard', '-o')).toBe(onlyKey(nexus));

  await click(desktop, icon);
  await expect.poll(() => isPopupOpen(keyvigil)).toBe(false);
  await click(desktop, icon);
  // A window has its focus a moment after it is seen; a key pressed before goes elsewhere.
  await expect.poll(() => hasFocus(keyvigil)).toBe(true);
  await desktop.run('xdotool', 'key', 'Escape');
  await expect.poll(() => isPopupOpen(keyvigil)).toBe(false);
});

test('a right click opens a menu, which copies a key without the popup', async ({
  keyvigil,
  desktop,
  nexus,
}) => {
  await keyvigil.launch();
  await expect(await addAccount(await keyvigil.popup(), { address: nexus.origin })).toContainText(
    'Live',
  );
  const key = onlyKey(nexus);
  await keyvigil.restart();
  const icon = await findIcon(keyvigil, desktop, LIVE_GREEN);
  const closed = await visibleWindows(desktop);
  await click(desktop, icon, RIGHT);
  await expect.poll(() => visibleWindows(desktop)).toBeGreaterThan(closed);
  const opened = await visibleWindows(desktop);
  // The account is the first in the menu, and copying the first for the account.
  await desktop.run('xdotool', 'key', 'Down', 'Right');
  await expect.poll(() => visibleWindows(desktop)).toBeGreaterThan(opened);
  await desktop.run('xdotool', 'key', 'Return');
  await expect.poll(() => keyvigil.clipboard()).toBe(key);
  expect(keyvigil.app.windows()).toHaveLength(0);
});

test('a click elsewhere closes the popup', async ({ keyvigil, desktop }) => {
  await keyvigil.launch();
  await keyvigil.popup();
  await expect.poll(() => hasFocus(keyvigil)).toBe(true);
  // Another program's window takes the focus, as a click on it does.
  await keyvigil.app.evaluate(({ BrowserWindow }) => {
    const other = new BrowserWindow({ x: 40, y: 500, width: 200, height: 120 });
    other.setTitle('elsewhere');
  });
  await click(desktop, { x: 140, y: 560 });
  await expect
    .poll(() =>
      keyvigil.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()
          .filter((window) => window.isVisible())
          .map((window) => window.getTitle()),
      ),
    )
    .toEqual(['elsewhere']);
});

test('the icon’s shape tells that a sign-in is needed', async ({ keyvigil, desktop, nexus }) => {
  await keyvigil.launch();
  const account = await addAccount(await keyvigil.popup(), { address: nexus.origin });
  await expect(account).toContainText('Live');
  await findIcon(keyvigil, desktop, LIVE_GREEN);
  nexus.changePassword('engineer1', 'another');
  nexus.forgetSessions();
  await keyvigil.restart();
  await findIcon(keyvigil, desktop, NEEDS_YOU_AMBER);
});

/** As xdotool names them. */
const LEFT = '1';
const RIGHT = '3';
const PANEL_HEIGHT = 30;
/** The main colours of the icons in build/icons, as red, green, blue. */
const LIVE_GREEN = [0x12, 0x80, 0x5c] as const;
const NEEDS_YOU_AMBER = [0xd9, 0x77, 0x06] as const;

/** Waits until an icon of this colour is on the panel, and returns its middle. */
async function findIcon(
  { profile }: Keyvigil,
  desktop: DesktopSession,
  colour: readonly [number, number, number],
): Promise<Point> {
  const picture = join(profile, 'panel.ppm');
  const area = `0,0,${SCREEN.width},${PANEL_HEIGHT}`;
  let found: Point | undefined;
  await expect
    .poll(async () => {
      await desktop.run('scrot', '--overwrite', '--autoselect', area, picture);
      found = middleOf(colour, readFileSync(picture));
      return found;
    })
    .toBeDefined();
  return found!;
}

/** The middle of all pixels of a colour in a picture of the panel, where there are enough of them for an icon. */
function middleOf(colour: readonly [number, number, number], ppm: Buffer): Point | undefined {
  // The pixels, three bytes each, are what stands at the file's end, whatever its header says.
  const pixels = ppm.subarray(-SCREEN.width * PANEL_HEIGHT * 3);
  const hits: Point[] = [];
  for (let i = 0; i < pixels.length / 3; i++) {
    if (colour.every((part, at) => pixels[3 * i + at] === part)) {
      hits.push({ x: i % SCREEN.width, y: Math.floor(i / SCREEN.width) });
    }
  }
  if (hits.length < 20) return undefined;
  const mean = (values: number[]) => Math.round(values.reduce((a, b) => a + b) / values.length);
  return { x: mean(hits.map(({ x }) => x)), y: mean(hits.map(({ y }) => y)) };
}

/** How many windows are on the screen, open menus among them: a tray icon's menu is the panel's, not Keyvigil's. */
async function visibleWindows(desktop: DesktopSession): Promise<number> {
  const ids = await desktop.run('xdotool', 'search', '--onlyvisible', '--maxdepth', '1', '.*');
  return ids.trim().split('\n').length;
}

async function click(desktop: DesktopSession, { x, y }: Point, button = LEFT): Promise<void> {
  await desktop.run('xdotool', 'mousemove', String(x), String(y), 'click', button);
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

function isPopupOpen({ app }: Keyvigil): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().some((window) => window.isVisible()),
  );
}
