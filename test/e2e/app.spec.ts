import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addAccount, choose, expect, fillIn, item, onlyKey, test, USER } from './fixtures.ts';

test('a new user is told what to do', async ({ keyvigil }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  await expect(page.getByRole('button', { name: 'Add account' })).toBeVisible();
  await expect(page.getByText(/add/i).first()).toBeVisible();
});

test('a second launch opens the popup of the first', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  await expect(await addAccount(await keyvigil.popup(), { address: nexus.origin })).toContainText(
    'Live',
  );
  await keyvigil.restart();
  expect(keyvigil.app.windows()).toHaveLength(0);
  await expect(item(await keyvigil.popup())).toBeVisible();
});

test('Escape leaves a form first, and then closes the popup', async ({ keyvigil }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const isOpen = () =>
    keyvigil.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().some((w) => w.isVisible()),
    );
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Keyvigil' })).toBeVisible();
  expect(await isOpen()).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(isOpen).toBe(false);
});

test('a sign-in that hangs is cancelled at once', async ({ keyvigil, nexus }) => {
  const { held } = await import('../simulators/faults.ts');
  nexus.faults.always(held());
  await keyvigil.launch();
  const page = await keyvigil.popup();
  await fillIn(page, { address: nexus.origin });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => nexus.loginRequests).toBe(1);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Signing in…' })).toHaveCount(0);
  expect(await keyvigil.quit()).toBeLessThan(2000);
});

test('quitting in the middle of a request takes less than 2 s', async ({ keyvigil, nexus }) => {
  const { held } = await import('../simulators/faults.ts');
  await keyvigil.launch();
  const account = await addAccount(await keyvigil.popup(), { address: nexus.origin });
  await expect(account).toContainText('Live');
  nexus.faults.always(held());
  await choose(account, 'Verify now');
  await expect.poll(() => nexus.journal.count('version')).toBe(1);
  expect(await keyvigil.quit()).toBeLessThan(2000);
});

test('without a keyring everything works, nothing is stored, and a banner says so', async ({
  keyvigil,
  nexus,
}) => {
  await keyvigil.launch({ keyring: false });
  const page = await keyvigil.popup();
  await expect(page.getByText(/no unlocked keyring/)).toBeVisible();
  await fillIn(page, { address: nexus.origin, remember: false });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(item(page)).toContainText('Live');
  await keyvigil.restart();
  await expect(item(await keyvigil.popup())).toContainText('Sign-in needed');
});

for (const content of ['{"version":1,"accounts":[{"id"', '{"version":1,"accounts":[{"id":7}]}']) {
  test(`a broken file is set aside: ${content}`, async ({ keyvigil }) => {
    writeFileSync(join(keyvigil.profile, 'accounts.json'), content);
    await keyvigil.launch();
    const page = await keyvigil.popup();
    await expect(page.getByText(/file with your accounts was broken/)).toBeVisible();
    const aside = [...keyvigil.files().keys()].filter((path) => path.includes('accounts.broken-'));
    expect(aside).toHaveLength(1);
  });
}

test('no secret is anywhere in the clear', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const keys: string[] = [];
  for (const method of ['User name and password', 'API key', 'Email token']) {
    await expect(
      await addAccount(page, { address: nexus.origin, method, name: method }),
    ).toContainText('Live');
  }
  keys.push(...nexus.sessions.keys());
  // Faults make errors, and errors make logs.
  const { serverError, invalidJson, cutOff } = await import('../simulators/faults.ts');
  for (const fault of [serverError(), invalidJson(), cutOff()]) {
    nexus.faults.next(fault);
    await choose(item(page, 'API key'), 'Verify now');
    await expect(item(page, 'API key')).toContainText('Offline');
    await choose(item(page, 'API key'), 'Verify now');
    await expect(item(page, 'API key')).toContainText('Live');
  }
  nexus.forgetSessions();
  await choose(item(page, 'API key'), 'Verify now');
  await expect.poll(() => nexus.sessions.size).toBe(1);
  keys.push(...nexus.sessions.keys());

  const known = JSON.stringify(
    await page.evaluate(() => window.keyvigil.request('snapshot', undefined)),
  );
  const editable = await page.evaluate(async () => {
    const { accounts } = await window.keyvigil.request('snapshot', undefined);
    return Promise.all(
      accounts.map(({ id }) => window.keyvigil.request('editableAccount', { id })),
    );
  });
  await keyvigil.quit();

  const marked = [USER.password, USER.apiKey, USER.emailToken, ...keys];
  const encoded = marked.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret, 'utf16le').toString('latin1'),
  ]);
  const places: [string, string][] = [
    ['output', keyvigil.output],
    ['snapshot', known],
    ['form', JSON.stringify(editable)],
    ...[...keyvigil.files()].map(([path, content]): [string, string] => [
      path,
      content.toString('latin1'),
    ]),
  ];
  expect(places.some(([path]) => path.endsWith('vault.json'))).toBe(true);
  expect(places.some(([path]) => path.endsWith('.log'))).toBe(true);
  const found = places.filter(([, content]) => encoded.some((secret) => content.includes(secret)));
  expect(found.map(([path]) => path)).toEqual([]);
});

test('the popup is shut in: no Node, no other page, no new window, and no request from elsewhere', async ({
  keyvigil,
}) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  expect(new URL(page.url()).protocol).toBe('app:');
  expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
  expect(await page.evaluate(() => window.open('https://example.com'))).toBeNull();
  const before = page.url();
  await page.evaluate(() => {
    location.href = 'https://example.com/';
  });
  expect(page.url()).toBe(before);
  const inline = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.broken = true';
    document.head.append(script);
    return 'broken' in globalThis;
  });
  expect(inline).toBe(false);
  const refused = await page.evaluate(() =>
    (window.keyvigil.request as (name: string, question: unknown) => Promise<unknown>)(
      'anything',
      {},
    ).catch(String),
  );
  expect(refused).toContain('Refused');
  const status = await page.evaluate(
    async () =>
      (await fetch('app://keyvigil/../main/index.js').catch(() => undefined))?.status ?? 'blocked',
  );
  expect(status).not.toBe(200);
});

test('copying is offered in every format of the system', async ({ keyvigil, nexus }) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  const account = await addAccount(page, { address: nexus.origin });
  await expect(account).toContainText('Live');
  await account.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Copy as …' }).click();
  await page.getByRole('menuitem', { name: 'Query parameter' }).click();
  await expect.poll(() => keyvigil.clipboard()).toBe(`hash=${onlyKey(nexus)}`);
});
