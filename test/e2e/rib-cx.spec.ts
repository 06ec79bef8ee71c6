import type { Page } from '@playwright/test';
import { aadError } from '../simulators/entra-errors.ts';
import { cancelAt, replyIn, signInAt, submit } from '../simulators/person.ts';
import {
  ADA,
  addAccount,
  BEN,
  choose,
  expect,
  fillIn,
  fillInMicrosoft,
  item,
  test,
  type Keyvigil,
} from './fixtures.ts';

const TUNNEL = 'Harbour Tunnel';
const BY_PASSWORD = {
  system: 'RIB CX',
  name: TUNNEL,
  method: 'Email and password',
  values: { Email: ADA.email, Password: ADA.password },
};

test('by e-mail and password: signed in, copied, projects shown, and the password is nowhere', async ({
  keyvigil,
  ribCx,
}) => {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  await fillIn(page, { ...BY_PASSWORD, address: ribCx.origin });
  // As long as it stands in the form, it is in memory: so the search for it finds what is there.
  expect(await heapHolds(page, ADA.password)).toBe(true);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const account = item(page, TUNNEL);
  await expect(account).toContainText('Live');
  await account.getByRole('button', { name: 'Copy session key' }).click();
  await expect.poll(() => keyvigil.clipboard()).toBe([...ribCx.sessions.keys()][0]);

  await choose(account, 'Verify now');
  await expect(page.getByRole('status')).toContainText('accepts the key');
  await choose(account, 'Details');
  await expect(page.getByText('Tunnel section 37')).toBeVisible();
  await page.getByRole('searchbox').fill('section 12');
  await expect(page.getByText('Tunnel section 37')).toHaveCount(0);
  await expect(page.getByText('Tunnel section 12')).toBeVisible();

  expect(await heapHolds(page, ADA.password)).toBe(false);
  const vault = await decryptedVault(keyvigil);
  expect(vault).toContain('encryptedPassword');
  expect(vault).not.toContain(ADA.password);
  await keyvigil.quit();
  for (const content of keyvigil.files().values()) {
    expect(content.toString('latin1')).not.toContain(ADA.password);
  }
});

test('an expired password is told in the server’s words', async ({ keyvigil, ribCx }) => {
  ribCx.expirePassword(ADA.email);
  await keyvigil.launch();
  const page = await keyvigil.popup();
  await fillIn(page, { ...BY_PASSWORD, address: ribCx.origin });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText(/expired/i);
  expect(ribCx.loginRequests).toBe(1);
});

test('the API explorer opens in the browser, and the key is on the clipboard', async ({
  keyvigil,
  ribCx,
}) => {
  await keyvigil.launch();
  const account = await addAccount(await keyvigil.popup(), {
    ...BY_PASSWORD,
    address: ribCx.origin,
  });
  await expect(account).toContainText('Live');
  await choose(account, 'Open API explorer');
  await expect
    .poll(() => keyvigil.openedInBrowser())
    .toEqual([`${ribCx.origin}/api/latest/api/help/index`]);
  await expect.poll(() => keyvigil.clipboard()).toBe([...ribCx.sessions.keys()][0]);
});

test('Microsoft account, by the system browser', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  expect(await loadedModules(keyvigil)).toEqual([]);
  await fillInMicrosoft(page, ribCx);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(/browser to continue/i)).toBeVisible();
  const answer = await submit(
    fetch,
    await replyIn(await signInAt(fetch, await opened(keyvigil), ADA)),
  );
  expect(await answer.text()).toContain('return to Keyvigil');
  await expect(item(page, TUNNEL)).toContainText('Live');
  expect((await loadedModules(keyvigil)).length).toBeGreaterThan(0);
});

test('Microsoft account, by the system browser, denied', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  await fillInMicrosoft(page, ribCx);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await submit(fetch, await replyIn(await cancelAt(fetch, await opened(keyvigil))));
  await expect(page.getByRole('alert')).toContainText('declined');
  await expect(page.getByLabel('Client ID')).not.toHaveValue('');
});

test('Microsoft account, by a window that is really clicked through', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  const hosts = { 'rib-cx.test': `127.0.0.1:${new URL(ribCx.origin).port}` };
  await keyvigil.launch({ entra, hosts });
  const page = await keyvigil.popup();
  await fillInMicrosoft(page, ribCx, { style: 'Sign-in window' });
  await signInByWindow(keyvigil, page, ADA);
  await expect(item(page, TUNNEL)).toContainText('Live');
  expect(ribCx.journal.count('returnUrl')).toBe(0);
});

test('Microsoft account, by a window that is closed', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  await fillInMicrosoft(page, ribCx, { style: 'Sign-in window' });
  const window = await openSignIn(keyvigil, page);
  await window.close();
  await expect(page.getByRole('alert')).toContainText('window was closed');
});

test('Microsoft account, by device code', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  await fillInMicrosoft(page, ribCx, { style: 'Device code' });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Copy code' }).click();
  await expect.poll(() => keyvigil.clipboard()).not.toBe('');
  await page.getByRole('button', { name: 'Open page' }).click();
  const code = await keyvigil.clipboard();
  await signInAt(fetch, await opened(keyvigil), ADA, code);
  await expect(item(page, TUNNEL)).toContainText('Live');
});

for (const style of ['System browser', 'Sign-in window', 'Device code']) {
  test(`cancelling the ${style} takes effect at once`, async ({ keyvigil, entra, ribCx }) => {
    await keyvigil.launch({ entra });
    const page = await keyvigil.popup();
    await fillInMicrosoft(page, ribCx, { style });
    if (style === 'Sign-in window') {
      await openSignIn(keyvigil, page);
      // The window took the focus, and the popup closed: whoever wants to cancel opens it again.
      await keyvigil.launchAgain();
    } else {
      await page.getByRole('button', { name: 'Sign in' }).click();
    }
    await expect(page.getByRole('button', { name: 'Signing in…' })).toBeVisible();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled();
    await expect.poll(() => keyvigil.app.windows().length).toBe(1);
    expect(await keyvigil.quit()).toBeLessThan(2000);
  });
}

test('a wrong tenant is told in plain words', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  await fillInMicrosoft(page, ribCx, { style: 'Device code', tenant: 'common' });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('AADSTS50194');
});

test('a client ID that is none is told beside its field as it is typed, and asks nobody', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  await fillInMicrosoft(page, ribCx);
  const clientId = page.getByLabel('Client ID');
  const right = await clientId.inputValue();
  await clientId.fill('not-a-guid');
  await clientId.blur();
  await expect(clientId).toHaveAccessibleDescription(/32 hexadecimal/);
  await clientId.fill(right);
  await expect(clientId).not.toHaveAccessibleDescription(/32 hexadecimal/);
  await clientId.fill('not-a-guid');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(clientId).toHaveAccessibleDescription(/32 hexadecimal/);
  expect(keyvigil.openedInBrowser()).toEqual([]);
});

test('two Microsoft accounts side by side; a restart renews silently; a revoked one opens nothing', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  const hosts = { 'rib-cx.test': `127.0.0.1:${new URL(ribCx.origin).port}` };
  await keyvigil.launch({ entra, hosts });
  const page = await keyvigil.popup();
  for (const [name, person] of [
    ['Ada’s', ADA],
    ['Ben’s', BEN],
  ] as const) {
    await fillInMicrosoft(page, ribCx, { style: 'Sign-in window', name });
    await signInByWindow(keyvigil, page, person);
    await expect(item(page, name)).toContainText('Live');
  }
  entra.revokeRefreshTokens(ADA.email);
  ribCx.forgetSessions();
  await keyvigil.restart();
  const again = await keyvigil.popup();
  await expect(item(again, 'Ben’s')).toContainText('Live');
  await expect(item(again, 'Ada’s')).toContainText('Sign-in needed');
  expect(keyvigil.app.windows()).toHaveLength(1);
  expect(keyvigil.openedInBrowser()).toEqual([]);
});

test('ten accounts that wake at once open no browser', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const page = await keyvigil.popup();
  for (let i = 0; i < 10; i++) {
    await fillInMicrosoft(page, ribCx, { style: 'Device code', name: `Tunnel ${i}.` });
    await page.getByRole('button', { name: 'Sign in' }).click();
    const code = await page.getByLabel(/code/i).first().textContent();
    entra.approveDevice((code ?? '').replace(/\s/g, ''), ADA.email);
    await expect(item(page, `Tunnel ${i}.`)).toContainText('Live');
  }
  entra.faults.always(aadError(50079), { route: 'token' });
  ribCx.forgetSessions();
  await keyvigil.restart();
  const again = await keyvigil.popup();
  await expect(again.getByText('Sign-in needed')).toHaveCount(10);
  expect(keyvigil.app.windows()).toHaveLength(1);
  expect(keyvigil.openedInBrowser()).toEqual([]);
});

async function opened(keyvigil: Keyvigil): Promise<string> {
  await expect.poll(() => keyvigil.openedInBrowser().length).toBeGreaterThan(0);
  return keyvigil.openedInBrowser().at(-1)!;
}

async function openSignIn(keyvigil: Keyvigil, page: Page): Promise<Page> {
  const opening = keyvigil.app.waitForEvent('window');
  await page.getByRole('button', { name: 'Sign in' }).click();
  return opening;
}

async function signInByWindow(
  keyvigil: Keyvigil,
  page: Page,
  { email, password }: typeof ADA,
): Promise<void> {
  const window = await openSignIn(keyvigil, page);
  expect(await window.evaluate(() => globalThis.open('https://example.com/'))).toBeNull();
  await window.evaluate(() => {
    location.href = 'mailto:somebody@example.com';
  });
  await window.getByLabel('Email').fill(email);
  await window.getByLabel('Password').fill(password);
  const closed = window.waitForEvent('close');
  await window.getByRole('button', { name: 'Sign in' }).click();
  await closed;
}

/** The scripts of msal-node that the main process has loaded, as V8 itself tells. */
function loadedModules({ app }: Keyvigil): Promise<string[]> {
  return app.evaluate(() => {
    const { Session } = process.getBuiltinModule('node:inspector');
    const session = new Session();
    const scripts: string[] = [];
    session.connect();
    session.on('Debugger.scriptParsed', ({ params }) => scripts.push(params.url));
    session.post('Debugger.enable');
    session.disconnect();
    return scripts.filter((url) => /msal/.test(url));
  });
}

/** Everything that the vault holds, read as only this user on this computer can. */
function decryptedVault(keyvigil: Keyvigil): Promise<string> {
  const file = [...keyvigil.files()].find(([path]) => path.endsWith('vault.json'))!;
  const { entries } = JSON.parse(file[1].toString()) as { entries: Record<string, string> };
  return keyvigil.app.evaluate(
    ({ safeStorage }, encrypted) =>
      encrypted.map((entry) => safeStorage.decryptString(Buffer.from(entry, 'base64'))).join(),
    Object.values(entries),
  );
}

/** Whether a text is anywhere in the renderer's memory, after everything that can go has gone. */
async function heapHolds(page: Page, text: string): Promise<boolean> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  let isThere = false;
  cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    isThere ||= chunk.includes(text);
  });
  await cdp.send('HeapProfiler.takeHeapSnapshot');
  await cdp.detach();
  return isThere;
}
