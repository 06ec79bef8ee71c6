import { describe, expect, it } from 'vitest';
import { checkElectron, type Runtime } from './old-electron.ts';

const check = (changes: Partial<Runtime> = {}) =>
  checkElectron({
    version: '33.2.1',
    declared: '45.4.1',
    isPackaged: false,
    args: [],
    env: {},
    ...changes,
  });

describe('an Electron without security updates', () => {
  it('stores nothing, and says why', () => {
    const { mayStore, warning } = check();
    expect(mayStore).toBe(false);
    expect(warning?.()).toBe(
      'This is Electron 33.2.1, an older version without security updates, for development only. Keyvigil saves passwords here only with --store-anyway.',
    );
  });

  it.each(['9.4.4', '45.4.0', '45.3.12'])(
    'is any that is older than the declared one: %s',
    (version) => {
      expect(check({ version }).mayStore).toBe(false);
    },
  );

  it('stores if the user insists, and still says what it is', () => {
    const { mayStore, warning } = check({ args: ['/app', '--store-anyway'] });
    expect(mayStore).toBe(true);
    expect(warning?.()).toContain('without security updates');
  });

  it('stores for the demo and the tests', () => {
    const env = { KEYVIGIL_ALLOW_OLD_ELECTRON: '1' };
    expect(check({ env })).toEqual({ mayStore: true });
  });
});

it.each(['45.4.1', '45.10.0', '46.0.0'])(
  'the declared Electron or a later one stores: %s',
  (version) => {
    expect(check({ version })).toEqual({ mayStore: true });
  },
);

it('a packaged app stores: it has the declared Electron', () => {
  expect(check({ isPackaged: true })).toEqual({ mayStore: true });
});
