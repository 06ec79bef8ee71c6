import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// electron-store is built on `conf`, which writes the same file.
import Conf from 'conf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { NO_CHOICES, type SavedAccount, type Secrets } from '../sessions/saved-account.ts';
import { openAccounts } from './accounts.ts';
import { openStorage } from './index.ts';
import type { StoreFolder } from './json-store.ts';
import { DEFAULT_SETTINGS, openSettings } from './settings.ts';
import { Vault, type Keyring } from './vault.ts';

const ACCOUNT: SavedAccount = {
  id: 'account-1',
  name: 'Plant model',
  system: 'nexus-ic',
  method: 'password',
  address: 'https://nexus.example.com',
  values: { userName: 'engineer1' },
  learned: {},
  remember: true,
  keepAliveMinutes: 8,
  wanted: true,
  ...NO_CHOICES,
};
const SECRETS: Secrets = {
  owner: 'engineer1 at nexus.example.com',
  values: { password: 'MARKED' },
  isRefused: false,
  unansweredLogins: 0,
  sessionKey: { key: 'MARKED-key', since: 1, verifiedAt: 2, facts: [] },
};

let path: string;
let notices: string[];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'keyvigil-storage-'));
  notices = [];
});
afterEach(() => rmSync(path, { recursive: true }));

const folder = (): StoreFolder => ({
  folder: path,
  open: (name) => new Conf({ configName: name, cwd: path, clearInvalidConfig: false }),
  clock: new VirtualClock(),
  notify: (_id, message) => notices.push(message()),
});

/** Makes a keyring that inverts all bits, which is enough to tell clear text from encrypted text. */
const keyring = (changes: Partial<Keyring> = {}): Keyring => ({
  isAvailable: async () => true,
  encrypt: async (text) => Buffer.from(text).map((byte) => byte ^ 0xff) as Buffer,
  decrypt: async (encrypted) => ({
    text: Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString(),
    isStale: false,
  }),
  ...changes,
});

const everything = () =>
  readdirSync(path)
    .map((name) => readFileSync(join(path, name), 'latin1'))
    .join();

describe('accounts', () => {
  it('are loaded in the order in which they were saved', () => {
    const other = { ...ACCOUNT, id: 'account-2' };
    openAccounts(folder()).save([other, ACCOUNT]);
    expect(openAccounts(folder()).load()).toEqual([other, ACCOUNT]);
    expect(notices).toEqual([]);
  });

  it.each(['', '{"version":1,"acc', 'null', '[]', '"text"'])(
    'in a damaged file (%s) do not stop the start: the file is set aside',
    (content) => {
      writeFileSync(join(path, 'accounts.json'), content);
      const accounts = openAccounts(folder());
      expect(accounts.load()).toEqual([]);
      accounts.save([ACCOUNT]);
      expect(openAccounts(folder()).load()).toEqual([ACCOUNT]);
    },
  );

  it('that are valid survive a file that is damaged in part', () => {
    const content = { version: 1, accounts: [ACCOUNT, { id: 7 }] };
    writeFileSync(join(path, 'accounts.json'), JSON.stringify(content));
    expect(openAccounts(folder()).load()).toEqual([ACCOUNT]);
    expect(notices).toEqual([expect.stringContaining('accounts')]);
    const aside = readdirSync(path).find((name) => name.includes('broken'))!;
    expect(JSON.parse(readFileSync(join(path, aside), 'utf8'))).toEqual(content);
  });
});

it.each([
  ['rest', { when: 'never' }],
  ['scripts', { mayUseCommand: 'yes', localAddress: 'off' }],
  ['copyFormat', 7],
])('an account loses only its %s if that does not fit', (name, value) => {
  const stored = { ...ACCOUNT, pinned: true, [name]: value };
  const content = { version: 1, accounts: [stored, { ...stored, id: 'account-2', values: 7 }] };
  writeFileSync(join(path, 'accounts.json'), JSON.stringify(content));
  expect(openAccounts(folder()).load()).toEqual([{ ...ACCOUNT, pinned: true }]);
  expect(notices).toEqual([expect.stringContaining('some of it may be lost')]);
  expect(openAccounts(folder()).load()).toEqual([{ ...ACCOUNT, pinned: true }]);
});

describe('a damaged file that cannot be kept under another name', () => {
  const file = () => join(path, 'accounts.json');
  const aside = () =>
    join(
      path,
      `accounts.broken-${new Date(new VirtualClock().wall()).toISOString().replace(/[:.]/g, '-')}.json`,
    );
  const partly = JSON.stringify({ version: 1, accounts: [ACCOUNT, { id: 7 }] });

  it.each([
    ['{"version":1,"acc', []],
    [partly, [ACCOUNT]],
  ])('is not overwritten, and does not stop the start: %s', (content, readable) => {
    writeFileSync(file(), content);
    // A folder has the name that the file would get. So the file cannot be kept, as on a full disk.
    mkdirSync(aside());
    const accounts = openAccounts(folder());
    expect(accounts.load()).toEqual(readable);
    expect(notices).toEqual([expect.stringContaining('saves no changes')]);
    expect(() => accounts.save([])).toThrow();
    expect(readFileSync(file(), 'utf8')).toBe(content);
  });

  it.each(['{"version":1,"acc', partly])('is kept by the first save that can: %s', (content) => {
    writeFileSync(file(), content);
    mkdirSync(aside());
    const accounts = openAccounts(folder());
    rmdirSync(aside());
    accounts.save([ACCOUNT]);
    expect(readFileSync(aside(), 'utf8')).toBe(content);
    expect(openAccounts(folder()).load()).toEqual([ACCOUNT]);
    expect(notices.at(-1)).toContain('The damaged file is now');
  });
});

it('a file left behind by a killed write is removed, and no other', () => {
  openAccounts(folder()).save([ACCOUNT]);
  // `conf` gives a temporary file such a name: the start time, and six random digits.
  writeFileSync(join(path, 'accounts.json.tmp-5306327330e49709'), '{"version":1,"acc');
  writeFileSync(join(path, 'vault.json.tmp-5306327330e49709'), '');
  expect(openAccounts(folder()).load()).toEqual([ACCOUNT]);
  expect(readdirSync(path)).toEqual(['accounts.json', 'vault.json.tmp-5306327330e49709']);
});

describe('settings', () => {
  it('take their defaults if nothing is stored, or an older version stored less', () => {
    expect(openSettings(folder()).get()).toEqual(DEFAULT_SETTINGS);
    writeFileSync(join(path, 'settings.json'), JSON.stringify({ clearClipboardSeconds: 30 }));
    expect(openSettings(folder()).get()).toEqual({
      ...DEFAULT_SETTINGS,
      clearClipboardSeconds: 30,
    });
  });

  it('keep the values that fit, if another value does not', () => {
    const stored = { localAddressPort: 8123, clearOnLock: true, theme: 'sepia' };
    writeFileSync(join(path, 'settings.json'), JSON.stringify(stored));
    const { theme } = DEFAULT_SETTINGS;
    expect(openSettings(folder()).get()).toEqual({ ...DEFAULT_SETTINGS, ...stored, theme });
    expect(notices).toHaveLength(1);
  });

  it('out of bounds are set aside', () => {
    writeFileSync(join(path, 'settings.json'), JSON.stringify({ requestSeconds: 0 }));
    expect(openSettings(folder()).get()).toEqual(DEFAULT_SETTINGS);
    expect(notices).toHaveLength(1);
  });
});

describe('the vault', () => {
  it('loads the secrets that it saved, and writes none in the clear', async () => {
    const vault = await Vault.open(folder(), keyring());
    await vault.set('account-1', SECRETS);
    expect(everything()).not.toContain('MARKED');
    expect((await Vault.open(folder(), keyring())).get('account-1')).toEqual(SECRETS);
  });

  it('keeps the names of the first version in the file, and adds the owner', async () => {
    let written = '';
    const { encrypt } = keyring();
    const vault = await Vault.open(
      folder(),
      keyring({ encrypt: (text) => ((written = text), encrypt(text)) }),
    );
    await vault.set('account-1', SECRETS);
    expect(JSON.parse(written)).toEqual({
      owner: 'engineer1 at nexus.example.com',
      values: { password: 'MARKED' },
      refused: false,
      lostLogins: 0,
      held: { key: 'MARKED-key', since: 1, verifiedAt: 2, facts: [] },
    });
  });

  it('gives an entry of the first version to no account', async () => {
    const { encrypt } = keyring();
    const first = { values: { password: 'MARKED' }, refused: false };
    const entry = (await encrypt(JSON.stringify(first))).toString('base64');
    writeFileSync(
      join(path, 'vault.json'),
      JSON.stringify({ version: 1, entries: { 'account-1': entry } }),
    );
    const vault = await Vault.open(folder(), keyring());
    expect(vault.get('account-1')).toMatchObject({ owner: '', values: { password: 'MARKED' } });
  });

  it.each([
    ['without a keyring', () => keyring({ isAvailable: async () => false })],
    ['if it may use none', () => undefined],
  ])('stores nothing %s, and loses nothing that was stored before', async (_why, none) => {
    await (await Vault.open(folder(), keyring())).set('account-1', SECRETS);
    const before = everything();
    const vault = await Vault.open(folder(), none());
    expect([vault.canStore, vault.get('account-1')]).toEqual([false, undefined]);
    await vault.set('account-1', { ...SECRETS, values: {} });
    expect(everything()).toBe(before);
    expect((await Vault.open(folder(), keyring())).get('account-1')).toEqual(SECRETS);
  });

  it('names the keyring as the cause only if the keyring is missing', async () => {
    await openStorage(folder(), undefined);
    await openStorage(folder(), keyring());
    expect(notices).toEqual([]);
    await openStorage(folder(), keyring({ isAvailable: async () => false }));
    expect(notices).toEqual([expect.stringContaining('no unlocked keyring')]);
  });

  it('keeps an unreadable entry until new secrets replace it', async () => {
    const vault = await Vault.open(folder(), keyring());
    await vault.set('account-1', SECRETS);
    await vault.set('account-2', SECRETS);
    const cannot = keyring({ decrypt: () => Promise.reject(new Error('another keyring')) });
    const other = await Vault.open(folder(), cannot);
    expect(other.hasUnreadable).toBe(true);
    // A new local address must not replace the password.
    const empty = { owner: '', values: {}, isRefused: false, unansweredLogins: 0 };
    await other.set('account-1', { ...empty, localToken: 'token' });
    await other.set('account-2', { ...empty, values: { password: 'new' } });
    const again = await Vault.open(folder(), keyring());
    expect(again.get('account-1')).toEqual(SECRETS);
    expect(again.get('account-2')?.values).toEqual({ password: 'new' });
  });

  it.each(['7', 'null', '{}'])(
    'that has %s instead of an entry keeps the other entries',
    async (broken) => {
      await (await Vault.open(folder(), keyring())).set('account-1', SECRETS);
      const file = join(path, 'vault.json');
      const content = readFileSync(file, 'utf8').replace(
        '"account-1"',
        `"account-0": ${broken}, "account-1"`,
      );
      writeFileSync(file, content);
      expect((await Vault.open(folder(), keyring())).get('account-1')).toEqual(SECRETS);
      expect(notices).toEqual([expect.stringContaining('was damaged')]);
    },
  );

  it('opens even if the keyring is locked before a stale entry is encrypted again', async () => {
    await (await Vault.open(folder(), keyring())).set('account-1', SECRETS);
    const locked = keyring({
      decrypt: async (encrypted) => ({ ...(await keyring().decrypt(encrypted)), isStale: true }),
      encrypt: () => Promise.reject(new Error('locked')),
    });
    expect((await Vault.open(folder(), locked)).get('account-1')).toEqual(SECRETS);
  });

  it('encrypts again what the keyring calls stale', async () => {
    await (await Vault.open(folder(), keyring())).set('account-1', SECRETS);
    let encrypted = 0;
    const { encrypt, decrypt } = keyring();
    await Vault.open(folder(), {
      ...keyring(),
      encrypt: (text) => (encrypted++, encrypt(text)),
      decrypt: async (entry) => ({ ...(await decrypt(entry)), isStale: true }),
    });
    expect(encrypted).toBe(1);
  });

  it('does not bring back what was deleted while it was being encrypted', async () => {
    let finish = () => {};
    const { encrypt } = keyring();
    const vault = await Vault.open(
      folder(),
      keyring({
        encrypt: async (text) => {
          await new Promise<void>((resolve) => (finish = resolve));
          return encrypt(text);
        },
      }),
    );
    const setting = vault.set('account-1', SECRETS);
    vault.delete('account-1');
    finish();
    await setting;
    expect((await Vault.open(folder(), keyring())).get('account-1')).toBeUndefined();
  });
});
