import type {
  Clipboard as ElectronClipboard,
  ClipboardItem as ElectronClipboardItem,
} from 'electron';
import type { Clipboard } from './secret-copier.ts';

/** The formats and values that keep a text out of clipboard histories and cloud clipboards. */
const MARKS: Partial<Readonly<Record<NodeJS.Platform, Readonly<Record<string, Blob | string>>>>> = {
  win32: {
    ExcludeClipboardContentFromMonitorProcessing: dword(1),
    CanIncludeInClipboardHistory: dword(0),
    CanUploadToCloudClipboard: dword(0),
  },
  darwin: { 'org.nspasteboard.ConcealedType': '' },
  // For KDE's Klipper. GNOME has no history of its own.
  linux: { 'x-kde-passwordManagerHint': 'secret' },
};

export interface ClipboardDeps {
  readonly clipboard: ElectronClipboard;
  /** Undefined before Electron 44. Older versions cannot mark copied texts. */
  readonly ClipboardItem: typeof ElectronClipboardItem | undefined;
  readonly platform: NodeJS.Platform;
}

/** Electron 44 and later return promises, older versions return values. `await` works with both. */
export function createClipboard({ clipboard, ClipboardItem, platform }: ClipboardDeps): Clipboard {
  return {
    async read() {
      return await clipboard.readText();
    },
    async write(text, { isSecret = false } = {}) {
      const marks = MARKS[platform];
      if (!isSecret || !marks || !ClipboardItem) return await clipboard.writeText(text);
      const formats = Object.entries(marks).map(([name, value]) => [
        `electron application/osclipboard;format="${name}"`,
        value,
      ]);
      // Write text and marks together, so that a clipboard history never sees the text without its marks.
      await clipboard.write([
        new ClipboardItem({ 'text/plain': text, ...(Object.fromEntries(formats) as object) }),
      ]);
    },
    clear() {
      clipboard.clear();
      return Promise.resolve();
    },
  };
}

/** Little-endian, as Windows expects it. */
function dword(value: number): Blob {
  return new Blob([new Uint8Array(new Uint32Array([value]).buffer)]);
}
