import type { BaseWindow } from 'electron';

/**
 * Saves before Windows ends the user's session. Electron then emits neither `before-quit` nor `will-quit`, only `session-end` on
 * windows. So this creates a window that has no page, needs no process and is never shown.
 */
export function saveAtLogoff(
  electron: { readonly BaseWindow: typeof BaseWindow },
  platform: NodeJS.Platform,
  save: () => void,
): void {
  if (platform === 'win32') new electron.BaseWindow({ show: false }).on('session-end', save);
}
