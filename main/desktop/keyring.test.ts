/* eslint-disable @typescript-eslint/no-deprecated -- The older Electron has only the calls that the current Electron deprecates. */
import type { SafeStorage } from 'electron';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { createKeyring } from './keyring.ts';

type Fake = Pick<
  SafeStorage,
  | 'isEncryptionAvailable'
  | 'isAsyncEncryptionAvailable'
  | 'encryptString'
  | 'decryptString'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
  | 'getSelectedStorageBackend'
>;

/**
 * The keyring behind safeStorage. Without a keyring, Chromium on Linux encrypts with a constant key, and marks such texts with
 * the tag v10.
 */
interface Behind {
  readonly keyring: 'answers' | 'none' | 'locked';
  readonly platform?: NodeJS.Platform;
}

const encode = (tag: string, text: string) => Buffer.from(`${tag}${text}`);
const decode = (encrypted: Buffer) => encrypted.toString().slice(3);
const tagOf = ({ keyring, platform }: Behind) =>
  keyring === 'answers' && platform !== 'win32' ? 'v11' : 'v10';

/** Behaves as Electron 45 does on Linux: encryption counts as available, and nothing shows that the key is constant. */
const electron45 = (behind: Behind): Partial<Fake> => ({
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text) => encode(tagOf(behind), text),
  decryptStringAsync: async (encrypted) => ({ result: decode(encrypted), shouldReEncrypt: false }),
  // Electron names the backend that it tried. On Sway, Electron names `basic_text` although a keyring answers.
  getSelectedStorageBackend: () =>
    behind.keyring === 'answers' ? 'basic_text' : 'gnome_libsecret',
});

/** Behaves as the older Electron does: it refuses to encrypt without a keyring. */
const electron33 = (behind: Behind): Partial<Fake> => ({
  isEncryptionAvailable: () => behind.keyring === 'answers',
  encryptString: (text) => {
    if (behind.keyring !== 'answers') throw new Error('Encryption is not available.');
    return encode(tagOf(behind), text);
  },
  decryptString: decode,
  getSelectedStorageBackend: () =>
    behind.keyring === 'answers' ? 'gnome_libsecret' : 'basic_text',
});

const clock = new VirtualClock();
const keyringOf = (fake: Partial<Fake>, platform: NodeJS.Platform = 'linux') =>
  createKeyring(fake as SafeStorage, platform, clock);

describe.each([
  ['Electron 45', electron45],
  ['Electron 33', electron33],
])('the keyring of %s', (_name, electron) => {
  it('stores on a desktop where a keyring answers', async () => {
    const keyring = keyringOf(electron({ keyring: 'answers' }));
    expect(await keyring.isAvailable()).toBe(true);
    const { text } = await keyring.decrypt(await keyring.encrypt('secret'));
    expect(text).toBe('secret');
  });

  it.each(['none', 'locked'] as const)('stores nothing if there is none (%s)', async (state) => {
    const keyring = keyringOf(electron({ keyring: state }));
    expect(await keyring.isAvailable()).toBe(false);
    await expect(keyring.encrypt('secret')).rejects.toThrow();
  });

  it('stores on Windows, where the tag is the real one', async () => {
    const keyring = keyringOf(electron({ keyring: 'answers', platform: 'win32' }), 'win32');
    expect(await keyring.isAvailable()).toBe(true);
  });
});

describe('a keyring that answers first, and then no more', () => {
  it('is refused at the next encryption, not only at the start', async () => {
    const fake = electron45({ keyring: 'answers' });
    const keyring = keyringOf(fake);
    expect(await keyring.isAvailable()).toBe(true);
    Object.assign(fake, electron45({ keyring: 'locked' }));
    await expect(keyring.encrypt('secret')).rejects.toThrow('No keyring');
  });
});

describe('an entry that is temporarily unavailable', () => {
  const failing = (times: number, message: string) => {
    let calls = 0;
    const { decryptStringAsync, ...fake } = electron45({ keyring: 'answers' });
    return keyringOf({
      ...fake,
      decryptStringAsync: (encrypted) =>
        ++calls <= times ? Promise.reject(new Error(message)) : decryptStringAsync!(encrypted),
    });
  };

  it('is read as soon as the keyring answers', async () => {
    const keyring = failing(3, 'Decryption is temporarily unavailable. Please try again.');
    const reading = keyring.decrypt(encode('v11', 'secret'));
    await clock.advance(5000);
    expect((await reading).text).toBe('secret');
  });

  it('is unreadable if that takes too long', async () => {
    const keyring = failing(99, 'Decryption is temporarily unavailable. Please try again.');
    const reading = keyring.decrypt(encode('v11', 'secret')).catch(() => 'unreadable');
    await clock.advance(10_000);
    expect(await reading).toBe('unreadable');
  });

  it('is unreadable at once for any other reason', async () => {
    const keyring = failing(1, 'Error while decrypting the ciphertext.');
    await expect(keyring.decrypt(encode('v11', 'secret'))).rejects.toThrow('decrypting');
  });
});
