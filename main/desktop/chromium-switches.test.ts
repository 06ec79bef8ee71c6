import type { App } from 'electron';
import { expect, it } from 'vitest';
import { setChromiumSwitches } from './chromium-switches.ts';

function switchesOn(platform: NodeJS.Platform) {
  const switches = new Map<string, string>();
  const app = {
    commandLine: {
      appendSwitch: (name: string, value = '') => void switches.set(name, value),
    },
    disableHardwareAcceleration: () => void switches.set('disable-gpu', ''),
  } as unknown as App;
  setChromiumSwitches(app, platform);
  return switches;
}

it.each(['linux', 'darwin', 'win32'] as const)('on %s, no request uses HTTP/2 or HTTP/3', (os) => {
  expect([...switchesOn(os).keys()]).toEqual(
    expect.arrayContaining(['disable-http2', 'disable-quic']),
  );
});

it.each(['darwin', 'win32'] as const)(
  'on %s, where nothing was measured, no other switch is set',
  (os) => {
    expect(switchesOn(os).size).toBe(2);
  },
);

it('no feature is turned on', () => {
  expect([...switchesOn('linux').keys()]).not.toContain('enable-features');
});

it('no sandbox is turned off', () => {
  expect([...switchesOn('linux').keys()].filter((name) => name.includes('sandbox'))).toEqual([]);
});
