import { expect, it } from 'vitest';
import { popupOptions } from './popup-options.ts';

const on = (platform: NodeJS.Platform) =>
  popupOptions(platform, { x: 0, y: 0, width: 360, height: 320 }, '/preload.cjs');

it('on macOS, the popup is a panel, which gives the focus back', () => {
  expect(on('darwin').type).toBe('panel');
  expect(on('win32').type).toBeUndefined();
  expect(on('linux').type).toBeUndefined();
});

it('on Linux, the popup looks the same on every desktop', () => {
  expect(on('linux')).toMatchObject({ roundedCorners: false, hasShadow: false });
});

it.each(['linux', 'darwin', 'win32'] as const)('the popup’s page is isolated on %s', (platform) => {
  const { webPreferences } = on(platform);
  expect(webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
});
