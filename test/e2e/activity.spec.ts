import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { nexusAccount, onlyKey, USER } from './servers.ts';

test('the details show what happened to an account, also after a restart, and copy a report without a secret', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup, account } = await launchSignedIn(keyvigil, form);
  const firstKey = onlyKey(nexus);
  await account.choose('Details');
  await expect(popup.page.getByRole('img', { name: 'Live 100 % of today.' })).toBeVisible();
  const latest = popup.page.getByRole('list', { name: 'Today' }).getByRole('listitem').first();
  await expect(latest).toContainText('Signed in');

  // The list of events grows while it is on screen.
  nexus.forgetSessions();
  await popup.button('Verify now').click();
  await expect(latest).toContainText('Signed in again by Keyvigil');

  await keyvigil.restart();
  const report = await copyReport(keyvigil, form.name);
  expect(report).toContain(new URL(nexus.origin).host);
  expect(report).toMatch(/Keyvigil was (restarted|not running)/);
  expect(report).toContain('Signed in again by Keyvigil');

  await keyvigil.quit();
  const stored = [...keyvigil.files()].find(([path]) => path.endsWith('activity.json'));
  const record = stored?.[1].toString();
  expect(record).toContain('renewed');
  for (const secret of [firstKey, onlyKey(nexus), USER.username, USER.name, 'MARKED-', '?']) {
    expect(report).not.toContain(secret);
    expect(record).not.toContain(secret);
  }
});

async function copyReport(keyvigil: Keyvigil, name: string): Promise<string> {
  const popup = await keyvigil.popup();
  const account = popup.account(name);
  await account.shows('Live');
  await account.choose('Details');
  await expect(popup.page.getByText('Session expired')).toBeVisible();
  await popup.button('Copy report').click();
  await expect(popup.status).toHaveText('Report copied.');
  return keyvigil.clipboard();
}
