import type { Clipboard, ClipboardItem } from 'electron';
import { describe, expect, it } from 'vitest';
import { createClipboard } from './clipboard.ts';

type Items = ConstructorParameters<typeof ClipboardItem>[0];

/** A fake of Electron 45's clipboard. The fake records every item that is written. */
function fake() {
  const written: Items[] = [];
  class FakeItem {
    readonly items: Items;
    constructor(items: Items) {
      this.items = items;
    }
  }
  const clipboard = {
    write: async (items) =>
      void written.push(...items.map((item) => (item as unknown as FakeItem).items)),
    writeText: async (text) => void written.push({ 'text/plain': text }),
  } satisfies Partial<Clipboard>;
  const of = (platform: NodeJS.Platform, Item: unknown = FakeItem) =>
    createClipboard({
      clipboard: clipboard as unknown as Clipboard,
      ClipboardItem: Item as typeof ClipboardItem,
      platform,
    });
  return { written, of };
}
const format = (name: string) => `electron application/osclipboard;format="${name}"`;
const bytes = async (value: unknown) => [...new Uint8Array(await (value as Blob).arrayBuffer())];

describe('a copied secret', () => {
  it('is left out of Windows’ clipboard history and cloud clipboard', async () => {
    const { written, of } = fake();
    await of('win32').write('key', { isSecret: true });
    expect(written).toHaveLength(1);
    const [item] = written;
    expect(item!['text/plain']).toBe('key');
    expect(await bytes(item![format('ExcludeClipboardContentFromMonitorProcessing')])).toEqual([
      1, 0, 0, 0,
    ]);
    expect(await bytes(item![format('CanIncludeInClipboardHistory')])).toEqual([0, 0, 0, 0]);
    expect(await bytes(item![format('CanUploadToCloudClipboard')])).toEqual([0, 0, 0, 0]);
  });

  it('is marked as concealed on macOS, and as a password for KDE', async () => {
    const { written, of } = fake();
    await of('darwin').write('key', { isSecret: true });
    await of('linux').write('key', { isSecret: true });
    expect(written[0]).toHaveProperty([format('org.nspasteboard.ConcealedType')], '');
    expect(written[1]).toHaveProperty([format('x-kde-passwordManagerHint')], 'secret');
  });

  it('is copied without marks where Electron has none', async () => {
    const { written, of } = fake();
    await of('win32', null).write('key', { isSecret: true });
    expect(written).toEqual([{ 'text/plain': 'key' }]);
  });
});

it('a text that is not secret has no marks', async () => {
  const { written, of } = fake();
  await of('win32').write('report');
  expect(written).toEqual([{ 'text/plain': 'report' }]);
});
