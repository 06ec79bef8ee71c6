import { expect, test, vi } from 'vitest';
import { DEFAULT_SETTINGS } from '../storage/settings.ts';
import { SystemSettings } from './system-settings.ts';

vi.mock('electron', () => ({
  app: { getPreferredSystemLanguages: () => ['en'] },
  globalShortcut: { register: () => true, unregisterAll: () => undefined },
  nativeTheme: {},
}));

const actions = { openShortcut: () => undefined, copyShortcut: () => undefined };
const onFullDisk = () =>
  new SystemSettings(() => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }, actions);

test('a launch at login that cannot be set up is refused beside its checkbox', () => {
  expect(onFullDisk().apply({ ...DEFAULT_SETTINGS, launchAtLogin: true })).toMatchObject({
    ok: false,
    error: { field: 'launchAtLogin' },
  });
});

test('Keyvigil starts although its launch at login cannot be set up, and other settings can be changed', () => {
  const settings = onFullDisk();
  settings.apply({ ...DEFAULT_SETTINGS, launchAtLogin: true });
  const changed = { ...DEFAULT_SETTINGS, launchAtLogin: true, theme: 'dark' as const };
  expect(settings.apply(changed)).toEqual({ ok: true, value: undefined });
});
