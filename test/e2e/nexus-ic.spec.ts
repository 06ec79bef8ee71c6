import {
  addAccount,
  choose,
  expect,
  fillIn,
  item,
  METHODS,
  onlyKey,
  test,
  USER,
} from './fixtures.ts';

for (const method of Object.keys(METHODS)) {
  test(`signs in by ${method}, and copies the very hash that the server issued`, async ({
    keyvigil,
    nexus,
  }) => {
    await keyvigil.launch();
    const page = await keyvigil.popup();
    const account = await addAccount(page, { address: nexus.origin, method });
    await expect(account).toContainText('Live');
    await account.getByRole('button', { name: 'Copy session key' }).click();
    await expect(page.getByRole('status')).toContainText('Clears in 45 s');
    expect(await keyvigil.clipboard()).toBe(onlyKey(nexus));
  });
}

test('a refused login is said beside the password, loses nothing typed, and is not repeated', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  await fillIn(page, {
    address: nexus.origin,
    values: { 'User name': USER.username, Password: 'wrong' },
  });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('refused this user name and password');
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/refused/);
  await expect(page.getByLabel('User name')).toHaveValue(USER.username);
  await expect(page.getByLabel('Server address')).toHaveValue(nexus.origin);
  expect(nexus.loginRequests).toBe(1);

  await page.getByLabel('Password', { exact: true }).fill(USER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(item(page)).toContainText('Live');
});

test('a session that the server forgot is renewed, and the new key is copied', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  const before = onlyKey(nexus);
  nexus.forgetSessions();
  await choose(account, 'Verify now');
  await expect.poll(() => nexus.sessions.size).toBe(1);
  await expect(account).toContainText('Live');
  await account.getByRole('button', { name: 'Copy session key' }).click();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
  expect(onlyKey(nexus)).not.toBe(before);
});

test('a restart takes the session up again, without a login', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  await expect(await addAccount(await keyvigil.popup(), { address: nexus.origin })).toContainText(
    'Live',
  );
  const key = onlyKey(nexus);
  await keyvigil.restart();
  const account = item(await keyvigil.popup());
  await expect(account).toContainText('Live');
  await account.getByRole('button', { name: 'Copy session key' }).click();
  await expect.poll(() => keyvigil.clipboard()).toBe(key);
  expect(nexus.loginRequests).toBe(1);
});

test('a server that is down is Offline, keeps its key, and is Live again when it is back', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  const key = onlyKey(nexus);
  await nexus.stop();
  await choose(account, 'Verify now');
  await expect(account).toContainText('Offline');
  await account.getByRole('button', { name: 'Copy session key' }).click();
  await expect(page.getByRole('status')).toContainText('may have died');
  await nexus.restart();
  // As after a sleep: the machine is back, and so is the network.
  await keyvigil.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await expect(account).toContainText('Live');
  expect(onlyKey(nexus)).toBe(key);
});

test('signing out ends the session on the server; signing in needs no typing', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  const account = await addAccount(await keyvigil.popup(), { address: nexus.origin });
  await expect(account).toContainText('Live');
  await choose(account, 'Sign out');
  await expect(account).toContainText('Signed out');
  await expect.poll(() => nexus.sessions.size).toBe(0);
  await expect(account.getByRole('button', { name: 'Copy session key' })).toHaveCount(0);
  await account.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(account).toContainText('Live');
});

test('removing asks first', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  await choose(account, 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(account).toBeVisible();
  await choose(account, 'Remove');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(account).toHaveCount(0);
  await expect.poll(() => nexus.sessions.size).toBe(0);
});

test('the details tell what the server said of the user', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  await choose(account, 'Details');
  for (const fact of [USER.name, USER.username, 'Write']) {
    await expect(page.getByText(fact, { exact: true })).toBeVisible();
  }
});

test('renaming an account signs nobody in', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  await choose(account, 'Edit');
  await page.getByLabel('Account name').fill('Renamed');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(item(page, 'Renamed')).toContainText('Live');
  expect(nexus.loginRequests).toBe(1);
});

test('an unencrypted server carries a warning that stays; this machine is no such server', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch({ hosts: { 'nexus.test': '127.0.0.1' } });
  const page = await keyvigil.popup();
  const address = nexus.origin.replace('127.0.0.1', 'nexus.test');
  await expect(await addAccount(page, { address, name: 'Plain' })).toContainText('Live');
  await expect(await addAccount(page, { address: nexus.origin, name: 'Local' })).toContainText(
    'Live',
  );
  await expect(item(page, 'Plain')).toContainText('Not encrypted');
  await expect(item(page, 'Local')).not.toContainText('Not encrypted');
});

test('what was refused is not sent again by an empty form', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  nexus.changePassword(USER.username, 'another');
  nexus.forgetSessions();
  await choose(account, 'Verify now');
  await expect(account).toContainText('Sign-in needed');
  const refused = nexus.loginRequests;
  await account.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('Type the password');
  expect(nexus.loginRequests).toBe(refused);
  await page.getByLabel('Password', { exact: true }).fill('another');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(account).toContainText('Live');
});
