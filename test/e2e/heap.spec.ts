/** Tests that a closed form leaves no secret in the renderer's memory. */
import { expect, test } from './fixtures.ts';
import { countInHeap } from './heap.ts';
import { ADA, cxAccount, NEXUS_METHODS, nexusAccount, USER } from './servers.ts';
import type { FilledForm } from './popup.ts';

/** The secret that the user types for each method. */
const SECRETS = {
  'User name and password': USER.password,
  'API key': USER.apiKey,
  'Email token': USER.emailToken,
};

for (const button of ['Sign in', 'Cancel']) {
  test(`no heap snapshot after “${button}” has anything secret of the form`, async ({
    keyvigil,
    nexus,
    ribCx,
  }) => {
    await keyvigil.launch();
    const popup = await keyvigil.popup();
    const { page } = popup;
    const forms: (readonly [FilledForm, string])[] = [
      ...NEXUS_METHODS.map(
        (method) => [nexusAccount(nexus, { method, name: method }), SECRETS[method]] as const,
      ),
      [cxAccount(ribCx), ADA.password],
    ];
    for (const [form, secret] of forms) {
      await popup.fillIn(form);
      if (form === forms[0]![0]) {
        // Prove that the search below can find a secret.
        expect(await countInHeap(page, secret)).toBeGreaterThan(0);
      }
      await popup.button(button).click();
      await expect(popup.button('Add account')).toBeVisible();
      if (button === 'Sign in') await popup.account(form.name).shows('Live');
      // Only the main process may have the session keys, so the popup's memory must not contain them either.
      const keys = [nexus, ribCx].flatMap(({ sessions }) => [...sessions.keys()]);
      await expect.poll(() => countInHeap(page, secret, ...keys)).toBe(0);
    }
  });
}
