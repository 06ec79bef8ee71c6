import { createHash } from 'node:crypto';
import {
  AuthError,
  PublicClientApplication,
  type AuthenticationResult,
  type DeviceCodeRequest,
  type INetworkModule,
} from '@azure/msal-node';
import { afterEach, describe, expect, it } from 'vitest';
import { aadError, type AadstsCode } from './entra-errors.ts';
import {
  CLIENT_ID,
  MICROSOFT,
  RIB_CX_RESOURCE,
  startEntra,
  TENANT_ID,
  type Entra,
  type EntraApplication,
  type EntraOptions,
} from './entra.ts';
import * as faults from './faults.ts';
import { movableClock } from './http-server.ts';
import { cancelAt, formIn, replyIn, signInAt, submit, type Fetch } from './person.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ADA = { email: 'ada@example.com', password: 'correct horse' };
const SCOPES = [`${RIB_CX_RESOURCE}/.default`, 'openid', 'profile', 'offline_access'];
const RETURN_URL = 'https://au.itwocx.com/cxR/Authentication';
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

const started: Entra[] = [];

/** In process, unless a test asks for a socket. */
async function start(options: Partial<EntraOptions> = {}) {
  const clock = movableClock();
  const entra = await startEntra({ clock, listen: false, ...options });
  started.push(entra);
  return { entra, clock };
}

/** With the default application changed. */
function withApplication(change: Partial<EntraApplication>): Partial<EntraOptions> {
  return { applications: [{ clientId: CLIENT_ID, redirectUris: [RETURN_URL], ...change }] };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((entra) => entra.stop()));
});

function authorizeUrl(fields: Record<string, string> = {}, tenant = TENANT_ID) {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: RETURN_URL,
    scope: SCOPES.join(' '),
    state: 'my state',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...fields,
  });
  return `${MICROSOFT}/${tenant}/oauth2/v2.0/authorize?${query}`;
}

async function postForm(entra: Entra, path: string, fields: Record<string, string>) {
  const body = new URLSearchParams({ client_id: CLIENT_ID, ...fields });
  const answer = await entra.fetch(`${MICROSOFT}/${path}`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
}

function token(entra: Entra, fields: Record<string, string>, tenant = TENANT_ID) {
  return postForm(entra, `${tenant}/oauth2/v2.0/token`, fields);
}

async function codeOf(entra: Entra, fields: Record<string, string> = {}): Promise<string> {
  const reply = await replyIn(await signInAt(entra.fetch, authorizeUrl(fields), ADA));
  return reply.fields['code'] ?? '';
}

function redeem(entra: Entra, code: string, fields: Record<string, string> = {}) {
  return token(entra, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: RETURN_URL,
    code_verifier: VERIFIER,
    client_info: '1',
    ...fields,
  });
}

function refresh(entra: Entra, refreshToken: string, fields: Record<string, string> = {}) {
  const scope = SCOPES.join(' ');
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken, scope };
  return token(entra, { ...grant, ...fields });
}

async function signedIn(entra: Entra) {
  return (await redeem(entra, await codeOf(entra))).body;
}

function claims(jwt: string) {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

function failure(code: AadstsCode) {
  const error_description = expect.stringMatching(new RegExp(`^AADSTS${code}: `));
  return { error_codes: [code], error_description, error: expect.any(String) };
}

describe('the sign-in page', () => {
  it('leads back to the application with a code and its state, over a socket too', async () => {
    const { entra } = await start({ listen: true });
    const url = entra.standIn(authorizeUrl({ client_info: '1' }));
    const { action, fields } = await replyIn(await signInAt(fetch, url, ADA));
    expect(action).toBe(RETURN_URL);
    expect(fields).toMatchObject({ code: expect.any(String), state: 'my state' });
    expect(claims(`.${fields['client_info']}`)).toMatchObject({ utid: TENANT_ID });
  });

  it('can send its answer as a form', async () => {
    const { entra } = await start();
    const redirect_uri = 'http://localhost:51234';
    const url = authorizeUrl({ response_mode: 'form_post', redirect_uri });
    const page = await signInAt(entra.fetch, url, ADA);
    const { action, fields } = await replyIn(page);
    expect(await page.text()).toContain('document.forms[0].submit()');
    expect(action).toBe(`${redirect_uri}/`);
    expect(fields).toMatchObject({ code: expect.any(String), state: 'my state' });
  });

  it('says that a password is wrong, and asks again', async () => {
    const { entra } = await start();
    const page = await signInAt(entra.fetch, authorizeUrl(), { ...ADA, password: 'wrong' });
    const html = await page.text();
    expect(html).toMatch(/role="alert">AADSTS50126: /);
    const form = formIn(html, page.url);
    expect(form.fields).toEqual({ email: ADA.email, password: '' });
    const second = await submit(entra.fetch, { ...form, fields: ADA });
    expect((await replyIn(second)).fields).toHaveProperty('code');
  });

  it('can be cancelled', async () => {
    const { entra } = await start();
    const { fields } = await replyIn(await cancelAt(entra.fetch, authorizeUrl()));
    expect(fields).toMatchObject({ error: 'access_denied', state: 'my state' });
  });

  it('is shown once in a browser, unless the application asks for it', async () => {
    const { entra } = await start();
    const first = await signInAt(entra.fetch, authorizeUrl(), ADA);
    const cookie = first.headers.get('set-cookie')?.split(';')[0] ?? '';
    const again = (fields: Record<string, string>) =>
      entra.fetch(authorizeUrl(fields), { headers: { cookie }, redirect: 'manual' });
    expect((await again({})).status).toBe(302);
    expect((await again({ prompt: 'none' })).headers.get('location')).toContain('?code=');
    expect((await again({ prompt: 'select_account' })).status).toBe(200);
    expect((await again({ login_hint: 'eve@example.com' })).status).toBe(200);
  });

  it.each([
    [50011, { redirect_uri: 'https://au.itwocx.com/CXR/Authentication' }, TENANT_ID],
    [50011, { redirect_uri: 'http://127.0.0.1:8080' }, TENANT_ID],
    [50011, { redirect_uri: 'http://localhost:8080/path' }, TENANT_ID],
    [700016, { client_id: TENANT_ID }, TENANT_ID],
    [50194, {}, 'common'],
    [90002, {}, 'nowhere.example'],
  ] as const)('is an error page for AADSTS%s', async (code, fields, tenant) => {
    const { entra } = await start();
    const url = authorizeUrl(fields, tenant);
    const answer = await entra.fetch(url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    expect(await answer.text()).toContain(`AADSTS${code}: `);
  });

  it.each([
    ['login_required', 50058, { prompt: 'none' }],
    ['unsupported_response_type', 700054, { response_type: 'token' }],
    ['invalid_resource', 500011, { scope: 'api://other/.default' }],
  ] as const)('sends %s to the application', async (error, code, fields) => {
    const { entra } = await start();
    const answer = await entra.fetch(authorizeUrl(fields), { redirect: 'manual' });
    const error_description = expect.stringContaining(`AADSTS${code}`);
    expect((await replyIn(answer)).fields).toMatchObject({ error, error_description });
  });

  it('takes a tenant by its name, and any tenant’s users where the application does', async () => {
    const { entra } = await start(withApplication({ multiTenant: true }));
    for (const tenant of ['example.onmicrosoft.com', 'common', 'organizations']) {
      const answer = await signInAt(entra.fetch, authorizeUrl({}, tenant), ADA);
      expect(answer.status).toBe(302);
    }
  });

  it('turns away a user of another tenant', async () => {
    const users = [{ ...ADA, tenantId: '11111111-2222-4333-8444-555555555555' }];
    const { entra } = await start({ users, ...withApplication({ multiTenant: true }) });
    const page = await signInAt(entra.fetch, authorizeUrl(), ADA);
    expect(await page.text()).toContain('AADSTS50020: ');
  });

  it('turns away a user whom a policy blocks', async () => {
    const { entra } = await start();
    entra.changeUser(ADA.email, { blockedBy: 53003 });
    expect(await (await signInAt(entra.fetch, authorizeUrl(), ADA)).text()).toContain('53003');
  });
});

describe('consent', () => {
  it('is asked for once, and can be taken back', async () => {
    const { entra } = await start(withApplication({ consent: 'by user' }));
    const refused = await signInAt(entra.fetch, authorizeUrl(), { ...ADA, accepts: false });
    expect((await replyIn(refused)).fields).toMatchObject({ error: 'access_denied' });
    const { refresh_token } = await signedIn(entra);
    expect((await refresh(entra, refresh_token)).status).toBe(200);
    entra.changeApplication(CLIENT_ID, { consent: 'by user' });
    const { status, body } = await refresh(entra, refresh_token);
    expect(status).toBe(400);
    expect(body).toMatchObject({ ...failure(65001), suberror: 'consent_required' });
  });

  it('cannot be given by a user where an administrator has to', async () => {
    const { entra } = await start(withApplication({ consent: 'by administrator' }));
    expect(await (await signInAt(entra.fetch, authorizeUrl(), ADA)).text()).toContain('90094');
  });
});

describe('a code', () => {
  it('is worth tokens as Microsoft makes them', async () => {
    const { entra, clock } = await start();
    const { status, body } = await redeem(entra, await codeOf(entra, { nonce: 'my nonce' }));
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: expect.stringContaining(`${RIB_CX_RESOURCE}/.default`),
      expires_in: 3600,
      refresh_token: expect.any(String),
    });
    const exp = clock.now() / 1000 + 3600;
    expect(claims(body.id_token)).toMatchObject({
      iss: `${MICROSOFT}/${TENANT_ID}/v2.0`,
      aud: CLIENT_ID,
      preferred_username: ADA.email,
      name: 'Ada Lovelace',
      nonce: 'my nonce',
      tid: TENANT_ID,
      ver: '2.0',
    });
    expect(claims(body.access_token)).toMatchObject({ aud: RIB_CX_RESOURCE, exp });
  });

  it.each([
    ['a verifier that does not fit', 501481, { code_verifier: 'w'.repeat(43) }],
    ['another redirect URI', 500112, { redirect_uri: 'http://localhost' }],
    ['an unknown code', 70000, { code: 'unknown' }],
    ['another kind of grant', 70003, { grant_type: 'password' }],
  ] as const)('is refused with %s', async (_what, code, fields) => {
    const { entra } = await start();
    const answer = await redeem(entra, await codeOf(entra), fields);
    expect(answer).toMatchObject({ status: 400, body: failure(code) });
  });

  it('is refused a second time, and after ten minutes', async () => {
    const { entra, clock } = await start();
    const [code, late] = [await codeOf(entra), await codeOf(entra)];
    await redeem(entra, code);
    expect((await redeem(entra, code)).body).toMatchObject(failure(54005));
    clock.advance(10 * MINUTE);
    expect((await redeem(entra, late)).body).toMatchObject(failure(70008));
  });

  it('is refused at another path than it came from', async () => {
    const { entra } = await start(withApplication({ multiTenant: true }));
    const grant = { grant_type: 'authorization_code', code: await codeOf(entra) };
    expect((await token(entra, grant, 'common')).body).toMatchObject(failure(700005));
  });

  it('is refused to an application that needs a secret', async () => {
    const { entra } = await start(withApplication({ publicClient: false }));
    const answer = await redeem(entra, await codeOf(entra));
    expect(answer).toMatchObject({ status: 401, body: failure(7000218) });
  });
});

describe('an access token', () => {
  it('says whose it is, for as long as it lives', async () => {
    const { entra, clock } = await start({ accessTokenMs: 5 * MINUTE });
    const { access_token, id_token } = await signedIn(entra);
    expect(entra.verifyToken(access_token)).toEqual({ email: ADA.email });
    expect(entra.verifyToken(id_token)).toBeUndefined();
    expect(entra.verifyToken(`${access_token.slice(0, -8)}AAAAAAAA`)).toBeUndefined();
    expect(entra.verifyToken('nonsense')).toBeUndefined();
    entra.revokeRefreshTokens(ADA.email);
    clock.advance(5 * MINUTE - 1);
    expect(entra.verifyToken(access_token)).toEqual({ email: ADA.email });
    clock.advance(1);
    expect(entra.verifyToken(access_token)).toBeUndefined();
  });
});

describe('a refresh token', () => {
  it('lives for a month of use, and rotates', async () => {
    const { entra, clock } = await start({ refreshTokenReuse: false });
    const first = (await signedIn(entra)).refresh_token;
    let current = first;
    for (let hours = 0; hours < 30 * 24; hours += 4) {
      clock.advance(4 * 60 * MINUTE);
      const { status, body } = await refresh(entra, current);
      expect(status).toBe(200);
      expect(entra.verifyToken(body.access_token)).toBeDefined();
      current = body.refresh_token;
    }
    expect((await refresh(entra, first)).body).toMatchObject(failure(70000));
    expect(entra.tokensIssued).toBe(181);
  });

  it('can be used again, as Microsoft has it, until 90 days without use', async () => {
    const { entra, clock } = await start();
    const { refresh_token } = await signedIn(entra);
    clock.advance(90 * DAY - 1);
    expect((await refresh(entra, refresh_token)).status).toBe(200);
    clock.advance(90 * DAY - 1);
    expect((await refresh(entra, refresh_token)).status).toBe(200);
    clock.advance(90 * DAY);
    expect((await refresh(entra, refresh_token)).body).toMatchObject(failure(700082));
  });

  it('ends when it is revoked, and with the password', async () => {
    const { entra } = await start();
    const { refresh_token } = await signedIn(entra);
    entra.changePassword(ADA.email, 'new');
    const { body } = await refresh(entra, refresh_token);
    expect(body).toMatchObject({ ...failure(50173), error: 'invalid_grant', suberror: '' });
    const other = (await refresh(entra, 'unknown')).body;
    expect(other).toMatchObject(failure(70000));
  });

  it('is refused on common to an application of one tenant', async () => {
    const { entra } = await start();
    const { refresh_token } = await signedIn(entra);
    const grant = { grant_type: 'refresh_token', refresh_token };
    expect((await token(entra, grant, 'common')).body).toMatchObject(failure(50194));
  });
});

describe('a device code', () => {
  const device = (entra: Entra) =>
    postForm(entra, `${TENANT_ID}/oauth2/v2.0/devicecode`, { scope: SCOPES.join(' ') });
  const poll = (entra: Entra, device_code: string) =>
    token(entra, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code });

  it('waits for the person, who enters its user code and goes on', async () => {
    const { entra } = await start();
    const { body } = await device(entra);
    expect(body).toMatchObject({ expires_in: 900, interval: 5 });
    expect(body.message).toContain(body.user_code);
    expect((await poll(entra, body.device_code)).body).toMatchObject(failure(70016));
    const page = await signInAt(entra.fetch, body.verification_uri, ADA, body.user_code);
    expect(await page.text()).toContain('You have signed in.');
    expect((await poll(entra, body.device_code)).body).toHaveProperty('access_token');
    expect((await poll(entra, body.device_code)).body).toMatchObject(failure(70018));
  });

  it('can be declined, or entered wrongly', async () => {
    const { entra } = await start();
    const { body } = await device(entra);
    const wrong = formIn(
      await (await entra.fetch(body.verification_uri)).text(),
      body.verification_uri,
    );
    const page = await submit(entra.fetch, { ...wrong, fields: { user_code: 'WRONG' } });
    expect(await page.text()).toContain('role="alert"');
    await signInAt(entra.fetch, body.verification_uri, { ...ADA, accepts: false }, body.user_code);
    const declined = await poll(entra, body.device_code);
    expect(declined).toMatchObject({ status: 400, body: { error: 'authorization_declined' } });
  });

  it('expires, and can ask for slower polling', async () => {
    const { entra, clock } = await start({ slowDown: true });
    const { device_code } = (await device(entra)).body;
    expect((await poll(entra, device_code)).body.error).toBe('authorization_pending');
    clock.advance(4_999);
    expect((await poll(entra, device_code)).body.error).toBe('slow_down');
    clock.advance(15 * MINUTE);
    expect((await poll(entra, device_code)).body).toMatchObject(failure(70019));
  });
});

it('names Microsoft in its metadata', async () => {
  const { entra } = await start();
  const get = async (path: string) => (await entra.fetch(`${MICROSOFT}/${path}`)).json();
  const metadata = await get(`${TENANT_ID}/v2.0/.well-known/openid-configuration`);
  expect(metadata).toMatchObject({
    issuer: `${MICROSOFT}/${TENANT_ID}/v2.0`,
    token_endpoint: `${MICROSOFT}/${TENANT_ID}/oauth2/v2.0/token`,
  });
  expect(await get('common/discovery/v2.0/keys')).toMatchObject({ keys: [{ kty: 'RSA' }] });
  expect(await get('common/discovery/instance')).toHaveProperty('tenant_discovery_endpoint');
});

// ---- msal-node ---------------------------------------------------------------------------------

/** What the application hands to MSAL: its own fetch, and the stand-in in place of Microsoft. */
function networkTo(entra: Entra, fetch: Fetch): INetworkModule {
  const send = async <T>(url: string, init: RequestInit) => {
    const answer = await fetch(entra.standIn(url), init);
    const headers = Object.fromEntries(answer.headers);
    return { status: answer.status, headers, body: (await answer.json()) as T };
  };
  return {
    sendGetRequestAsync: (url, options) => send(url, { headers: options?.headers ?? {} }),
    sendPostRequestAsync: (url, options) =>
      send(url, { method: 'POST', headers: options?.headers ?? {}, body: options?.body ?? '' }),
  };
}

function msal(entra: Entra, networkClient = networkTo(entra, entra.fetch), tenant = TENANT_ID) {
  const authority = `${MICROSOFT}/${tenant}`;
  return new PublicClientApplication({
    auth: { clientId: CLIENT_ID, authority },
    system: { networkClient },
  });
}

async function acquireByCode(entra: Entra, application = msal(entra), verifier = VERIFIER) {
  const request = { scopes: SCOPES, redirectUri: RETURN_URL };
  const url = await application.getAuthCodeUrl({
    ...request,
    responseMode: 'query',
    state: 'my state',
    nonce: 'my nonce',
    codeChallenge: CHALLENGE,
    codeChallengeMethod: 'S256',
  });
  const { fields } = await replyIn(await signInAt(entra.fetch, entra.standIn(url), ADA));
  return application.acquireTokenByCode(
    { ...request, code: fields['code'] ?? '', codeVerifier: verifier, state: 'my state' },
    { code: fields['code'] ?? '', state: fields['state'] ?? '', nonce: 'my nonce' },
  );
}

/** Signed in, with a way to renew. */
async function renewing(entra: Entra, networkClient = networkTo(entra, entra.fetch)) {
  const application = msal(entra, networkClient);
  const { account } = await acquireByCode(entra, application);
  if (!account) throw new Error('MSAL made no account');
  const renew = (forceRefresh = true) =>
    application.acquireTokenSilent({ account, scopes: SCOPES, forceRefresh });
  return { account, renew };
}

function acquireByDevice(entra: Entra, act: (userCode: string) => unknown) {
  const request: DeviceCodeRequest = {
    scopes: SCOPES,
    deviceCodeCallback: ({ userCode }) => void act(userCode),
  };
  return msal(entra).acquireTokenByDeviceCode(request);
}

/** MSAL keeps its own time, by Date, so these run by it as well. */
const REAL_TIME = { clock: { now: () => Date.now() } };

describe('msal-node', () => {
  it('signs in by code, and finds the token in its cache', async () => {
    const { entra } = await start(REAL_TIME);
    const application = msal(entra);
    const result = await acquireByCode(entra, application);
    expect(result).toMatchObject({ fromCache: false, account: { username: ADA.email } });
    expect(result.account?.homeAccountId).toMatch(new RegExp(`^[0-9a-f-]{36}\\.${TENANT_ID}$`));
    expect(entra.verifyToken(result.accessToken)).toEqual({ email: ADA.email });
    const { account } = result;
    if (!account) throw new Error('MSAL made no account');
    const cached = await application.acquireTokenSilent({ account, scopes: SCOPES });
    expect(cached).toMatchObject({ fromCache: true, accessToken: result.accessToken });
    // It knows Microsoft's metadata without asking.
    expect(entra.journal.entries.map(({ route }) => route)).toEqual([
      'authorize',
      'signIn',
      'token',
    ]);
  });

  it('renews with the refresh token of the last answer', async () => {
    const { entra } = await start({ ...REAL_TIME, refreshTokenReuse: false });
    const { renew } = await renewing(entra);
    const results: AuthenticationResult[] = [];
    for (let i = 0; i < 3; i++) results.push(await renew());
    expect(new Set(results.map(({ accessToken }) => accessToken)).size).toBe(3);
    const used = entra.journal.entries
      .map(({ body }) => new URLSearchParams(body).get('refresh_token'))
      .filter(Boolean);
    expect(new Set(used).size).toBe(3);
  });

  it.each([
    [50173, 'ServerError', 'invalid_grant', ''],
    [70000, 'ServerError', 'invalid_grant', ''],
    [700082, 'ServerError', 'invalid_grant', ''],
    [700016, 'ServerError', 'unauthorized_client', ''],
    [50194, 'ServerError', 'invalid_request', ''],
    [7000218, 'ServerError', 'invalid_client', ''],
    [65001, 'InteractionRequiredAuthError', 'invalid_grant', 'consent_required'],
    [53003, 'InteractionRequiredAuthError', 'invalid_grant', 'message_only'],
    [50079, 'InteractionRequiredAuthError', 'interaction_required', 'basic_action'],
  ] as const)('sees AADSTS%s on renewal as %s', async (errorNo, name, errorCode, subError) => {
    const { entra } = await start(REAL_TIME);
    const { renew } = await renewing(entra);
    entra.faults.next(aadError(errorNo), { route: 'token' });
    const error = await renew().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name, errorNo, errorCode, subError });
    expect((error as AuthError).errorMessage).toContain(`AADSTS${errorNo}: `);
    await expect(renew()).resolves.toMatchObject({ fromCache: false });
  });

  it('forgets a refresh token that was revoked as a bad_token', async () => {
    const { entra } = await start(REAL_TIME);
    const { renew } = await renewing(entra);
    entra.revokeRefreshTokens(ADA.email, 'bad_token');
    const name = 'InteractionRequiredAuthError';
    await expect(renew()).rejects.toMatchObject({ name, errorCode: 'invalid_grant' });
    await expect(renew()).rejects.toMatchObject({ name, errorCode: 'no_tokens_found' });
  });

  it('sees a wrong verifier', async () => {
    const { entra } = await start(REAL_TIME);
    const error = { name: 'ServerError', errorCode: 'invalid_grant', errorNo: 501481 };
    const refused = acquireByCode(entra, msal(entra), 'w'.repeat(43));
    await expect(refused).rejects.toMatchObject(error);
  });

  it.each([
    ['503 with {}', faults.serverError(503, '{}')],
    ['503 with Retry-After', faults.serviceUnavailable({ retryAfter: 2, body: '{}' })],
    ['429 with Retry-After', faults.tooManyRequests({ retryAfter: 2, body: '{}' })],
  ])('resolves without a token after %s, and then asks no more', async (_what, fault) => {
    const { entra } = await start(REAL_TIME);
    const { renew } = await renewing(entra);
    entra.faults.next(fault, { route: 'token' });
    await expect(renew()).resolves.toMatchObject({ accessToken: '', account: null });
    const asked = entra.journal.count('token');
    await expect(renew()).rejects.toMatchObject({ name: 'ServerError', errorCode: '' });
    expect(entra.journal.count('token')).toBe(asked);
    await expect(renew(false)).resolves.toMatchObject({ fromCache: true });
  });

  it.each([
    ['HTML', faults.htmlPage()],
    ['no answer', faults.connectionRefused()],
    ['half an answer', faults.cutOff()],
  ])('calls %s a network error, and says nothing of its cause', async (_what, fault) => {
    const { entra } = await start(REAL_TIME);
    const { renew } = await renewing(entra);
    entra.faults.next(fault, { route: 'token' });
    const error = await renew().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'ClientAuthError', errorCode: 'network_error' });
    expect(error).not.toHaveProperty('cause');
    await expect(renew()).resolves.toMatchObject({ fromCache: false });
  });

  it('hands on what its network client throws, if it is an AuthError, and asks again', async () => {
    const { entra } = await start(REAL_TIME);
    // Not a class of one's own: AuthError makes itself the prototype of whatever extends it.
    const unavailable = Object.assign(new AuthError('unavailable', ''), { retryAfter: '2' });
    const network = networkTo(entra, async (url, init) => {
      const answer = await entra.fetch(url, init);
      if (answer.status >= 500) throw unavailable;
      return answer;
    });
    const { renew } = await renewing(entra, network);
    const fault = faults.serviceUnavailable({ retryAfter: 2, body: '{}' });
    entra.faults.next(fault, { route: 'token' });
    await expect(renew()).rejects.toBe(unavailable);
    await expect(renew()).resolves.toMatchObject({ fromCache: false });
  });

  it('signs in by device code, polling until the person is done', async () => {
    const { entra } = await start({ ...REAL_TIME, deviceIntervalSeconds: 0.02 });
    const result = await acquireByDevice(entra, (userCode) =>
      setTimeout(() => entra.approveDevice(userCode, ADA.email), 50),
    );
    expect(result).toMatchObject({ account: { username: ADA.email } });
    expect(entra.journal.count('token', 400)).toBeGreaterThan(0);
  });

  it('ends a device code that was declined, and by any hiccup', async () => {
    const { entra } = await start({ ...REAL_TIME, deviceIntervalSeconds: 0.02 });
    const ends = (fault?: faults.Fault) =>
      acquireByDevice(entra, (userCode) => {
        if (fault) entra.faults.next(fault, { route: 'token' });
        else entra.declineDevice(userCode);
      }).catch((error: unknown) => error);

    const declined = { errorCode: 'post_request_failed', errorMessage: 'authorization_declined' };
    expect(await ends()).toMatchObject({ name: 'AuthError', ...declined });
    expect(await ends(aadError(70019))).toMatchObject({ errorMessage: 'expired_token' });
    expect(await ends(faults.connectionReset())).toMatchObject({ errorCode: 'network_error' });
    expect(await ends(faults.serverError(503, '{}'))).toMatchObject({ accessToken: '' });
  });

  it('calls back without a code where the device code is refused', async () => {
    const { entra } = await start(REAL_TIME);
    const codes: unknown[] = [];
    const request = { scopes: SCOPES, deviceCodeCallback: (code: object) => void codes.push(code) };
    const onCommon = msal(entra, networkTo(entra, entra.fetch), 'common');
    const error = { errorCode: 'post_request_failed', errorMessage: 'invalid_request' };
    await expect(onCommon.acquireTokenByDeviceCode(request)).rejects.toMatchObject(error);
    expect(codes).toMatchObject([{ userCode: undefined, verificationUri: undefined }]);
  });

  it('signs in by the system browser and its loopback address', async () => {
    const { entra } = await start({ ...REAL_TIME, listen: true });
    const browser = fetch as Fetch;
    const interactive = (openBrowser: (url: string) => Promise<void>) =>
      msal(entra, networkTo(entra, browser)).acquireTokenInteractive({
        scopes: SCOPES,
        openBrowser,
      });
    const result = await interactive(async (url) => {
      const reply = await replyIn(await signInAt(browser, entra.standIn(url), ADA));
      expect((await submit(browser, reply)).status).toBe(200);
    });
    expect(result).toMatchObject({ account: { username: ADA.email } });

    const cancelled = interactive(async (url) => {
      await submit(browser, await replyIn(await cancelAt(browser, entra.standIn(url))));
    });
    const error = { name: 'ServerError', errorCode: 'access_denied' };
    await expect(cancelled).rejects.toMatchObject(error);
  });
});
