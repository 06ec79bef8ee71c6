import { randomUUID } from 'node:crypto';
import { BrowserWindow } from 'electron';
import { leadsBack } from '../systems/entra/return-url.ts';

/**
 * Shows a sign-in page in a window of its own, with nothing shared and nothing kept. Resolves with the first address that leads back
 * to `returnUrl`, before it is requested; with undefined where the window was closed.
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
    },
  });
  const { webContents } = window;
  // The title is whose page it is, and no page can change it: whoever types a password should see where.
  window.on('page-title-updated', (event) => event.preventDefault());
  webContents.on('did-navigate', (_event, address) => window.setTitle(new URL(address).origin));

  return new Promise((resolve) => {
    const finish = (address?: string) => {
      resolve(address);
      // Not while it is in the middle of telling us.
      setImmediate(() => {
        if (!window.isDestroyed()) window.destroy();
      });
    };
    const allowed = new URL(url).protocol;
    webContents.session.webRequest.onBeforeRequest(({ url: address }, decide) => {
      const isBack = leadsBack(address, returnUrl);
      const { protocol } = new URL(address);
      decide({ cancel: isBack || !(protocol === 'https:' || protocol === allowed) });
      if (isBack) finish(address);
    });
    signal.addEventListener('abort', () => finish(), { once: true });
    window.on('closed', () => finish());
    // A page that cannot be loaded says so itself.
    window.loadURL(url).catch(() => undefined);
  });
}
