import { clipboard as electronClipboard } from 'electron';
import type { Clipboard } from './key-copier.ts';

/** The calls return promises since Electron 44, and values before: `await` suits both. */
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
