/** Does everything that a user does with accounts with the keyboard only. No script clicks, fills in, or moves the focus. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { nexusAccount, USER } from './servers.ts';

/** No screen of this test has as many controls. */
const MAX_TABS = 20;

/** @returns why the user cannot see the focus, or an empty text */
function focusFault(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    if (!(focused instanceof HTMLElement) || focused === document.body) return 'no focus';
    const name = focused.outerHTML.slice(0, 200);
    const { outlineStyle, outlineWidth, backgroundColor } = getComputedStyle(focused);
    const hasRing = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
    // In a menu, the focused entry has another background than the menu.
    const menu = focused.closest('[role=menu]');
    const hasGround = menu !== null && backgroundColor !== getComputedStyle(menu).backgroundColor;
    if (!hasRing && !hasGround) return `nothing marks ${name}`;
    const { left, top, width, height } = focused.getBoundingClientRect();
    const onTop = document.elementFromPoint(left + width / 2, top + height / 2);
    return focused.contains(onTop) ? '' : `out of sight: ${name}`;
  });
}

/** Waits until a control has the focus and shows it. */
async function expectFocus(control: Locator): Promise<void> {
  await expect(control).toBeFocused();
  await expect.poll(() => focusFault(control.page())).toBe('');
}

/** Presses Tab until a control has the focus. Each control on the way must show its focus too. */
async function tabTo(control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const page = control.page();
  const hasFocus = () => control.evaluate((element) => element === document.activeElement);
  for (let tabs = 0; !(await hasFocus()); tabs++) {
    expect(tabs).toBeLessThan(MAX_TABS);
    await page.keyboard.press(key);
    await expect.poll(() => focusFault(page)).toBe('');
  }
}

test('accounts are added, copied, ordered, edited, removed and brought back by keys alone', async ({
  keyvigil,
  nexus,
}) => {
  const { address } = nexusAccount(nexus);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  const { page } = popup;
  const { keyboard } = page;
  const type = async (label: string, text: string) => {
    await tabTo(popup.field(label));
    // Tab selects the text of a field, so typing replaces the text.
    await keyboard.type(text);
    await expect(popup.field(label)).toHaveValue(text);
  };
  const plant = popup.account('Plant');
  const tunnel = popup.account('Tunnel');
  const names = popup.accounts.locator('.name');
  const copy = 'Copy session key';

  // Add the first account: with the only button of the first start, and with Enter in the last field.
  await tabTo(popup.button('Add account'));
  await keyboard.press('Enter');
  await expectFocus(popup.field('System'));
  await type('Server address', address);
  await type('User name', USER.username);
  await type('Password', USER.password);
  await type('Account name', 'Plant');
  await keyboard.press('Enter');
  await plant.shows('Live');
  await expectFocus(plant.button(copy));

  // When a screen is closed, the control that had the focus before has it again.
  await tabTo(popup.button('Settings'), 'Shift+Tab');
  for (const key of ['n', ',', '?']) {
    await keyboard.press(key);
    await expect(popup.button('Back')).toBeVisible();
    await keyboard.press('Escape');
    await expectFocus(popup.button('Settings'));
  }
  await tabTo(plant.button('More'));
  await keyboard.press('Enter');
  await expectFocus(page.getByRole('menuitem', { name: 'Details' }));
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Plant' })).toBeFocused();
  await keyboard.press('Escape');
  await expectFocus(plant.button('More'));

  // Add the second account: choose another method with an arrow key, and press the form's button.
  await tabTo(popup.button('Add account'), 'Shift+Tab');
  await keyboard.press('Enter');
  await expectFocus(popup.field('System'));
  await type('Server address', address);
  await tabTo(popup.field('Sign in with'));
  await keyboard.press('ArrowDown');
  await expect(popup.field('Sign in with').locator(':checked')).toHaveText('API key');
  await type('API key', USER.apiKey);
  await type('Account name', 'Tunnel');
  await tabTo(popup.button('Sign in'));
  await keyboard.press('Enter');
  await tunnel.shows('Live');
  await expectFocus(tunnel.button(copy));

  await keyboard.press('Alt+ArrowUp');
  await expect(names).toHaveText(['Tunnel', 'Plant']);
  await expectFocus(tunnel.button(copy));

  // Enter copies and closes the popup. When the popup is opened again, the same button has the focus.
  await keyboard.press('Enter');
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
  const copied = await keyvigil.clipboard();
  expect([...nexus.sessions.keys()]).toContain(copied);
  await keyvigil.launchAgain();
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(true);
  await expectFocus(tunnel.button(copy));

  await keyboard.press('ArrowDown');
  await tabTo(plant.button('More'));
  await keyboard.press('Enter');
  await expectFocus(page.getByRole('menuitem', { name: 'Details' }));
  await keyboard.press('e');
  await expectFocus(page.getByRole('menuitem', { name: 'Edit' }));
  await keyboard.press('Enter');
  await expectFocus(popup.field('Server address'));
  await type('Account name', 'Plant, renamed');
  await tabTo(popup.button('Save'));
  await keyboard.press('Enter');
  const renamed = popup.account('Plant, renamed');
  await expectFocus(renamed.button('More'));
  await renamed.shows('Live');
  expect(nexus.journal.count('login')).toBe(2);

  await keyboard.press('Enter');
  await expectFocus(page.getByRole('menuitem', { name: 'Details' }));
  await keyboard.press('r');
  await expectFocus(page.getByRole('menuitem', { name: 'Remove' }));
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expectFocus(dialog.getByRole('button', { name: 'Cancel' }));
  await tabTo(dialog.getByRole('button', { name: 'Remove' }));
  await keyboard.press('Enter');
  await expect(names).toHaveText(['Tunnel']);
  await expectFocus(tunnel.button(copy));
  await tabTo(popup.button('Undo'));
  await keyboard.press('Enter');
  await expectFocus(renamed.button(copy));

  // After Undo, the account has its session again.
  await renamed.shows('Live');
  await keyboard.press('Enter');
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
  const restored = await keyvigil.clipboard();
  expect([...nexus.sessions.keys()].filter((key) => key !== copied)).toEqual([restored]);
  expect(nexus.journal.count('login')).toBe(2);
});
