/** Tests RIB CX with a Microsoft account. */
import type { Page } from '@playwright/test';
import { CLIENT_ID, TENANT_ID } from '../simulators/entra.ts';
import { aadError } from '../simulators/entra-errors.ts';
import { cancelAt, replyIn, signInAt, submit } from '../simulators/person.ts';
import type { RibCx } from '../simulators/rib-cx.ts';
import { expect, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import type { Popup } from './popup.ts';
import { ADA, BEN, cxAccount, RETURN_URL } from './servers.ts';

const NAME = 'Harbour Tunnel';

test('the system browser signs in', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  expect(await loadedMsalScripts(keyvigil)).toEqual([]);
  await fillIn(popup, ribCx, { style: 'System browser' });
  await popup.button('Sign in').click();
  await expect(popup.page.getByText(/browser to continue/i)).toBeVisible();
  const reply = await replyIn(await signInAt(fetch, await openedPage(keyvigil), ADA));
  expect(await (await submit(fetch, reply)).text()).toContain('return to Keyvigil');
  await popup.account(NAME).shows('Live');
  expect(await loadedMsalScripts(keyvigil)).not.toEqual([]);
});

test('a sign-in that is declined in the browser keeps the form', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'System browser' });
  await popup.button('Sign in').click();
  await submit(fetch, await replyIn(await cancelAt(fetch, await openedPage(keyvigil))));
  await expect(popup.alert).toContainText('declined');
  await expect(popup.field('Client ID')).not.toHaveValue('');
});

test('the sign-in window signs in, and the Return URL is never requested', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra, hosts: returnUrlHost(ribCx) });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'Sign-in window' });
  await signInByWindow(keyvigil, popup, ADA);
  await popup.account(NAME).shows('Live');
  expect(ribCx.journal.count('returnUrl')).toBe(0);
});

test('closing the sign-in window ends the sign-in', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'Sign-in window' });
  const window = await openSignInWindow(keyvigil, popup);
  await window.close();
  await expect(popup.alert).toContainText('window was closed');
});

test('a device code signs in', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'Device code' });
  await popup.button('Sign in').click();
  await popup.button('Copy code').click();
  await expect.poll(() => keyvigil.clipboard()).not.toBe('');
  await popup.button('Open page').click();
  const code = await keyvigil.clipboard();
  await signInAt(fetch, await openedPage(keyvigil), ADA, code);
  await popup.account(NAME).shows('Live');
});

for (const style of ['System browser', 'Sign-in window', 'Device code'] as const) {
  test(`cancelling takes effect at once: ${style}`, async ({ keyvigil, entra, ribCx }) => {
    await keyvigil.launch({ entra });
    const popup = await keyvigil.popup();
    await fillIn(popup, ribCx, { style });
    if (style === 'Sign-in window') {
      await openSignInWindow(keyvigil, popup);
      // The window took the focus, which closed the popup, so the user opens the popup again.
      await keyvigil.launchAgain();
    } else {
      await popup.button('Sign in').click();
    }
    await expect(popup.button('Signing in…')).toBeVisible();
    await popup.button('Cancel').click();
    await expect(popup.button('Sign in')).toBeEnabled();
    await expect.poll(() => keyvigil.windows.length).toBe(1);
    expect(await keyvigil.quit()).toBeLessThan(2000);
  });
}

test('a wrong tenant is explained', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'Device code', tenant: 'common' });
  await popup.button('Sign in').click();
  await expect(popup.alert).toContainText('AADSTS50194');
});

test('a malformed client ID is explained beside its field while it is typed, and sends no request', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'System browser' });
  const clientId = popup.field('Client ID');
  await clientId.fill('not-a-guid');
  await clientId.blur();
  await expect(clientId).toHaveAccessibleDescription(/32 hexadecimal/);
  await clientId.fill(CLIENT_ID);
  await expect(clientId).not.toHaveAccessibleDescription(/32 hexadecimal/);
  await clientId.fill('not-a-guid');
  await popup.button('Sign in').click();
  await expect(clientId).toHaveAccessibleDescription(/32 hexadecimal/);
  expect(keyvigil.openedInBrowser()).toEqual([]);
});

test('two accounts live side by side; a restart renews them silently; a revoked one opens nothing', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra, hosts: returnUrlHost(ribCx) });
  const popup = await keyvigil.popup();
  for (const [name, person] of [
    ['Ada’s', ADA],
    ['Ben’s', BEN],
  ] as const) {
    await fillIn(popup, ribCx, { style: 'Sign-in window', name });
    await signInByWindow(keyvigil, popup, person);
    await popup.account(name).shows('Live');
  }
  entra.revokeRefreshTokens(ADA.email);
  ribCx.forgetSessions();
  await keyvigil.restart();
  const restarted = await keyvigil.popup();
  await restarted.account('Ben’s').shows('Live');
  await restarted.account('Ada’s').shows('Sign-in needed');
  expectNothingOpened(keyvigil);
});

test('ten accounts that wake at once open no browser', async ({ keyvigil, entra, ribCx }) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  for (let i = 0; i < 10; i++) {
    const name = `Tunnel ${i}`;
    await fillIn(popup, ribCx, { style: 'Device code', name });
    await popup.button('Sign in').click();
    entra.approveDevice(await shownCode(popup), ADA.email);
    await popup.account(name).shows('Live');
  }
  entra.faults.always(aadError(50079), { route: 'token' });
  ribCx.forgetSessions();
  await keyvigil.restart();
  const { accounts } = await keyvigil.popup();
  await expect(accounts.filter({ hasText: 'Sign-in needed' })).toHaveCount(10);
  expectNothingOpened(keyvigil);
});

test('a host that is not RIB’s gets no token before the user has said, by its name, to trust it', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'Device code', trustsHost: false });
  const { host } = new URL(ribCx.origin);
  const trust = popup.trust(host);
  await expect(trust).toHaveAccessibleDescription(
    'This server will receive a Microsoft access token with which it can use RIB CX in your name.',
  );
  await popup.button('Sign in').click();
  await expect(popup.alert).toContainText(`Say that you trust ${host}`);
  await expect(trust).toHaveAccessibleDescription(/Say that you trust/);
  await expect(trust).toBeFocused();
  expect(entra.journal.entries).toEqual([]);
  expect(ribCx.loginRequests).toBe(0);

  await popup.page.keyboard.press('Space');
  await expect(trust).toBeChecked();
  await expect(popup.alert).toHaveCount(0);
  await popup.button('Sign in').click();
  entra.approveDevice(await shownCode(popup), ADA.email);
  await popup.account(NAME).shows('Live');
});

test('the trust is for one host: another address, and RIB’s own, have no ticked checkbox', async ({
  keyvigil,
  entra,
  ribCx,
}) => {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await fillIn(popup, ribCx, { style: 'Device code' });
  await popup.field('Server address').fill('itwocx.com.example.net:8443');
  await popup.field('Account name').focus();
  await expect(popup.trust('itwocx.com.example.net:8443')).not.toBeChecked();
  await popup.button('Sign in').click();
  await expect(popup.alert).toContainText('Say that you trust itwocx.com.example.net:8443');
  await popup.field('Server address').fill('au.itwocx.com');
  await popup.field('Account name').focus();
  await expect(popup.page.getByText('I trust')).toHaveCount(0);
  expect(entra.journal.entries).toEqual([]);
});

/** Fills in the form for a Microsoft account, and leaves the form open. */
async function fillIn(
  popup: Popup,
  ribCx: RibCx,
  {
    style,
    name = NAME,
    tenant = TENANT_ID,
    trustsHost = true,
  }: {
    style: 'System browser' | 'Sign-in window' | 'Device code';
    name?: string;
    tenant?: string;
    trustsHost?: boolean;
  },
): Promise<void> {
  await popup.fillIn({
    ...cxAccount(ribCx),
    name,
    method: 'Microsoft account',
    values: { 'Client ID': CLIENT_ID, Tenant: tenant },
    trustsHost,
  });
  await popup.field('Sign-in style').selectOption(style);
  if (style === 'Sign-in window') await popup.field('Return URL').fill(RETURN_URL);
}

/** Options for `launch`: the Return URL leads to the simulated RIB CX. */
function returnUrlHost({ origin }: RibCx): Record<string, string> {
  return { [new URL(RETURN_URL).host]: `127.0.0.1:${new URL(origin).port}` };
}

async function shownCode(popup: Popup): Promise<string> {
  return ((await popup.field('Sign-in code').textContent()) ?? '').replace(/\s/g, '');
}

async function openedPage(keyvigil: Keyvigil): Promise<string> {
  await expect.poll(() => keyvigil.openedInBrowser().length).toBeGreaterThan(0);
  return keyvigil.openedInBrowser().at(-1)!;
}

async function openSignInWindow(keyvigil: Keyvigil, popup: Popup): Promise<Page> {
  const opening = keyvigil.app.waitForEvent('window');
  await popup.button('Sign in').click();
  return opening;
}

async function signInByWindow(
  keyvigil: Keyvigil,
  popup: Popup,
  { email, password }: typeof ADA,
): Promise<void> {
  const window = await openSignInWindow(keyvigil, popup);
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

/** Expects that no window is open but the popup, and that no address was opened. */
function expectNothingOpened(keyvigil: Keyvigil): void {
  expect(keyvigil.windows).toHaveLength(1);
  expect(keyvigil.openedInBrowser()).toEqual([]);
}

/** @returns the scripts of msal-node that the main process has loaded, as V8 lists them */
function loadedMsalScripts({ app }: Keyvigil): Promise<string[]> {
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
