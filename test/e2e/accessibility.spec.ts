/** Checks every view against the rules of axe, in every colour scheme and language. */
import axe from 'axe-core';
import { locales, m } from '../../main/messages/index.ts';
import { expect, test } from './fixtures.ts';
import type { Popup } from './popup.ts';
import { expectNothingInViews, launchLive } from './views.ts';

const COLOUR_RULES = { runOnly: ['color-contrast', 'link-in-text-block'] };
/** A colour scheme changes nothing but colours, so one scheme is enough for the other rules. */
const SCHEMES = [
  { media: { colorScheme: 'light', forcedColors: 'none' }, options: {} },
  { media: { colorScheme: 'dark', forcedColors: 'none' }, options: COLOUR_RULES },
  { media: { colorScheme: 'light', forcedColors: 'active' }, options: COLOUR_RULES },
] as const;

/** @returns the rules of axe that the current view breaks */
async function violations({ page }: Popup): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const { media, options } of SCHEMES) {
    await page.emulateMedia(media);
    const results = await page.evaluate(async (options) => {
      const { axe: inPage } = globalThis as unknown as { axe: typeof axe };
      const { violations, passes } = await inPage.run(options);
      if (passes.length === 0) throw new Error('axe has checked nothing.');
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    }, options);
    found.push(...results.map((result) => `${Object.values(media).join(' ')} ${result}`));
  }
  await page.emulateMedia({ colorScheme: null, forcedColors: null });
  return found;
}

for (const locale of locales) {
  test(`no view breaks a rule, light, dark and in forced colours: ${locale}`, async ({
    keyvigil,
    nexus,
    entra,
    ribCx,
  }) => {
    const popup = await launchLive(keyvigil, nexus, 4, locale, entra);
    await expectNothingInViews({ keyvigil, nexus, ribCx, popup }, () => violations(popup));
  });

  test(`a long list with groups and a search breaks no rule: ${locale}`, async ({
    keyvigil,
    nexus,
  }) => {
    const popup = await launchLive(keyvigil, nexus, 13, locale);
    expect(await violations(popup)).toEqual([]);
    await popup.field(popup.say(m.find_an_account)).fill('nothing');
    expect(await violations(popup)).toEqual([]);
  });
}
