import type { App } from 'electron';

/**
 * Starts Keyvigil again on X11 where Chromium has chosen native Wayland: there it could neither place its popup nor use the clipboard
 * without the focus. The choice is made before any JavaScript runs; the entry in the menu makes it, but not who starts the binary.
 * @returns whether this process must end
 */
export function restartOnX11(
  app: Pick<App, 'isPackaged' | 'relaunch' | 'commandLine'>,
  { platform, argv, env }: Pick<NodeJS.Process, 'platform' | 'argv' | 'env'>,
): boolean {
  const isOnWayland = Boolean(env['WAYLAND_DISPLAY']) && !app.commandLine.hasSwitch(SWITCH);
  // Without DISPLAY, there is no X11.
  if (platform !== 'linux' || !app.isPackaged || !isOnWayland || !env['DISPLAY']) return false;
  const execPath = env['APPIMAGE'];
  app.relaunch({
    args: [...argv.slice(1), `--${SWITCH}=x11`],
    ...(execPath !== undefined && { execPath }),
  });
  return true;
}

const SWITCH = 'ozone-platform';
