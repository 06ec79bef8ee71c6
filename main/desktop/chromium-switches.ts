import type { App } from 'electron';

/** Sets how Chromium runs. Must be called before the app is ready. docs/performance.md has the figures and the disadvantages. */
export function setChromiumSwitches(
  app: Pick<App, 'commandLine' | 'disableHardwareAcceleration'>,
  platform: NodeJS.Platform,
): void {
  const { commandLine } = app;
  // Chromium repeats a request, even a login, if a reused connection breaks. HTTP/1 requests have a header that prevents the
  // reuse (`systems/http.ts`). HTTP/2 and HTTP/3 have no such header.
  commandLine.appendSwitch('disable-http2');
  commandLine.appendSwitch('disable-quic');
  // The following switches were measured on Linux only.
  if (platform !== 'linux') return;
  // A small popup needs neither a graphics driver nor graphics emulated in software.
  app.disableHardwareAcceleration();
  commandLine.appendSwitch('disable-software-rasterizer');
}
