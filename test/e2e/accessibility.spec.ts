/** Checks every view against the rules of axe, in every colour scheme and language. */
import axe from 'axe-core';
import { locales, m } from '../../main/messages/index.ts';
import { expect, test } from './fixtures.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import type { Popup } from './popup.ts';
import { visitViews } from './views.ts';

const SCHEMES = [
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'light', forcedColors: 'active' },
] as const;

/** @returns the rules of axe that the current view breaks */
async function violations({ page }: Popup): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const scheme of SCHEMES) {
    await page.emulateMedia(scheme);
    const results = await page.evaluate(async () => {
      const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
      const { violations, passes } = await inPage.run();
      if (passes.length === 0) throw new Error('axe has checked nothing.');
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    });
    found.push(...results.map((result) => `${Object.values(scheme).join(' ')} ${result}`));
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  return found;
}

for (const locale of locales) {
  test(`no view breaks a rule, light, dark and in forced colours: ${locale}`, async ({
    keyvigil,
    nexus,
  }) => {
    await storeAccounts(keyvigil, nexus, { accounts: 4, servers: 2 });
    await keyvigil.launch(PLANTS);
    const english = await keyvigil.popup();
    await english.changeSettings({ language: locale });
    const popup = english.in(locale);
    await expect(popup.accounts.filter({ hasText: popup.say(m.live) })).toHaveCount(4);
    const found: Record<string, string[]> = {};
    const names = { account: 'Plant 0', signedOut: 'Plant 3' };
    await visitViews(popup, names, async (view) => {
      found[view] = await violations(popup);
    });
    expect(Object.keys(found)).toHaveLength(9);
    expect(Object.entries(found).filter(([, broken]) => broken.length > 0)).toEqual([]);
  });

  test(`a long list with groups and a search breaks no rule: ${locale}`, async ({
    keyvigil,
    nexus,
  }) => {
    await storeAccounts(keyvigil, nexus, { accounts: 13, servers: 2 });
    await keyvigil.launch(PLANTS);
    const english = await keyvigil.popup();
    await english.changeSettings({ language: locale });
    const popup = english.in(locale);
    await expect(popup.accounts.filter({ hasText: popup.say(m.live) })).toHaveCount(13);
    expect(await violations(popup)).toEqual([]);
    await popup.field(popup.say(m.find_an_account)).fill('nothing');
    expect(await violations(popup)).toEqual([]);
  });
}
