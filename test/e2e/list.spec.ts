/** Tests the list of many accounts: accounts are found, ordered and used without a mouse. */
import { SHOW_CHANNEL } from '../../main/bridge/channels.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { expect, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import type { Popup } from './popup.ts';

async function launchMany(
  keyvigil: Keyvigil,
  nexus: NexusIc,
  counts: { accounts: number; servers: number },
): Promise<Popup> {
  await storeAccounts(keyvigil, nexus, counts);
  await keyvigil.launch(PLANTS);
  const popup = await keyvigil.popup();
  await expect(popup.accounts.filter({ hasText: 'Live' })).toHaveCount(counts.accounts);
  return popup;
}

/** Opens the menu of the focused button. Waits for the first entry, because a menu takes keys only a moment after it is shown. */
async function openMenu({ page }: Popup): Promise<void> {
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Details' })).toBeFocused();
}

const names = async (popup: Popup) =>
  (await popup.accounts.locator('.name').allTextContents()).map((name) => name.trim());

test('an account is found by typing, and Enter copies its key and closes the popup', async ({
  keyvigil,
  nexus,
}) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 7, servers: 1 });
  await popup.page.keyboard.type('plant 5');
  await expect(popup.field('Find an account')).toBeFocused();
  await expect(popup.accounts).toHaveCount(1);
  await popup.page.keyboard.press('Enter');
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
  expect([...nexus.sessions.keys()]).toContain(await keyvigil.clipboard());
});

test('accounts are pinned, moved, copied, removed and brought back with the keyboard', async ({
  keyvigil,
  nexus,
}) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 6, servers: 1 });
  const { keyboard } = popup.page;
  await keyboard.press('End');
  await expect(popup.account('Plant 5').button('Copy session key')).toBeFocused();
  await keyboard.press('Alt+ArrowUp');
  await expect
    .poll(() => names(popup))
    .toEqual(['Plant 0', 'Plant 1', 'Plant 2', 'Plant 3', 'Plant 5', 'Plant 4']);
  await expect(popup.account('Plant 5').button('Copy session key')).toBeFocused();

  await keyboard.press('Tab');
  await openMenu(popup);
  for (const key of ['P', 'Enter']) await keyboard.press(key);
  await expect.poll(async () => (await names(popup))[0]).toContain('Plant 5');

  await keyboard.press('Control+2');
  await expect(popup.status).toContainText('Copied “Plant 0”');

  await popup.account('Plant 0').button('More').focus();
  await openMenu(popup);
  for (const key of ['R', 'Enter']) await keyboard.press(key);
  await expect(
    popup.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }),
  ).toBeFocused();
  for (const key of ['Tab', 'Enter']) await keyboard.press(key);
  await expect(popup.accounts).toHaveCount(5);
  await popup.button('Undo').focus();
  await keyboard.press('Enter');
  await expect(popup.accounts).toHaveCount(6);
  await expect(popup.account('Plant 0').button('Copy session key')).toBeFocused();

  await keyboard.press('?');
  await expect(popup.page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(popup.accounts).toHaveCount(6);
});

test('after a found account was removed, the focus stays where its user puts it', async ({
  keyvigil,
  nexus,
}) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 7, servers: 1 });
  const { keyboard } = popup.page;
  const find = popup.field('Find an account');
  await find.fill('Plant 5');
  await popup.account('Plant 5').button('More').focus();
  await openMenu(popup);
  for (const key of ['R', 'Enter']) await keyboard.press(key);
  await popup.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(popup.accounts).toHaveCount(0);
  await find.fill('Plant');
  await expect(popup.accounts).toHaveCount(6);
  // When the removal can no longer be undone, the main process tells the popup about the accounts again.
  await expect(popup.button('Undo')).toHaveCount(0);
  await popup.page.waitForTimeout(1000);
  await expect(find).toBeFocused();
});

test('the row that a notification or the command opens is shown, also if the search has hidden it', async ({
  keyvigil,
  nexus,
}) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 7, servers: 1 });
  await popup.field('Find an account').fill('Plant 5');
  await expect(popup.accounts).toHaveCount(1);
  await keyvigil.app.evaluate(({ BrowserWindow }, channel) => {
    const [window] = BrowserWindow.getAllWindows();
    window!.webContents.send(channel, { name: 'row', id: 'account-3' });
  }, SHOW_CHANNEL);
  await expect(popup.account('Plant 3').button('Copy session key')).toBeFocused();
});

test('twelve accounts are grouped by server, and a group can be closed', async ({
  keyvigil,
  nexus,
}) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 12, servers: 2 });
  const group = popup.page.getByRole('button', { name: '0.plants.test' });
  await group.click();
  await expect(popup.accounts).toHaveCount(6);
  await popup.field('Find an account').fill('Plant 10');
  await expect(popup.accounts).toHaveCount(1);
});

test('a row far down has the focus again when its details are closed', async ({
  keyvigil,
  nexus,
}) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 40, servers: 1 });
  const { keyboard } = popup.page;
  await keyboard.press('End');
  const last = popup.account('Plant 39');
  await expect(last.button('Copy session key')).toBeFocused();
  await keyboard.press('Tab');
  await openMenu(popup);
  await keyboard.press('Enter');
  await expect(popup.page.getByRole('heading', { name: 'Plant 39' })).toBeVisible();
  await keyboard.press('Escape');
  await expect(last.button('More')).toBeFocused();
});

test('of 200 accounts, some are found at once', async ({ keyvigil, nexus }) => {
  const popup = await launchMany(keyvigil, nexus, { accounts: 200, servers: 10 });
  const ms = await popup.page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('[type=search]')!;
    const texts = ['p', 'pl', 'plant 1', 'plant 19', 'plant 1', ''];
    const fastest = texts.map(() => Infinity);
    for (let round = 0; round < 5; round++) {
      for (const [step, text] of texts.entries()) {
        const start = performance.now();
        input.value = text;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        // Svelte updates the document in a microtask. Reading the height includes the layout.
        await Promise.resolve();
        const height = document.body.scrollHeight;
        if (height > 0) fastest[step] = Math.min(fastest[step]!, performance.now() - start);
        await new Promise(requestAnimationFrame);
      }
    }
    return fastest;
  });
  console.log(
    `A key stroke among 200 accounts: ${ms.map((time) => time.toFixed(1)).join(', ')} ms`,
  );
  // On a quiet machine, a key stroke takes about one frame. If the rows were made again, it would take ten times as long.
  expect(Math.max(...ms)).toBeLessThan(40);
});
