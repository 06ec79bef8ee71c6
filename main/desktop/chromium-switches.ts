import type { App } from 'electron';

/** Sets how Chromium runs. Must be called before the app is ready. docs/performance.md has the figures, and what each gives up. */
export function setChromiumSwitches(
  app: Pick<App, 'commandLine' | 'disableHardwareAcceleration'>,
  platform: NodeJS.Platform,
): void {
  const { commandLine } = app;
  // Chromium repeats a request, even a login, if a reused connection breaks. HTTP/1 requests ask for a connection of their own
  // (`systems/http.ts`); HTTP/2 and HTTP/3 have no such header.
  commandLine.appendSwitch('disable-http2');
  commandLine.appendSwitch('disable-quic');
  // What follows was measured on Linux only.
  if (platform !== 'linux') return;
  // A small popup needs no graphics driver, nor a copy of one in software.
  app.disableHardwareAcceleration();
  commandLine.appendSwitch('disable-software-rasterizer');
}
