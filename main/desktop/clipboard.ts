import { clipboard as electronClipboard } from 'electron';
import type { Clipboard } from '../sessions/key-copier.ts';

/** Promises since Electron 44, synchronous before: awaiting suits both. */
export const clipboard: Clipboard = {
  async read() {
    return await electronClipboard.readText();
  },
  async write(text) {
    await electronClipboard.writeText(text);
  },
  clear() {
    electronClipboard.clear();
    return Promise.resolve();
  },
};
