import { expect, launchSignedIn, test } from './fixtures.ts';
import { NEXUS_METHODS, nexusAccount, onlyKey, USER } from './servers.ts';

for (const method of NEXUS_METHODS) {
  test(`signs in by ${method}, and copies the hash that the server issued`, async ({
    keyvigil,
    nexus,
  }) => {
    const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus, { method }));
    await account.copyKey();
    await expect(popup.status).toContainText('Clears in 45 s');
    expect(await keyvigil.clipboard()).toBe(onlyKey(nexus));
  });
}

test('a refused login is explained beside the password, keeps what was typed, and is not repeated', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  const values = { 'User name': USER.username, Password: 'wrong' };
  const account = await popup.addAccount(nexusAccount(nexus, { values }));
  await expect(popup.alert).toContainText('refused this user name and password');
  await expect(popup.field('Password')).toHaveAccessibleDescription(/refused/);
  await expect(popup.field('User name')).toHaveValue(USER.username);
  await expect(popup.field('Server address')).toHaveValue(nexus.origin);
  expect(nexus.loginRequests).toBe(1);

  await popup.field('Password').fill(USER.password);
  await popup.button('Sign in').click();
  await account.shows('Live');
});

test('a session that the server forgot is renewed, and the new key is copied', async ({
  keyvigil,
  nexus,
}) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const before = onlyKey(nexus);
  nexus.forgetSessions();
  await account.choose('Verify now');
  await expect.poll(() => nexus.sessions.size).toBe(1);
  await account.shows('Live');
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
  expect(onlyKey(nexus)).not.toBe(before);
});

test('a restart continues the session without a login', async ({ keyvigil, nexus }) => {
  const form = nexusAccount(nexus);
  await launchSignedIn(keyvigil, form);
  const key = onlyKey(nexus);
  await keyvigil.restart();
  const account = (await keyvigil.popup()).account(form.name);
  await account.shows('Live');
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(key);
  expect(nexus.loginRequests).toBe(1);
});

test('an account is Offline while its server is down, keeps its key, and is Live when the server is back', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const key = onlyKey(nexus);
  await nexus.stop();
  await account.choose('Verify now');
  await account.shows('Offline');
  await account.copyKey();
  await expect(popup.status).toContainText('may have expired');
  await nexus.restart();
  await keyvigil.app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
  await account.shows('Live');
  expect(onlyKey(nexus)).toBe(key);
});

test('signing out ends the session on the server; signing in needs no typing', async ({
  keyvigil,
  nexus,
}) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.choose('Sign out');
  await account.shows('Signed out');
  await expect.poll(() => nexus.sessions.size).toBe(0);
  await expect(account.button('Copy session key')).toHaveCount(0);
  await account.button('Sign in').click();
  await account.shows('Live');
});

test('a key that died unseen is replaced on the clipboard within a second', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await nexus.stop();
  await account.choose('Verify now');
  await account.shows('Offline');
  await nexus.restart();
  nexus.forgetSessions();
  await account.copyKey();
  await expect(popup.status).toContainText('The clipboard now has its new key', { timeout: 1000 });
  expect(await keyvigil.clipboard()).toBe(onlyKey(nexus));
});

test('removing asks first, can be undone, and else ends the session', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const dialog = popup.page.getByRole('dialog');
  await account.choose('Remove');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(account.item).toBeVisible();
  await account.choose('Remove');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(account.item).toHaveCount(0);
  await popup.button('Undo').click();
  await account.shows('Live');
  await account.choose('Remove');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(account.item).toHaveCount(0);
  await expect.poll(() => nexus.sessions.size, { timeout: 20_000 }).toBe(0);
});

test('the details show what the server says about the user', async ({ keyvigil, nexus }) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.choose('Details');
  for (const fact of [USER.name, USER.username, 'Write']) {
    await expect(popup.page.getByText(fact, { exact: true })).toBeVisible();
  }
});

test('renaming an account does not log in', async ({ keyvigil, nexus }) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.choose('Edit');
  await popup.field('Account name').fill('Renamed');
  await popup.button('Save').click();
  await popup.account('Renamed').shows('Live');
  expect(nexus.loginRequests).toBe(1);
});

test('an unencrypted server carries a warning that stays; this machine does not', async ({
  keyvigil,
  nexus,
}) => {
  const hosts = { 'nexus.test': '127.0.0.1' };
  const address = nexus.origin.replace('127.0.0.1', 'nexus.test');
  const remote = nexusAccount(nexus, { address, name: 'Remote' });
  const local = nexusAccount(nexus, { name: 'Local' });
  const { popup, account } = await launchSignedIn(keyvigil, remote, { hosts });
  const localAccount = await popup.addAccount(local);
  await localAccount.shows('Live');
  await account.shows('Not encrypted');
  await expect(localAccount.item).not.toContainText('Not encrypted');
});

test('an empty form does not send refused credentials again', async ({ keyvigil, nexus }) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  nexus.changePassword(USER.username, 'another');
  nexus.forgetSessions();
  await account.choose('Verify now');
  await account.shows('Sign-in needed');
  const before = nexus.loginRequests;
  await account.button('Sign in').click();
  await popup.button('Sign in').click();
  await expect(popup.alert).toContainText('Type the password');
  expect(nexus.loginRequests).toBe(before);
  await popup.field('Password').fill('another');
  await popup.button('Sign in').click();
  await account.shows('Live');
});
