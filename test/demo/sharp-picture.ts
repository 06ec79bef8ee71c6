import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';

/** Takes a page's picture at twice its size, on a screen of any density. */
export async function sharpPicture(page: Page, file: string): Promise<void> {
  const [width, height] = await page.evaluate(() => [innerWidth, innerHeight] as const);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Emulation.setDefaultBackgroundColorOverride', {
    color: { r: 0, g: 0, b: 0, a: 0 },
  });
  const { data } = await devTools.send('Page.captureScreenshot', {
    clip: { x: 0, y: 0, width, height, scale: 2 },
  });
  await devTools.detach();
  writeFileSync(file, data, 'base64');
}
