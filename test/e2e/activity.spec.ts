import { addAccount, choose, expect, item, onlyKey, test, USER } from './fixtures.ts';

test('the details show what happened to an account, and copy it as a report without a secret, also after a restart', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch();
  let page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  const keys = [onlyKey(nexus)];
  await choose(account, 'Details');
  await expect(page.getByRole('img', { name: 'Live 100 % of today.' })).toBeVisible();
  const today = page.getByRole('list', { name: 'Today' });
  await expect(today.getByRole('listitem').first()).toContainText('Signed in');

  // What happens while the details are shown is shown at once.
  nexus.forgetSessions();
  await page.getByRole('button', { name: 'Verify now' }).click();
  await expect(today.getByRole('listitem').first()).toContainText('Signed in anew by Keyvigil');
  keys.push(onlyKey(nexus));

  await keyvigil.restart();
  page = await keyvigil.popup();
  await expect(item(page)).toContainText('Live');
  await choose(item(page), 'Details');
  await expect(page.getByText('The server had ended the session')).toBeVisible();
  await page.getByRole('button', { name: 'Copy report' }).click();
  await expect(page.getByRole('status')).toHaveText('Report copied.');
  const report = await keyvigil.clipboard();
  expect(report).toContain(new URL(nexus.origin).host);
  expect(report).toMatch(/Keyvigil was (restarted|not running)/);
  expect(report).toContain('Signed in anew by Keyvigil');

  await keyvigil.quit();
  const stored = [...keyvigil.files()].find(([path]) => path.endsWith('activity.json'));
  expect(stored?.[1].toString()).toContain('renewed');
  for (const secret of [...keys, USER.username, USER.name, 'MARKED-', '?']) {
    expect(report).not.toContain(secret);
    expect(stored?.[1].toString()).not.toContain(secret);
  }
});
