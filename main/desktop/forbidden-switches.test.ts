import { expect, it } from 'vitest';
import { forbiddenSwitch, sandboxSwitch } from './forbidden-switches.ts';

it.each([
  '--remote-debugging-port=9222',
  '--remote-debugging-pipe',
  '--remote-debugging-address=0.0.0.0',
  '--inspect',
  '--inspect=0.0.0.0:9229',
  '--inspect-brk',
  '--inspect-brk-node',
  '--inspect-port=0',
  '--ignore-certificate-errors',
  '--ignore-certificate-errors-spki-list=abc',
  '-remote-debugging-port=9222',
  '/remote-debugging-port=9222',
  '--Remote-Debugging-Port=9222',
])('refuses %s, and names it', (arg) => {
  expect(forbiddenSwitch(['keyvigil', arg])).toMatch(/^[a-z-]+$/i);
});

it.each([
  '--proxy-server=proxy:3128',
  '--user-data-dir=/tmp/x',
  '--password-store=gnome-libsecret',
  '--ozone-platform=x11',
  'inspect',
  '--inspector',
])('accepts %s', (arg) => {
  expect(forbiddenSwitch(['keyvigil', arg])).toBeUndefined();
});

it.each(['no-sandbox', 'no-zygote-sandbox', 'disable-seccomp-filter-sandbox'])(
  'refuses --%s to all but root, for whom Chromium has no sandbox',
  (name) => {
    const commandLine = { hasSwitch: (other: string) => other === name };
    expect(sandboxSwitch(commandLine, 1000)).toBe(name);
    // Windows has no uid.
    expect(sandboxSwitch(commandLine, undefined)).toBe(name);
    expect(sandboxSwitch(commandLine, 0)).toBeUndefined();
  },
);

it('accepts a start in the sandbox', () => {
  expect(sandboxSwitch({ hasSwitch: () => false }, 1000)).toBeUndefined();
});
