import { expect, it } from 'vitest';
import { mayUpdate, type Installation } from './update-policy.ts';

const may = (changes: Partial<Installation> = {}) =>
  mayUpdate({
    isPackaged: true,
    platform: 'linux',
    env: {},
    exists: () => false,
    ...changes,
  });

it('an installed app looks for updates', () => {
  expect(may()).toBe(true);
  expect(may({ platform: 'win32' })).toBe(true);
});

it.each([
  ['linux', '/etc/keyvigil/no-updates', {}],
  ['darwin', '/Library/Application Support/Keyvigil/no-updates', {}],
  ['win32', 'C:\\ProgramData\\Keyvigil\\no-updates', { ProgramData: 'C:\\ProgramData' }],
] as const)('an administrator turns them off by a file: %s', (platform, file, env) => {
  expect(may({ platform, env, exists: (path) => path === file })).toBe(false);
});

it('an administrator turns them off by a variable', () => {
  expect(may({ env: { KEYVIGIL_NO_UPDATES: '1' } })).toBe(false);
});

it('neither a checkout nor the portable app updates itself', () => {
  expect(may({ isPackaged: false })).toBe(false);
  expect(may({ platform: 'win32', env: { PORTABLE_EXECUTABLE_FILE: 'D:\\Keyvigil.exe' } })).toBe(
    false,
  );
});
