import type { App } from 'electron';

/**
 * Starts Keyvigil again on X11 if Chromium has chosen native Wayland, where the popup cannot be placed and the clipboard needs
 * the focus. Chromium chooses before any JavaScript runs. The desktop entry passes the right argument, but a user who starts
 * the binary directly does not.
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
