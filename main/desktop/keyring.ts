import { safeStorage } from 'electron';
import type { Keyring } from '../storage/vault.ts';

/**
 * Electron 45 answers in promises; the older runtime has only the synchronous calls, which are gone in 46. This file is the
 * only one that knows of both.
 */
const isAsync: boolean = 'encryptStringAsync' in safeStorage;

/** The operating system's keyring, through Electron's safeStorage. */
export const keyring: Keyring = {
  async isAvailable() {
    // Without a keyring, Linux falls back to a password that stands in Chromium's source.
    const hasNone =
      process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
    if (hasNone) return false;
    return isAsync
      ? await safeStorage.isAsyncEncryptionAvailable()
      : safeStorage.isEncryptionAvailable();
  },
  async encrypt(text) {
    return isAsync ? await safeStorage.encryptStringAsync(text) : safeStorage.encryptString(text);
  },
  async decrypt(encrypted) {
    if (!isAsync) return { text: safeStorage.decryptString(encrypted), isStale: false };
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(encrypted);
    return { text: result, isStale: shouldReEncrypt };
  },
};
