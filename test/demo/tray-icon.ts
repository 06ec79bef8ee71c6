import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { until } from '../../build/session-bus.ts';
import type { DesktopSession } from '../support/desktop-session.ts';
import { temporaryFolder } from './app.ts';

/** The rows of the screen that go through the panel's middle. */
const PANEL_ROWS = { y: 8, height: 14 };
/** From its first column, this far to the right is well inside an icon. */
const INWARDS = 6;

/** Clicks the tray icon of live sessions with the real pointer, and returns when the popup is there. */
export async function clickTrayIcon(
  app: ElectronApplication,
  desktop: DesktopSession,
): Promise<void> {
  const picture = join(temporaryFolder(), 'screen.png');
  await until('the popup to open at a click on the tray icon', async () => {
    await desktop.run('scrot', '-o', picture);
    const column = await firstColour(app, picture);
    if (column === undefined) return false;
    const [x, y] = [column + INWARDS, PANEL_ROWS.y + PANEL_ROWS.height / 2];
    await desktop.run('xdotool', 'mousemove', String(x), String(y), 'click', '1');
    return popupOpens(app);
  });
}

/** The first column of the panel with a colour in it: panels do not tell where their icons are, but all else on it is grey. */
function firstColour(app: ElectronApplication, picture: string): Promise<number | undefined> {
  return app.evaluate(
    ({ nativeImage }, { picture, rows }) => {
      const screen = nativeImage.createFromPath(picture);
      const { width } = screen.getSize();
      const pixels = screen.crop({ x: 0, width, ...rows }).toBitmap();
      const isColoured = (column: number) => {
        for (let at = 4 * column; at < pixels.length; at += 4 * width) {
          const channels = pixels.subarray(at, at + 3);
          if (Math.max(...channels) - Math.min(...channels) > 64) return true;
        }
        return false;
      };
      return Array.from({ length: width }, (_, column) => column).find(isColoured);
    },
    { picture, rows: PANEL_ROWS },
  );
}

/** False where it stays closed for a while, as the click may have come too early to be heeded. */
async function popupOpens(app: ElectronApplication): Promise<boolean> {
  const limit = Date.now() + 1_000;
  while (Date.now() < limit) {
    if (await isPopupOpen(app)) return true;
  }
  return false;
}

export function isPopupOpen(app: ElectronApplication): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().some((window) => window.isVisible()),
  );
}
