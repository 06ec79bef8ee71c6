import type { BaseWindow } from 'electron';

/**
 * Saves before Windows ends the user's session. Electron sends that event to windows only, and neither `before-quit` nor `will-
 * quit`. So this makes a window without a page, which needs no process and is never shown.
 */
export function saveWhenSessionEnds(
  electron: { readonly BaseWindow: typeof BaseWindow },
  platform: NodeJS.Platform,
  save: () => void,
): void {
  if (platform === 'win32') new electron.BaseWindow({ show: false }).on('session-end', save);
}
