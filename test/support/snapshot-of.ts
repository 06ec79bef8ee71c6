import type { Page } from '@playwright/test';
import type { Snapshot } from '../../main/bridge/contract.ts';

/** @returns what the main process now tells the popup */
export async function snapshotOf(page: Page): Promise<Snapshot> {
  const text = await page.evaluate(() => window.keyvigil.request('snapshot', undefined));
  return JSON.parse(text) as Snapshot;
}
