/** Visits every view of the popup, for tests that look at all views. */
import { join } from 'node:path';
import { MAX_POPUP_HEIGHT } from '../../main/limits.ts';
import { m, type Locale } from '../../main/messages/index.ts';
import { CLIENT_ID, TENANT_ID, type Entra } from '../simulators/entra.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import type { RibCx } from '../simulators/rib-cx.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import { expect } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { PLANTS, storeAccounts } from './many-accounts.ts';
import type { AccountRow, Popup, Words } from './popup.ts';
import { cxAccount, USER } from './servers.ts';

/** Launches Keyvigil in this language, with accounts that are all live. */
export async function launchLive(
  keyvigil: Keyvigil,
  nexus: NexusIc,
  accounts: number,
  locale: Locale,
  entra?: Entra,
): Promise<Popup> {
  await storeAccounts(keyvigil, nexus, { accounts, servers: 2 });
  await keyvigil.launch({ ...PLANTS, ...(entra && { entra }) });
  const english = await keyvigil.popup();
  await english.changeSettings({ language: locale });
  const popup = english.in(locale);
  await expect(popup.accounts.filter({ hasText: popup.say(m.live) })).toHaveCount(accounts);
  return popup;
}

interface LiveWorld {
  readonly keyvigil: Keyvigil;
  readonly nexus: NexusIc;
  readonly ribCx: RibCx;
  readonly popup: Popup;
}

/** Expects that `find` finds nothing in any view. `launchLive` stored the four accounts. */
export async function expectNothingInViews(
  { keyvigil, nexus, ribCx, popup }: LiveWorld,
  find: () => Promise<readonly string[]>,
): Promise<void> {
  const found: Record<string, readonly string[]> = {};
  const names = { account: 'Plant 0', signedOut: 'Plant 3' };
  const visit = async (view: string) => {
    await expect.poll(() => isFitted(popup)).toBe(true);
    found[view] = await find();
  };
  await visitViews(popup, names, visit);
  await visitImport(popup, keyvigil, visit);
  await visitSignIn(popup.account(names.account), popup, nexus, visit);
  await visitPrompt(popup, ribCx, visit);
  expect(Object.keys(found)).toHaveLength(12);
  expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([]);
}

/** @returns whether the popup has the height of its content: the window grows a moment after a view is shown */
function isFitted({ page }: Popup): Promise<boolean> {
  return page.evaluate((maxHeight) => {
    const { scrollHeight, clientHeight } = document.querySelector('main')!;
    return scrollHeight <= clientHeight || innerHeight >= maxHeight;
  }, MAX_POPUP_HEIGHT);
}

/** Goes to each view, and calls `visit` there. Signs the account `signedOut` out first. */
export async function visitViews(
  popup: Popup,
  names: { readonly account: string; readonly signedOut: string },
  visit: (view: string) => Promise<void>,
): Promise<void> {
  const { page } = popup;
  const say = (words: Words) => popup.say(words);
  const button = (words: Words) => popup.button(say(words));
  const field = (words: Words) => popup.field(say(words));
  const account = popup.account(names.account);
  const signedOut = popup.account(names.signedOut);
  await signedOut.choose(say(m.sign_out));
  await signedOut.shows(say(m.signed_out));
  await account.copyKey();
  await expect(popup.status).toContainText(names.account);
  await visit('accounts');

  await account.button(say(m.more)).click();
  await visit('menu');
  await page.getByRole('menuitem', { name: say(m.copy_as) }).click();
  await visit('copy-as');
  for (let i = 0; i < 2; i++) await page.keyboard.press('Escape');
  await account.choose(say(m.remove));
  await visit('remove');
  await button(m.cancel).click();

  await account.choose(say(m.details));
  await field(m.scripts_may_use).check();
  await field(m.local_address).check();
  await expect(button(m.new_address)).toBeVisible();
  await visit('details');
  await button(m.back).click();
  await button(m.add_account).click();
  await expect(field(m.system)).toBeVisible();
  await page.getByText(say(m.more_options)).click();
  await visit('add-account');
  await button(m.cancel).click();
  await button(m.settings).click();
  await expect(button(m.quit)).toBeVisible();
  await visit('settings');
  await button(m.about_keyvigil).click();
  await expect(page.getByRole('heading', { name: say(m.about_keyvigil) })).toBeVisible();
  await visit('about');
  await button(m.back).click();
  await button(m.back).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: say(m.keyboard_shortcuts) })).toBeVisible();
  await visit('shortcuts');
  await button(m.back).click();
}

/** Exports the accounts, and lets the user import the same file. */
async function visitImport(
  popup: Popup,
  keyvigil: Keyvigil,
  visit: (view: string) => Promise<void>,
): Promise<void> {
  await keyvigil.app.evaluate(
    ({ dialog }, path) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    },
    join(keyvigil.home, 'exported.json'),
  );
  await popup.button(popup.say(m.settings)).click();
  await popup.button(popup.say(m.export_accounts)).click();
  await expect(popup.status).not.toBeEmpty();
  await popup.button(popup.say(m.import_accounts)).click();
  await expect(popup.page.getByRole('list', { name: popup.say(m.accounts_in_file) })).toBeVisible();
  await visit('import');
  await popup.button(popup.say(m.back)).click();
}

/** Changes the password on the server, so that the user must type it again. */
async function visitSignIn(
  account: AccountRow,
  popup: Popup,
  nexus: NexusIc,
  visit: (view: string) => Promise<void>,
): Promise<void> {
  nexus.changePassword(USER.username, 'another');
  nexus.forgetSessions();
  await account.choose(popup.say(m.verify_now));
  await account.shows(popup.say(m.sign_in_needed));
  await account.button(popup.say(m.sign_in)).click();
  await expect(popup.page.getByRole('heading', { name: popup.say(m.sign_in) })).toBeVisible();
  await visit('sign-in');
  await popup.button(popup.say(m.cancel)).click();
}

/** Begins a sign-in with a device code. Types in English, and then shows the prompt in the popup's language. */
async function visitPrompt(
  popup: Popup,
  ribCx: RibCx,
  visit: (view: string) => Promise<void>,
): Promise<void> {
  const english = popup.in('en');
  const { settings } = await snapshotOf(popup.page);
  await popup.changeSettings({ language: 'en' });
  await english.fillIn({
    ...cxAccount(ribCx),
    method: 'Microsoft account',
    values: { 'Client ID': CLIENT_ID, Tenant: TENANT_ID },
  });
  await english.field('Sign-in style').selectOption('Device code');
  await english.button('Sign in').click();
  await english.button('Copy code').waitFor();
  await popup.changeSettings({ language: settings.language });
  await popup.button(popup.say(m.copy_code)).waitFor();
  await visit('prompt');
}
