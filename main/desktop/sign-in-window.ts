import { randomUUID } from 'node:crypto';
import { BrowserWindow } from 'electron';
import { aborted } from '../abort.ts';
import { originTitle } from './origin-title.ts';
import { judgeRequest } from './sign-in-request.ts';

/**
 * Shows a sign-in page in its own window, which shares and keeps no data. Resolves with the first address that leads back to
 * `returnUrl`, without requesting it, or with undefined if the user closed the window.
 */
export function openSignInWindow(
  url: string,
  returnUrl: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const window = new BrowserWindow({
    width: 520,
    height: 680,
    autoHideMenuBar: true,
    webPreferences: {
      partition: `sign-in-${randomUUID()}`,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      devTools: false,
    },
  });
  const { webContents } = window;
  // The title shows which host gets the password. No page may change it.
  window.on('page-title-updated', (event) => event.preventDefault());
  webContents.on('did-navigate', (_event, address) => window.setTitle(originTitle(address)));

  return new Promise((resolve) => {
    const finish = (address?: string) => {
      resolve(address);
      // Destroy the window only after its current event has ended.
      setImmediate(() => {
        if (!window.isDestroyed()) window.destroy();
      });
    };
    webContents.session.webRequest.onBeforeRequest(({ url: address }, decide) => {
      const verdict = judgeRequest(address, url, returnUrl);
      decide({ cancel: verdict !== 'pass' });
      if (verdict === 'finish') finish(address);
    });
    void aborted(signal).then(() => finish());
    window.on('closed', () => finish());
    // If the page cannot be loaded, the window shows Chromium's error page.
    window.loadURL(url).catch(() => undefined);
  });
}
