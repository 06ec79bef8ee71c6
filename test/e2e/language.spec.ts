/** Tests the language of the popup, the tray menu and the command. */
import { m } from '../../main/messages/index.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { nexusAccount } from './servers.ts';

/** @returns a function that reads the texts of the latest tray menu. Call this before Keyvigil makes a menu. */
async function watchTrayMenu({ app }: Keyvigil): Promise<() => Promise<readonly string[]>> {
  await app.evaluate(({ Menu }) => {
    const build = Menu.buildFromTemplate.bind(Menu);
    Menu.buildFromTemplate = (template) => {
      // This call also builds the submenus, through this function. So store the texts of the whole menu after it.
      const menu = build(template);
      const labels = template.flatMap(({ label = '', submenu = [] }) => [
        label,
        ...(submenu as { label?: string }[]).map(({ label = '' }) => label),
      ]);
      (globalThis as { trayMenu?: string[] }).trayMenu = labels.filter((label) => label !== '');
      return menu;
    };
  });
  return () => app.evaluate(() => (globalThis as { trayMenu?: string[] }).trayMenu ?? []);
}

test('changes at once, in the popup and the tray menu, and back', async ({ keyvigil, nexus }) => {
  const { popup } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const { name } = nexusAccount(nexus);
  const trayMenu = await watchTrayMenu(keyvigil);
  const html = popup.page.locator('html');
  await popup.button('Settings').click();
  const back = popup.page.locator('header button').first();
  const placeOfBack = await back.boundingBox();
  await popup.field('Language').selectOption('Deutsch');

  const german = popup.in('de');
  await expect(popup.page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
  await expect(popup.field('Sprache')).toHaveValue('de');
  await expect(html).toHaveAttribute('lang', 'de');
  expect(await back.boundingBox()).toEqual(placeOfBack);
  await popup.button('Zurück').click();
  const account = german.account(name);
  await account.shows('Aktiv');
  await account.copyKey();
  await expect(popup.status).toContainText(`„${name}“ kopiert.`);
  await account.choose('Abmelden');
  await account.shows('Abgemeldet');
  await expect
    .poll(trayMenu)
    .toEqual([
      ...[`${name}: Abgemeldet`, 'Sitzungsschlüssel kopieren', 'Anmelden'],
      ...['Keyvigil öffnen', 'Konto hinzufügen', 'Beenden'],
    ]);

  await popup.button('Einstellungen').click();
  await popup.field('Sprache').selectOption('English');
  await expect(popup.page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(html).toHaveAttribute('lang', 'en');
  await popup.button('Back').click();
  await popup.account(name).shows('Signed out');
  await expect.poll(trayMenu).toContain('Open Keyvigil');
});

test('is kept, and the command speaks English, but for the reason that the popup shows', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup, account } = await launchSignedIn(keyvigil, form);
  await account.choose('Details');
  await popup.field('Scripts may use this account').check();
  await popup.changeSettings({ language: 'de' });
  await keyvigil.restart();
  const german = (await keyvigil.popup()).in('de');
  await german.account(form.name).shows('Aktiv');
  await german.account(form.name).choose('Abmelden');
  await german.account(form.name).shows('Abgemeldet');
  expect(await keyvigil.command('status', form.name)).toMatchObject({ stdout: 'Signed out\n' });
  const { stderr } = await keyvigil.command('key', form.name);
  const reason = m.not_signed_in({}, { locale: 'de' });
  expect(stderr).toContain(`needs you to sign in: ${reason}`);
});

test('is the system’s, until the user chooses one', async ({ keyvigil }) => {
  await keyvigil.launch({ env: { LANG: 'de_DE.UTF-8', LANGUAGE: 'de_DE:de', LC_ALL: '' } });
  const popup = await keyvigil.popup();
  await expect(popup.button('Konto hinzufügen')).toBeVisible();
});
