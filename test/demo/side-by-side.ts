import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElectronApplication } from '@playwright/test';
import { temporaryFolder } from './app.ts';
import { sharpPicture } from './sharp-picture.ts';

const SIZE = { width: 880, height: 434 };

/** Makes one picture of a light and a dark picture, for a README in either theme. */
export async function sideBySide(
  app: ElectronApplication,
  pictures: readonly [string, string],
  file: string,
): Promise<void> {
  const page = join(temporaryFolder(), 'side-by-side.html');
  writeFileSync(page, html(pictures));
  const opened = app.waitForEvent('window');
  await app.evaluate(
    ({ BrowserWindow }, { url, size }) => {
      const window = new BrowserWindow({ ...size, useContentSize: true, frame: false });
      void window.loadURL(url);
    },
    { url: pathToFileURL(page).href, size: SIZE },
  );
  const window = await opened;
  await window.waitForLoadState('load');
  await sharpPicture(window, file);
}

function html([light, dark]: readonly [string, string]): string {
  return `<!DOCTYPE html>
<style>
  body { margin: 0; height: 100vh; display: flex; border-radius: 16px; overflow: hidden; }
  div { flex: 1; display: grid; place-items: center; }
  .light { background: linear-gradient(160deg, #dfe5f0, #c9d3e6); }
  .dark { background: linear-gradient(160deg, #10131a, #2a3142); }
  img { width: 360px; border-radius: 10px; box-shadow: 0 10px 30px #0005, 0 0 0 1px #7773; }
</style>
<div class="light"><img src="${dataUrl(light)}"></div>
<div class="dark"><img src="${dataUrl(dark)}"></div>
`;
}

const dataUrl = (file: string) => `data:image/png;base64,${readFileSync(file, 'base64')}`;
