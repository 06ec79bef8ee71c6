/** Makes the README's animation, from the click on the tray icon to the copied key, on a real panel. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { until } from '../../build/session-bus.ts';
import { expect, test } from '../e2e/fixtures.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import { SCREEN, type DesktopSession } from '../support/desktop-session.ts';
import { findIcon, LIVE_GREEN } from '../support/panel.ts';
import { toAnimation, type AnimationFrame } from './apng.ts';
import { nameAccounts } from './stored-accounts.ts';

const FILE = join(import.meta.dirname, '../../docs/pictures/copy.png');
/** The right upper corner of the screen, with the tray and the popup. */
const SHOWN = { x: SCREEN.width - 400, y: 0, width: 400, height: 450 };

test.use({ withPanel: true });

/**
 * A Python program that gives the desktop a colour instead of black. It does this as programs for wallpapers do: its pixmap stays
 * on the display after it ends.
 */
const SET_BACKGROUND = `
from ctypes import CDLL, byref, c_ulong, c_void_p
x11 = CDLL("libX11.so.6")
x11.XOpenDisplay.restype = x11.XDefaultGC.restype = c_void_p
x11.XDefaultRootWindow.restype = x11.XCreatePixmap.restype = x11.XInternAtom.restype = c_ulong
RETAIN_PERMANENT, PIXMAP, REPLACE = 1, c_ulong(20), 0
display = c_void_p(x11.XOpenDisplay(None))
root = c_ulong(x11.XDefaultRootWindow(display))
x11.XSetCloseDownMode(display, RETAIN_PERMANENT)
pixmap = c_ulong(x11.XCreatePixmap(display, root, 1, 1, x11.XDefaultDepth(display, 0)))
graphics = c_void_p(x11.XDefaultGC(display, 0))
x11.XSetForeground(display, graphics, c_ulong(0x6B8299))
x11.XFillRectangle(display, pixmap, graphics, 0, 0, 1, 1)
name = c_ulong(x11.XInternAtom(display, b"_XROOTPMAP_ID", 0))
x11.XChangeProperty(display, root, name, PIXMAP, 32, REPLACE, byref(pixmap), 1)
x11.XSetWindowBackgroundPixmap(display, root, pixmap)
x11.XClearWindow(display, root)
x11.XCloseDisplay(display)
`;

/** Takes pictures of the screen with the pointer. */
class Film {
  readonly frames: AnimationFrame[] = [];
  readonly #desktop: DesktopSession;
  readonly #folder = mkdtempSync(join(tmpdir(), 'keyvigil-film-'));

  constructor(desktop: DesktopSession) {
    this.#desktop = desktop;
  }

  /** Waits until the screen has changed and then stays the same, and adds it as a frame. */
  async add(milliseconds: number): Promise<void> {
    let last = await this.#shoot();
    await until('the screen to change', async () => {
      const before = last;
      last = await this.#shoot();
      return last.equals(before) && !this.frames.at(-1)?.png.equals(last);
    });
    this.frames.push({ png: last, milliseconds });
  }

  end(): void {
    rmSync(this.#folder, { recursive: true });
  }

  async #shoot(): Promise<Buffer> {
    const file = join(this.#folder, 'frame.png');
    const area = [SHOWN.x, SHOWN.y, SHOWN.width, SHOWN.height].join();
    await this.#desktop.run('scrot', '--overwrite', '--pointer', '--autoselect', area, file);
    return readFileSync(file);
  }
}

test('from the tray to the copied key', async ({ keyvigil, nexus, desktop }) => {
  await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
  nameAccounts(keyvigil);
  await keyvigil.launch(PLANTS);
  await desktop.run('python3', '-c', SET_BACKGROUND);
  const film = new Film(desktop);
  const icon = await findIcon(desktop, LIVE_GREEN);
  const move = (x: number, y: number) => desktop.run('xdotool', 'mousemove', `${x}`, `${y}`);

  await move(SHOWN.x + 160, 260);
  await film.add(900);
  await move(icon.x, icon.y);
  await film.add(500);
  const opening = keyvigil.app.waitForEvent('window');
  await desktop.run('xdotool', 'click', '1');
  const page = await opening;
  await expect(page.getByText('4 of 4 live')).toBeVisible();
  await film.add(900);

  const copy = page.getByRole('button', { name: 'Copy session key' }).nth(1);
  const [box, window] = await Promise.all([
    copy.boundingBox(),
    keyvigil.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle() === 'Keyvigil')!
        .getBounds(),
    ),
  ]);
  await move(
    Math.round(window.x + box!.x + box!.width / 2),
    Math.round(window.y + box!.y + box!.height / 2),
  );
  await film.add(700);
  await desktop.run('xdotool', 'click', '1');
  await expect(page.getByRole('status')).toContainText('Clears in 45 s');
  await film.add(2400);
  film.end();
  const animation = toAnimation(film.frames);
  expect(await countFrames(page, animation)).toBe(5);
  writeFileSync(FILE, animation);
});

/** @returns how many frames a browser finds */
function countFrames(page: Page, animation: Buffer): Promise<number> {
  return page.evaluate(async (bytes) => {
    const data = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
    const decoder = new ImageDecoder({ data, type: 'image/png' });
    await decoder.tracks.ready;
    return decoder.tracks.selectedTrack!.frameCount;
  }, animation.toString('base64'));
}
