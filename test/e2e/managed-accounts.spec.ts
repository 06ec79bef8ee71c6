/** Tests accounts from the administrator's file. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE_VARIABLE } from '../../main/desktop/managed-accounts-file.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import { expect, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import type { Popup } from './popup.ts';
import { nexusAccount } from './servers.ts';

function createFile(keyvigil: Keyvigil, address: string) {
  const path = join(keyvigil.home, 'managed.json');
  const plant = {
    system: 'nexus-ic',
    name: 'Plant',
    address,
    method: 'password',
    values: {},
    keepAliveMinutes: 8,
  };
  const write = (content: unknown) => writeFileSync(path, JSON.stringify(content), { mode: 0o644 });
  return {
    path,
    options: { env: { [FILE_VARIABLE]: path } },
    write,
    writeAccounts: (accounts: readonly unknown[]) =>
      write({ format: 'keyvigil-accounts', version: 1, accounts }),
    plant,
  };
}

async function restarted(keyvigil: Keyvigil): Promise<Popup> {
  await keyvigil.restart();
  return keyvigil.popup();
}

test('a managed account needs only the user’s own name and password, and cannot be renamed, moved elsewhere or removed', async ({
  keyvigil,
  nexus,
}) => {
  const { options, writeAccounts, plant } = createFile(keyvigil, nexus.origin);
  writeAccounts([plant]);
  await keyvigil.launch(options);
  const popup = await keyvigil.popup();
  const account = popup.account('Plant');
  await account.shows('Signed out');

  await account.button('More').click();
  const remove = popup.page.getByRole('menuitem', { name: 'Remove' });
  await expect(remove).toHaveAttribute('aria-disabled', 'true');
  await popup.page.getByRole('menuitem', { name: 'Details' }).click();
  await expect(popup.page.getByText('Managed by your administrator.')).toBeVisible();
  await popup.button('Back').click();

  await account.button('Sign in').click();
  for (const label of ['System', 'Server address', 'Sign in with', 'Account name']) {
    await expect(popup.field(label)).toBeDisabled();
  }
  for (const [label, value] of Object.entries(nexusAccount(nexus).values)) {
    await popup.field(label).fill(value);
  }
  await popup.button('Sign in').click();
  await account.shows('Live');

  // The secrets of a managed account belong to the user, and are stored as usual.
  writeAccounts([{ ...plant, name: 'Renamed' }]);
  const later = await restarted(keyvigil);
  await later.account('Renamed').shows('Live');
  const { id } = (await snapshotOf(later.page)).accounts[0]!;
  const remover = later.page.evaluate((id) => window.keyvigil.request('removeAccount', { id }), id);
  await expect(remover).rejects.toThrow();
});

test('a managed account goes with the file’s entry and comes back with it, still signed in; a broken or unsafe file changes nothing', async ({
  keyvigil,
  nexus,
}) => {
  const { path, options, write, writeAccounts, plant } = createFile(keyvigil, nexus.origin);
  writeAccounts([{ ...plant, method: 'api-key' }]);
  await keyvigil.launch(options);
  const first = await keyvigil.popup();
  await first.account('Plant').button('Sign in').click();
  const { values } = nexusAccount(nexus, { method: 'API key' });
  await first.field('API key').fill(values['API key']!);
  await first.button('Sign in').click();
  await first.account('Plant').shows('Live');

  write('broken');
  const broken = await restarted(keyvigil);
  await expect(broken.alert).toContainText('cannot read the accounts of your administrator');
  await broken.account('Plant').shows('Live');

  chmodSync(path, 0o666);
  const unsafe = await restarted(keyvigil);
  await expect(unsafe.alert).toContainText('users who are not administrators can change it');
  await unsafe.account('Plant').shows('Live');
  chmodSync(path, 0o644);

  writeAccounts([]);
  const without = await restarted(keyvigil);
  await expect(without.button('Add account')).toBeVisible();
  await expect(without.accounts).toHaveCount(0);

  writeAccounts([{ ...plant, method: 'api-key' }]);
  const back = await restarted(keyvigil);
  await back.account('Plant').shows('Live');
});
