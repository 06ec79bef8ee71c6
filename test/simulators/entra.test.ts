import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/virtual-clock.ts';
import { aadError } from './entra-errors.ts';
import { CLIENT_ID, MICROSOFT, RIB_CX_RESOURCE, startEntra, TENANT_ID } from './entra.ts';
import type { Entra, EntraOptions } from './entra.ts';
import { cancelAt, replyIn, signInAt, submit } from './person.ts';

const MINUTE = 60_000;
const ADA = { email: 'ada@example.com', password: 'correct horse' };
const SCOPE = `${RIB_CX_RESOURCE}/.default openid profile offline_access`;
const RETURN_URL = 'https://au.itwocx.com/cxR/Authentication';
const VERIFIER = 'v'.repeat(43);

async function start(options: Partial<EntraOptions> = {}) {
  const clock = new VirtualClock();
  return { entra: await startEntra({ clock, listen: false, ...options }), clock };
}

function authorizeUrl(fields: Record<string, string> = {}, tenant = TENANT_ID) {
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: RETURN_URL,
    scope: SCOPE,
    state: 'my state',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    ...fields,
  });
  return `${MICROSOFT}/${tenant}/oauth2/v2.0/authorize?${query}`;
}

async function post(entra: Entra, endpoint: string, fields: Record<string, string>) {
  const url = `${MICROSOFT}/${TENANT_ID}/oauth2/v2.0/${endpoint}`;
  const body = new URLSearchParams({ client_id: CLIENT_ID, scope: SCOPE, ...fields });
  const answer = await entra.fetch(url, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
}

async function codeOf(entra: Entra): Promise<string> {
  const { fields } = await replyIn(await signInAt(entra.fetch, authorizeUrl(), ADA));
  return fields['code'] ?? '';
}

function redeem(entra: Entra, code: string, changes: Record<string, string> = {}) {
  const fields = { code, redirect_uri: RETURN_URL, code_verifier: VERIFIER };
  return post(entra, 'token', { grant_type: 'authorization_code', ...fields, ...changes });
}

function refresh(entra: Entra, token: string) {
  return post(entra, 'token', { grant_type: 'refresh_token', refresh_token: token });
}

async function tokens(entra: Entra) {
  return (await redeem(entra, await codeOf(entra))).body;
}

const refused = (code: number) => ({ status: 400, body: { error_codes: [code] } });

describe('the sign-in page', () => {
  it.each([
    ['query', RETURN_URL],
    ['form_post', 'http://localhost:51234'],
  ])('sends a code and the state to the application by %s', async (response_mode, redirect_uri) => {
    const { entra } = await start();
    const url = authorizeUrl({ response_mode, redirect_uri });
    const { action, fields } = await replyIn(await signInAt(entra.fetch, url, ADA));
    expect(action).toBe(new URL(redirect_uri).href);
    expect(fields).toMatchObject({ code: expect.any(String), state: 'my state' });
  });

  it('says that a password is wrong, and asks again', async () => {
    const { entra } = await start();
    const page = await signInAt(entra.fetch, authorizeUrl(), { ...ADA, password: 'wrong' });
    expect(await page.clone().text()).toMatch(/role="alert">AADSTS50126: /);
    const again = await submit(entra.fetch, { ...(await replyIn(page)), fields: ADA });
    expect((await replyIn(again)).fields).toHaveProperty('code');
  });

  it('can be cancelled', async () => {
    const { entra } = await start();
    const { fields } = await replyIn(await cancelAt(entra.fetch, authorizeUrl()));
    expect(fields).toMatchObject({ error: 'access_denied', state: 'my state' });
  });

  it.each([
    [50011, { redirect_uri: 'https://au.itwocx.com/CXR/Authentication' }, TENANT_ID],
    [50011, { redirect_uri: 'http://127.0.0.1:8080' }, TENANT_ID],
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

  it('sends an unknown scope back to the application', async () => {
    const { entra } = await start();
    const url = authorizeUrl({ scope: 'api://other/.default' });
    const { fields } = await replyIn(await entra.fetch(url, { redirect: 'manual' }));
    expect(fields).toMatchObject({ error: 'invalid_resource' });
  });
});

describe('a code', () => {
  it.each([
    ['with another verifier', 501481, 400, { code_verifier: 'w'.repeat(43) }],
    ['with another redirect URI', 500112, 401, { redirect_uri: 'http://localhost' }],
    ['if it is unknown', 70000, 400, { code: 'unknown' }],
    ['with another grant type', 70003, 400, { grant_type: 'password' }],
  ] as const)('is refused %s', async (_what, code, status, fields) => {
    const { entra } = await start();
    const answer = await redeem(entra, await codeOf(entra), fields);
    expect(answer).toMatchObject({ status, body: { error_codes: [code] } });
  });

  it('is valid once', async () => {
    const { entra } = await start();
    const code = await codeOf(entra);
    expect((await redeem(entra, code)).status).toBe(200);
    expect(await redeem(entra, code)).toMatchObject(refused(70000));
    expect(entra.tokensIssued).toBe(1);
  });
});

it('an access token names its user to RIB CX for 60 minutes', async () => {
  const { entra, clock } = await start();
  const { access_token, id_token, expires_in } = await tokens(entra);
  expect(expires_in).toBe(3600);
  expect(entra.verifyToken(id_token)).toBeUndefined();
  expect(entra.verifyToken('nonsense')).toBeUndefined();
  entra.revokeRefreshTokens(ADA.email);
  await clock.advance(60 * MINUTE - 1);
  expect(entra.verifyToken(access_token)).toEqual({ email: ADA.email });
  await clock.advance(1);
  expect(entra.verifyToken(access_token)).toBeUndefined();
});

describe('a refresh token', () => {
  it.each([
    ['stays valid after use', true, { status: 200 }],
    ['is replaced by the next one if reuse is off', false, refused(70000)],
  ])('%s', async (_name, refreshTokenReuse, second) => {
    const { entra } = await start({ refreshTokenReuse });
    const { refresh_token } = await tokens(entra);
    expect((await refresh(entra, refresh_token)).body).toHaveProperty('refresh_token');
    expect(await refresh(entra, refresh_token)).toMatchObject(second);
  });

  it('ends when it is revoked', async () => {
    const { entra } = await start();
    const { refresh_token } = await tokens(entra);
    entra.revokeRefreshTokens(ADA.email, 'bad_token');
    const { body } = await refresh(entra, refresh_token);
    const error = { error: 'invalid_grant', error_codes: [50173], suberror: 'bad_token' };
    expect(body).toMatchObject(error);
  });
});

describe('a device code', () => {
  const ask = async (entra: Entra) => (await post(entra, 'devicecode', {})).body;
  const poll = (entra: Entra, device_code: string) =>
    post(entra, 'token', { grant_type: 'device_code', device_code });

  it('waits for a person who types its user code, and is valid once', async () => {
    const { entra } = await start();
    const { device_code, user_code, verification_uri, expires_in, interval } = await ask(entra);
    expect([expires_in, interval]).toEqual([900, 5]);
    expect(await poll(entra, device_code)).toMatchObject(refused(70016));
    const page = await signInAt(entra.fetch, verification_uri, ADA, user_code);
    expect(await page.text()).toContain('You have signed in.');
    expect((await poll(entra, device_code)).body).toHaveProperty('access_token');
    expect(await poll(entra, device_code)).toMatchObject(refused(70018));
  });

  it('can be declined', async () => {
    const { entra } = await start();
    const { device_code, user_code } = await ask(entra);
    entra.declineDevice(user_code);
    const { body } = await poll(entra, device_code);
    expect(body).toMatchObject({ error: 'authorization_declined' });
  });

  it('expires after 15 minutes', async () => {
    const { entra, clock } = await start();
    const { device_code } = await ask(entra);
    await clock.advance(15 * MINUTE);
    expect(await poll(entra, device_code)).toMatchObject(refused(70019));
  });
});

it('any error of Microsoft can be a fault', async () => {
  const { entra } = await start();
  entra.faults.next(aadError(50105), { route: 'token' });
  expect(await refresh(entra, 'any')).toMatchObject(refused(50105));
});
