import { safeStorage } from 'electron';
import type { Keyring } from '../storage/vault.ts';

/**
 * Electron 45 has asynchronous calls; the older runtime only has the synchronous ones, which 46 removes. No other file knows
 * of both.
 */
const isAsync: boolean = 'encryptStringAsync' in safeStorage;

export const keyring: Keyring = {
  async isAvailable() {
    // Without a keyring, Chromium on Linux encrypts with a password from its own source code.
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
