import type { BaseWindow } from 'electron';

/**
 * Saves before Windows ends the user's session: there, Electron tells of it neither by `before-quit` nor by `will-quit`, and only
 * windows hear of it. This one has no page, so no process, and is never shown.
 */
export function saveWhenSessionEnds(
  electron: { readonly BaseWindow: typeof BaseWindow },
  platform: NodeJS.Platform,
  save: () => void,
): void {
  if (platform === 'win32') new electron.BaseWindow({ show: false }).on('session-end', save);
}
