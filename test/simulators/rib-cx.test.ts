import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/virtual-clock.ts';
import * as faults from './faults.ts';
import { startRibCx, type RibCx, type RibCxOptions } from './rib-cx.ts';

const MINUTE = 60_000;
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x64) Keyvigil' };
const ADA = { email: 'ada@example.com', password: 'pass:wörd' };

const started: RibCx[] = [];

async function start(options: Partial<RibCxOptions> = {}) {
  const clock = new VirtualClock();
  const ribCx = await startRibCx({ clock, users: [ADA], ...options });
  started.push(ribCx);
  return { ribCx, clock };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((ribCx) => ribCx.stop()));
});

function post(ribCx: RibCx, operation: string, body: unknown) {
  return fetch(`${ribCx.baseUrl}/Api/Login/${operation}`, {
    method: 'POST',
    headers: { ...BROWSER, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function encrypt(ribCx: RibCx, Password: string): Promise<string> {
  return (await post(ribCx, 'EncryptPassword', { Password })).json();
}

async function login(ribCx: RibCx, { email, password } = ADA) {
  const EncryptedPassword = await encrypt(ribCx, password);
  return post(ribCx, 'ByEmail', { Email: email, EncryptedPassword });
}

async function keyOf(ribCx: RibCx): Promise<string> {
  return (await (await login(ribCx)).json()).Key;
}

function loginByToken(ribCx: RibCx, headers: Record<string, string>, body = '') {
  const url = `${ribCx.baseUrl}/Api/Login/ByUserToken`;
  return fetch(url, { method: 'POST', headers: { ...BROWSER, ...headers }, body });
}

function projects(ribCx: RibCx, key: string, query = '') {
  return fetch(`${ribCx.baseUrl}/Api/Project/Get${query}`, { headers: { ...BROWSER, key } });
}

describe('EncryptPassword', () => {
  it('answers with a JSON text, always the same, without the password in it', async () => {
    const { ribCx } = await start();
    const encrypted = await encrypt(ribCx, 'secret');
    expect(encrypted).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(await encrypt(ribCx, 'secret')).toBe(encrypted);
    expect(await encrypt(ribCx, 'secret2')).not.toBe(encrypted);
  });

  it.each([
    ['ciphertext', expect.any(String)],
    ['null', null],
  ] as const)('answers an empty password with 200 and a %s', async (encryptPassword, body) => {
    const { ribCx } = await start({ encryptPassword });
    const answer = await post(ribCx, 'EncryptPassword', { Password: '' });
    expect([answer.status, await answer.json()]).toEqual([200, body]);
  });
});

describe('a login by email', () => {
  it.each([
    ['result', { Key: expect.any(String), IsSuccess: true, ErrorMessages: [] }],
    ['key only', { Key: expect.any(String) }],
    ['session key', { SessionKey: expect.any(String), IsSuccess: true, ErrorMessages: [] }],
    ['string', expect.any(String)],
  ] as const)('answers with a %s', async (loginAnswer, body) => {
    const { ribCx } = await start({ loginAnswer });
    const answer = await login(ribCx, { ...ADA, email: 'Ada@Example.com' });
    expect([answer.status, await answer.json()]).toEqual([200, body]);
    expect([...ribCx.sessions.values()]).toMatchObject([{ email: 'ada@example.com' }]);
  });

  it.each([
    ['ErrorMessages', 200, { Key: null, IsSuccess: false, ErrorMessages: [expect.any(String)] }],
    ['Message', 200, { IsSuccess: false, Message: expect.any(String) }],
    [401, 401, { Message: expect.any(String) }],
  ] as const)('is refused with %s', async (refusal, status, body) => {
    const { ribCx } = await start({ refusal });
    for (const wrong of [
      { ...ADA, password: 'wrong' },
      { ...ADA, email: 'eve@example.com' },
    ]) {
      const answer = await login(ribCx, wrong);
      expect([answer.status, await answer.json()]).toEqual([status, body]);
    }
    expect(ribCx.sessions.size).toBe(0);
    expect(ribCx.loginRequests).toBe(2);
  });

  it('refuses a password in the clear, and one that another host encrypted', async () => {
    const [{ ribCx }, { ribCx: other }] = [await start(), await start()];
    for (const EncryptedPassword of [ADA.password, await encrypt(other, ADA.password)]) {
      const answer = await post(ribCx, 'ByEmail', { Email: ADA.email, EncryptedPassword });
      expect(await answer.json()).toMatchObject({ IsSuccess: false });
    }
  });

  it('refuses an expired password until it is changed', async () => {
    const { ribCx } = await start();
    ribCx.expirePassword(ADA.email);
    expect(await (await login(ribCx)).json()).toMatchObject({
      ErrorMessages: [expect.stringContaining('expired')],
    });
    ribCx.changePassword(ADA.email, 'new');
    expect(await (await login(ribCx)).json()).toMatchObject({ IsSuccess: false });
    expect(await (await login(ribCx, { ...ADA, password: 'new' })).json()).toMatchObject({
      IsSuccess: true,
    });
  });

  it('refuses a body that is not JSON, or lacks a field', async () => {
    const { ribCx } = await start();
    const url = `${ribCx.baseUrl}/Api/Login/ByEmail`;
    const asText = await fetch(url, { method: 'POST', headers: BROWSER, body: '{}' });
    expect(asText.status).toBe(415);
    expect((await post(ribCx, 'ByEmail', { Email: ADA.email })).status).toBe(400);
  });
});

describe('a login by user token', () => {
  const verifyToken = (token: string) =>
    token === 'good' ? { email: 'ADA@example.com' } : undefined;
  const GOOD = { Authorization: 'Bearer good', Bearer: 'good' };

  it.each([
    ['accepts a valid token in both headers', GOOD, true],
    ['refuses one in Authorization alone', { Authorization: 'Bearer good' }, false],
    ['refuses one in Bearer alone', { Bearer: 'good' }, false],
    ['refuses an invalid one', { Authorization: 'Bearer bad', Bearer: 'bad' }, false],
  ] as const)('%s', async (_name, headers, isGood) => {
    const { ribCx } = await start({ verifyToken });
    const answer = await loginByToken(ribCx, headers);
    expect(await answer.json()).toMatchObject({ IsSuccess: isGood });
    expect(ribCx.sessions.size).toBe(isGood ? 1 : 0);
  });

  it('needs a user of this host and an empty body', async () => {
    const { ribCx } = await start({ verifyToken, users: [] });
    expect(await (await loginByToken(ribCx, GOOD)).json()).toMatchObject({ IsSuccess: false });
    expect((await loginByToken(ribCx, GOOD, '{}')).status).toBe(400);
  });
});

describe('a session', () => {
  it('expires when nobody has used it for 60 minutes', async () => {
    const { ribCx, clock } = await start();
    const key = await keyOf(ribCx);
    const since = clock.now();
    await clock.advance(60 * MINUTE - 1);
    expect((await projects(ribCx, key)).status).toBe(200);
    const session = { key, email: ADA.email, since, lastUsed: clock.now() };
    expect(ribCx.sessions.get(key)).toEqual(session);
    await clock.advance(60 * MINUTE);
    expect((await projects(ribCx, key)).status).toBe(401);
    expect(ribCx.sessions.size).toBe(0);
  });

  it('is gone after a restart of RIB CX, and can be answered with a login page', async () => {
    const { ribCx } = await start({ invalidKey: 'login page' });
    const key = await keyOf(ribCx);
    ribCx.forgetSessions();
    const answer = await projects(ribCx, key);
    expect([answer.status, await answer.text()]).toEqual([200, faults.LOGIN_PAGE]);
  });

  it('has a key from the given random source', async () => {
    const { ribCx } = await start({ random: (size) => new Uint8Array(size).fill(1) });
    expect(await keyOf(ribCx)).toMatch(/^(AQEB)+\+\/=$/);
  });
});

describe('projects', () => {
  it('come in pages, each with a link to the next', async () => {
    const { ribCx } = await start({ version: '24.08', pageSizeCap: 2 });
    const key = await keyOf(ribCx);
    const first = await (await projects(ribCx, key, '?take=50')).json();
    expect(first).toMatchObject({ Items: [{}, {}], Count: 3 });
    expect(first.NextPageLink).toBe(`${ribCx.origin}/api/24.08/Api/Project/Get?skip=2&take=2`);
    const second = await fetch(first.NextPageLink, { headers: { ...BROWSER, key } });
    expect(await second.json()).toEqual({
      Items: [{ Name: 'Ridge Tunnel' }],
      NextPageLink: null,
      Count: 3,
    });
  });

  it('are filtered by a timestamp', async () => {
    const { ribCx } = await start();
    const answer = await projects(ribCx, await keyOf(ribCx), '?skip=0&take=1&timestamp=1');
    expect(await answer.json()).toEqual({ Items: [], NextPageLink: null, Count: 0 });
  });
});

describe('an address', () => {
  it('is found in any case, but only with its own version and method', async () => {
    const { ribCx } = await start();
    const get = (path: string) => fetch(ribCx.origin + path, { headers: BROWSER });
    const explorer = await get('/API/latest/api/Help/Index');
    expect([explorer.status, await explorer.text()]).toEqual([
      200,
      expect.stringContaining('api_key'),
    ]);
    expect((await get('/api/24.08/api/help/index')).status).toBe(404);
    const wrongVerb = await get('/api/latest/Api/Login/ByEmail');
    expect([wrongVerb.status, wrongVerb.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it.each([
    ['no browser’s User-Agent', { key: 'k' }],
    ['an Origin from elsewhere', { ...BROWSER, Origin: 'https://evil.example' }],
    ['a Referer from elsewhere', { ...BROWSER, Referer: 'https://evil.example/page' }],
    ['an empty header', { ...BROWSER, key: '' }],
  ])('is behind a firewall that blocks %s', async (_what, headers) => {
    const { ribCx } = await start({ listen: false });
    const answer = await ribCx.fetch(`${ribCx.baseUrl}/Api/Project/Get`, { headers });
    expect([answer.status, await answer.text()]).toEqual([
      403,
      expect.stringContaining('Request Rejected'),
    ]);
  });

  it('is the Return URL, in any case', async () => {
    const { ribCx } = await start();
    await fetch(`${ribCx.origin}/cxR/Authentication?code=1`);
    await fetch(`${ribCx.origin}/CXR/Authentication?code=1`);
    expect(ribCx.journal.count('returnUrl')).toBe(2);
  });
});
