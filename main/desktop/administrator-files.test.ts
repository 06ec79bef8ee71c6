import { describe, expect, it } from 'vitest';
import { administratorFile, isOnlyAdministrators } from './administrator-files.ts';

const FILE = '/etc/keyvigil/accounts.json';
const ROOTS = { uid: 0, mode: 0o100644 };

it.each([
  ['linux', {}, FILE],
  ['darwin', {}, '/Library/Application Support/Keyvigil/accounts.json'],
  ['win32', { ProgramData: 'C:\\ProgramData' }, 'C:\\ProgramData\\Keyvigil\\accounts.json'],
  ['win32', {}, undefined],
  ['freebsd', {}, undefined],
] as const)('on %s, with %j, the file is %s', (platform, env, path) => {
  expect(administratorFile(platform, env, 'accounts.json')).toBe(path);
});

describe('a file', () => {
  const isSafe = (
    changed: Record<string, { uid: number; mode: number }>,
    target = FILE,
    administrator?: number,
  ) =>
    isOnlyAdministrators(
      FILE,
      { stat: (path) => changed[path] ?? ROOTS, realpath: () => target },
      administrator,
    );

  it('of root, in folders of root, is only the administrator’s', () => {
    expect(isSafe({})).toBe(true);
  });

  it.each([
    ['belongs to a user', { [FILE]: { uid: 1000, mode: 0o100644 } }],
    ['is writable for a group', { [FILE]: { uid: 0, mode: 0o100664 } }],
    ['is writable for all', { [FILE]: { uid: 0, mode: 0o100646 } }],
    ['is sticky and writable for all', { [FILE]: { uid: 0, mode: 0o101666 } }],
    ['is in a folder of a user', { '/etc/keyvigil': { uid: 1000, mode: 0o40755 } }],
    ['is in a folder that a group can change', { '/etc/keyvigil': { uid: 0, mode: 0o40775 } }],
    ['is below a folder that all can change', { '/etc': { uid: 0, mode: 0o40777 } }],
  ])('is not only the administrator’s if it %s', (_, changed) => {
    expect(isSafe(changed)).toBe(false);
  });

  it('is not only the administrator’s if it is a link to what a user can change, or into a folder that a user can change', () => {
    const target = '/home/eve/accounts.json';
    expect(isSafe({ [target]: { uid: 1000, mode: 0o100644 } }, target)).toBe(false);
    expect(isSafe({ '/home/eve': { uid: 1000, mode: 0o40700 } }, target)).toBe(false);
    expect(isSafe({}, '/nix/store/x/accounts.json')).toBe(true);
  });

  it('may be below a sticky folder such as /tmp, where nobody can replace the file of another', () => {
    expect(isSafe({ '/etc': { uid: 0, mode: 0o41777 } })).toBe(true);
  });
});
