import type { SafeStorage } from 'electron';
import { SECOND_MS, sleep, type Clock } from '../clock.ts';
import type { Keyring } from '../storage/vault.ts';

/**
 * The mark of a text that Chromium encrypted with a public constant. On Linux, it means that no keyring answered, which Electron
 * 42 and later do not report in any other way (electron#38873). On Windows and macOS, real encryption has the same mark.
 */
const NO_KEYRING_TAG = 'v10';

/** Electron's error while the keyring is still starting. */
const TEMPORARY = /temporarily unavailable/i;
const MAX_TRIES = 5;
const RETRY_MS = SECOND_MS;

/**
 * The operating system's keyring, through Electron's safeStorage. Electron 45 has asynchronous calls. The older Electron has
 * only the synchronous calls, which Electron 46 removes. Only this file handles both.
 */
export function createKeyring(
  storage: SafeStorage,
  platform: NodeJS.Platform,
  clock: Clock,
): Keyring {
  const isAsync: boolean = 'encryptStringAsync' in storage;

  async function encrypt(text: string): Promise<Buffer> {
    const encrypted = isAsync
      ? await storage.encryptStringAsync(text)
      : storage.encryptString(text);
    const tag = encrypted.subarray(0, NO_KEYRING_TAG.length).toString('latin1');
    if (platform === 'linux' && tag === NO_KEYRING_TAG) {
      throw new Error('No keyring encrypts here: the text would be stored almost in the clear.');
    }
    return encrypted;
  }

  async function decrypt(encrypted: Buffer, tries = 1): ReturnType<Keyring['decrypt']> {
    try {
      if (!isAsync) return { text: storage.decryptString(encrypted), isStale: false };
      const { result, shouldReEncrypt } = await storage.decryptStringAsync(encrypted);
      return { text: result, isStale: shouldReEncrypt };
    } catch (error) {
      if (tries === MAX_TRIES || !TEMPORARY.test(String(error))) throw error;
      await sleep(clock, RETRY_MS);
      return decrypt(encrypted, tries + 1);
    }
  }

  return {
    encrypt,
    decrypt,
    async isAvailable() {
      const isOffered = isAsync
        ? await storage.isAsyncEncryptionAvailable()
        : storage.isEncryptionAvailable();
      // Encrypt a probe, because only the ciphertext shows whether a keyring was used.
      return (
        isOffered &&
        encrypt('probe').then(
          () => true,
          () => false,
        )
      );
    },
  };
}
