/** Tests that the form suggests the values of other accounts, so that nobody types a Client ID twice. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { FILE_VARIABLE } from '../../main/desktop/managed-accounts-file.ts';
import { CLIENT_ID, TENANT_ID } from '../simulators/entra.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import { nexusAccount } from './servers.ts';

const offers = (field: Locator) =>
  field.evaluate((input: HTMLInputElement) =>
    [...(input.list?.options ?? [])].map(({ value }) => value),
  );

test('the form of a second account offers the first one’s address, but not its user name', async ({
  desktop,
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await popup.button('Add account').click();
  const address = popup.field('Server address');
  const { port } = new URL(nexus.origin);
  const [known, ...others] = await offers(address);
  expect(known).toContain(port);
  expect(others).toEqual([]);
  expect(await offers(popup.field('User name'))).toEqual([]);

  // The browser's list finds the address by any part of it. The list takes only real key presses, and no page can see whether the
  // list is open. So try until it works.
  await expect(async () => {
    await address.fill('');
    await desktop.run('xdotool', 'type', port);
    await expect(address).toHaveValue(port);
    for (const key of ['Down', 'Return']) await desktop.run('xdotool', 'key', key);
    await expect(address).toHaveValue(known!, { timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await popup.field('System').selectOption('RIB CX');
  expect(await offers(address)).toEqual([]);
  await popup.button('Cancel').click();

  // The form does not suggest the account's own values.
  await account.choose('Edit');
  expect(await offers(address)).toEqual([]);
});

test('the form offers the Client ID and tenant of an account that the administrator manages', async ({
  keyvigil,
}) => {
  const file = join(keyvigil.home, 'managed.json');
  const managed = {
    system: 'rib-cx',
    name: 'Harbour Tunnel',
    address: 'https://au.itwocx.com',
    method: 'microsoft',
    values: { clientId: CLIENT_ID, tenant: TENANT_ID, style: 'browser' },
    keepAliveMinutes: 10,
  };
  const content = { format: 'keyvigil-accounts', version: 1, accounts: [managed] };
  writeFileSync(file, JSON.stringify(content), { mode: 0o644 });
  await keyvigil.launch({ env: { [FILE_VARIABLE]: file } });
  const popup = await keyvigil.popup();
  await popup.account('Harbour Tunnel').shows('Signed out');
  await popup.button('Add account').click();
  await popup.field('System').selectOption('RIB CX');
  await popup.field('Sign in with').selectOption('Microsoft account');
  expect(await offers(popup.field('Client ID'))).toEqual([CLIENT_ID]);
  expect(await offers(popup.field('Tenant'))).toEqual([TENANT_ID]);
  expect(await offers(popup.field('Server address'))).toEqual(['https://au.itwocx.com']);
});
