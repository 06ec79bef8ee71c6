import type { BrowserWindowConstructorOptions } from 'electron';
import type { Rectangle } from './popup-position.ts';

/** The popup's Electron session, in memory and without a network. */
export const POPUP_PARTITION = 'popup';

/** @param preload the path of the preload script */
export function popupOptions(
  platform: NodeJS.Platform,
  bounds: Rectangle,
  preload: string,
): BrowserWindowConstructorOptions {
  // Since Electron 43, corners and shadows look different on each Linux desktop. So the popup has none on Linux.
  const hasCornersAndShadow = platform !== 'linux';
  return {
    ...bounds,
    show: false,
    frame: false,
    roundedCorners: hasCornersAndShadow,
    hasShadow: hasCornersAndShadow,
    // When a panel closes, macOS gives the focus back to the app that had it.
    ...(platform === 'darwin' && { type: 'panel' }),
    resizable: false,
    maximizable: false,
    minimizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    title: 'Keyvigil',
    webPreferences: {
      preload,
      partition: POPUP_PARTITION,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  };
}
