/**
 * Tests what differs between Windows, macOS and Linux, on the system that runs these tests. The tests of test/e2e and
 * test/desktop run only on Linux.
 */
import { expect, launchSignedIn, test } from '../e2e/fixtures.ts';
import { nexusAccount, onlyKey, USER } from '../e2e/servers.ts';

const SUFFIX: Partial<Record<NodeJS.Platform, string>> = {
  win32: '.ico',
  darwin: 'Template.png',
};

test('a session is signed in to, kept over a restart, and its key copied', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  await launchSignedIn(keyvigil, form);
  await keyvigil.restart();
  const popup = await keyvigil.popup();
  await popup.account(form.name).shows('Live');
  await popup.account(form.name).copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
});

test('the operating system’s keyring encrypts what is stored', async ({ keyvigil, nexus }) => {
  await launchSignedIn(keyvigil, nexusAccount(nexus));
  const key = onlyKey(nexus);
  await keyvigil.quit();
  const files = [...keyvigil.files().values()];
  expect(files.filter((file) => file.includes(USER.password) || file.includes(key))).toEqual([]);
  expect([...keyvigil.files().keys()].some((path) => path.endsWith('vault.json'))).toBe(true);
});

test('the keyring gives back what it was given: by the calls of Electron 45, where they exist', async ({
  keyvigil,
}) => {
  await keyvigil.launch();
  const given = 'a secret, ünïcode';
  const result = await keyvigil.app.evaluate(async ({ safeStorage }, text) => {
    if (!('encryptStringAsync' in safeStorage)) {
      const older = safeStorage as Electron.SafeStorage;
      /* eslint-disable @typescript-eslint/no-deprecated -- the only calls that Electron 33 has */
      return older.decryptString(older.encryptString(text));
      /* eslint-enable @typescript-eslint/no-deprecated */
    }
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'not available';
    const encrypted = await safeStorage.encryptStringAsync(text);
    return (await safeStorage.decryptStringAsync(encrypted)).result;
  }, given);
  expect(result).toBe(given);
});

// On Linux, only KDE has a mark for secrets.
if (process.platform !== 'linux') {
  test('a copied key is marked as secret on the clipboard', async ({ keyvigil, nexus }) => {
    const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
    await account.copyKey();
    await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
    const types = await keyvigil.app.evaluate(async ({ clipboard }) =>
      (await clipboard.read()).flatMap((item) => item.types),
    );
    const mark =
      process.platform === 'win32'
        ? 'ExcludeClipboardContentFromMonitorProcessing'
        : 'org.nspasteboard.ConcealedType';
    expect(types.join('\n')).toContain(mark);
  });
}

test('each tray icon has the form that this system wants, and a place', async ({ keyvigil }) => {
  await keyvigil.launch();
  const suffix = SUFFIX[process.platform] ?? '.png';
  const found = await keyvigil.app.evaluate(
    ({ app, nativeImage, Tray }, suffix) =>
      ['idle', 'live', 'offline', 'sign-in-needed'].map((name) => {
        const image = nativeImage.createFromPath(
          `${app.getAppPath()}/out/icons/tray-${name}${suffix}`,
        );
        const tray = new Tray(image);
        const { width } = tray.getBounds();
        tray.destroy();
        return { name, isEmpty: image.isEmpty(), isTemplate: image.isTemplateImage(), width };
      }),
    suffix,
  );
  for (const { isEmpty, isTemplate, width } of found) {
    expect(isEmpty).toBe(false);
    expect(isTemplate).toBe(process.platform === 'darwin');
    // Linux does not tell the width of a tray icon.
    if (process.platform !== 'linux') expect(width).toBeGreaterThan(0);
  }
});
