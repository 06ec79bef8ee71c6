/** Tests who can read the files that Keyvigil writes. */
import { statSync } from 'node:fs';
import { expect, launchSignedIn, test } from './fixtures.ts';
import { nexusAccount } from './servers.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('only the user can read the profile, its stored files and its log', async ({
  keyvigil,
  nexus,
}) => {
  const { popup } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await popup.changeSettings({ requestSeconds: 20 });
  await keyvigil.quit();
  expect(modeOf(keyvigil.profile)).toBe('700');
  const own = [...keyvigil.files().keys()].filter((path) =>
    /(accounts|vault|settings|activity)[.]json$|main[.]log$/.test(path),
  );
  expect(own).toHaveLength(5);
  expect(own.filter((path) => modeOf(path) !== '600')).toEqual([]);
});

test('a packaged app has no menu, so no developer tools', async ({ keyvigil }) => {
  await keyvigil.launch({ asPackaged: true });
  await keyvigil.popup();
  const hasMenu = await keyvigil.app.evaluate(({ Menu }) => Menu.getApplicationMenu() !== null);
  expect(hasMenu).toBe(false);
});
