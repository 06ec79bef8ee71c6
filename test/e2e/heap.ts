import type { Page } from '@playwright/test';

/** @returns how often texts occur in the memory of a page's scripts, after a garbage collection */
export async function countInHeap(page: Page, ...texts: string[]): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  const chunks: string[] = [];
  cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await cdp.send('HeapProfiler.takeHeapSnapshot');
  await cdp.detach();
  const snapshot = chunks.join('');
  const counts = texts.map((text) => snapshot.split(asInSnapshot(text)).length - 1);
  return counts.reduce((sum, count) => sum + count);
}

/** A heap snapshot is JSON in which V8 escapes every letter outside ASCII. */
function asInSnapshot(text: string): string {
  const escaped = (letter: string) =>
    `\\u${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, escaped);
}
