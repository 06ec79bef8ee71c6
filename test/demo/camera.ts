import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { until } from '../../build/session-bus.ts';
import type { DesktopSession } from '../support/desktop-session.ts';
import { project } from './app.ts';
import { sharpPicture } from './sharp-picture.ts';
import { sideBySide } from './side-by-side.ts';

const folder = join(project, 'demo');
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** The paths of a light picture and a dark picture. */
export type Pictures = Readonly<Record<Theme, string>>;

/** Takes the pictures of the demo, and numbers them in the order of the story. */
export class Camera {
  readonly #app: ElectronApplication;
  readonly #page: Page;
  readonly #desktop: DesktopSession;
  #taken = 0;

  constructor(app: ElectronApplication, page: Page, desktop: DesktopSession) {
    this.#app = app;
    this.#page = page;
    this.#desktop = desktop;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  }

  /** Takes a light and a dark picture of the popup only. */
  popup(name: string): Promise<Pictures> {
    return this.#inEachTheme(name, (file) => sharpPicture(this.#page, file));
  }

  /** Takes a light and a dark picture of the whole screen, as the X server shows it. */
  screen(name: string): Promise<Pictures> {
    return this.#inEachTheme(name, (file, theme) =>
      // Wait for the screen: the page knows its new colours before the screen shows them.
      until(`a ${theme} popup on the screen`, async () => {
        await this.#desktop.run('scrot', '-o', file);
        return (await this.#themeOnScreen(file)) === theme;
      }),
    );
  }

  /** Takes one picture of the focused window with its frame. One is enough, because a server's page has its own colours. */
  async window(name: string): Promise<void> {
    await this.#desktop.run(
      'scrot',
      '--focused',
      '--border',
      join(folder, `${this.#next()}-${name}.png`),
    );
  }

  /** Makes one picture of two pictures, for the README. */
  sideBySide({ light, dark }: Pictures): Promise<void> {
    return sideBySide(this.#app, [light, dark], join(folder, 'keyvigil.png'));
  }

  async #inEachTheme(
    name: string,
    take: (file: string, theme: Theme) => Promise<void>,
  ): Promise<Pictures> {
    const number = this.#next();
    const fileOf = (theme: Theme) => join(folder, `${number}-${name}-${theme}.png`);
    for (const theme of THEMES) {
      await this.#setTheme(theme);
      await take(fileOf(theme), theme);
    }
    await this.#setTheme('light');
    return { light: fileOf('light'), dark: fileOf('dark') };
  }

  #next(): string {
    this.#taken += 1;
    return String(this.#taken).padStart(2, '0');
  }

  async #setTheme(theme: Theme): Promise<void> {
    await this.#app.evaluate(({ nativeTheme }, theme) => {
      nativeTheme.themeSource = theme;
    }, theme);
    await this.#page.waitForFunction(
      (theme) => matchMedia(`(prefers-color-scheme: ${theme})`).matches,
      theme,
    );
  }

  /** @returns the theme that the screen shows, by the background colour in the popup's lower left corner */
  #themeOnScreen(file: string): Promise<Theme> {
    return this.#app.evaluate(({ BrowserWindow, nativeImage }, file) => {
      const popup = BrowserWindow.getAllWindows().find((window) => window.isVisible());
      if (!popup) throw new Error('The popup is not on the screen.');
      const { x, y, height } = popup.getBounds();
      const corner = { x: x + 4, y: y + height - 5, width: 1, height: 1 };
      const [blue = 0] = nativeImage.createFromPath(file).crop(corner).toBitmap();
      return blue < 128 ? 'dark' : 'light';
    }, file);
  }
}
