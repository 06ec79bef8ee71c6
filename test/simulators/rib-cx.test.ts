import { afterEach, describe, expect, it } from 'vitest';
import * as faults from './faults.ts';
import { movableClock } from './http-server.ts';
import { startRibCx, type RibCx, type RibCxOptions } from './rib-cx.ts';

const MINUTE = 60_000;
const BROWSER = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x64) Keyvigil' };
const ADA = { email: 'ada@example.com', password: 'pass:wörd' };

const started: RibCx[] = [];

async function start(options: Partial<RibCxOptions> = {}) {
  const clock = movableClock();
  const ribCx = await startRibCx({ clock, users: [ADA], ...options });
  started.push(ribCx);
  return { ribCx, clock };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((ribCx) => ribCx.stop()));
});

/** Over the socket, with Node's own fetch, unless another is handed in. */
function post(ribCx: RibCx, operation: string, body: unknown, fetch = globalThis.fetch) {
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

function loginByToken(ribCx: RibCx, headers: Record<string, string>, body?: string) {
  return fetch(`${ribCx.baseUrl}/Api/Login/ByUserToken`, {
    method: 'POST',
    headers: { ...BROWSER, ...headers },
    ...(body !== undefined && { body }),
  });
}

function projects(ribCx: RibCx, key: string, query = '') {
  return fetch(`${ribCx.baseUrl}/Api/Project/Get${query}`, { headers: { ...BROWSER, key } });
}

describe('the encryption of a password', () => {
  it('answers a JSON string: the same for the same password, and nowhere the password', async () => {
    const { ribCx } = await start();
    const encrypted = await encrypt(ribCx, 'secret');
    expect(encrypted).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(encrypted).not.toContain('secret');
    expect(await encrypt(ribCx, 'secret')).toBe(encrypted);
    expect(await encrypt(ribCx, 'secret2')).not.toBe(encrypted);
  });

  it('answers null where the installation does', async () => {
    const { ribCx } = await start({ encryptPassword: 'null' });
    expect(await encrypt(ribCx, 'secret')).toBeNull();
  });
});

describe('login by email', () => {
  it.each([
    ['result', { Key: expect.any(String), IsSuccess: true, ErrorMessages: [] }],
    ['key only', { Key: expect.any(String) }],
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
  ] as const)('refuses by %s', async (refusal, status, body) => {
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

  it('refuses the password as it is, and one encrypted elsewhere', async () => {
    const [{ ribCx }, { ribCx: other }] = [await start(), await start()];
    for (const EncryptedPassword of [ADA.password, await encrypt(other, ADA.password)]) {
      const answer = await post(ribCx, 'ByEmail', { Email: ADA.email, EncryptedPassword });
      expect(await answer.json()).toMatchObject({ IsSuccess: false });
    }
  });

  it('refuses a password that has expired, until it is changed', async () => {
    const { ribCx, clock } = await start();
    ribCx.expirePassword(ADA.email);
    expect(await (await login(ribCx)).json()).toMatchObject({
      ErrorMessages: [expect.stringContaining('expired')],
    });
    ribCx.changePassword(ADA.email, 'new');
    clock.advance(MINUTE);
    expect(await (await login(ribCx)).json()).toMatchObject({ IsSuccess: false });
    expect(await (await login(ribCx, { ...ADA, password: 'new' })).json()).toMatchObject({
      IsSuccess: true,
    });
  });

  it('refuses what is no JSON, or not all of it', async () => {
    const { ribCx } = await start();
    const url = `${ribCx.baseUrl}/Api/Login/ByEmail`;
    const asText = await fetch(url, { method: 'POST', headers: BROWSER, body: '{}' });
    expect(asText.status).toBe(415);
    expect((await post(ribCx, 'ByEmail', { Email: ADA.email })).status).toBe(400);
  });
});

describe('login by user token', () => {
  const verifyToken = (token: string) =>
    token === 'good' ? { email: 'ADA@example.com' } : undefined;

  it.each([
    ['either', { Authorization: 'Bearer good' }, true],
    ['either', { Bearer: 'good' }, true],
    ['either', {}, false],
    ['either', { Bearer: 'bad' }, false],
    ['authorization', { Authorization: 'Bearer good' }, true],
    ['authorization', { Bearer: 'good' }, false],
    ['bearer', { Authorization: 'Bearer good' }, false],
    ['bearer', { Bearer: 'good' }, true],
    ['both', { Bearer: 'good' }, false],
    ['both', { Authorization: 'Bearer good', Bearer: 'good' }, true],
  ] as const)('where %s is read, %j: %s', async (tokenHeader, headers, good) => {
    const { ribCx } = await start({ verifyToken, tokenHeader });
    const answer = await loginByToken(ribCx, headers);
    expect(await answer.json()).toMatchObject({ IsSuccess: good });
    expect(ribCx.sessions.size).toBe(good ? 1 : 0);
  });

  it('needs a user of this installation, and an empty body', async () => {
    const { ribCx } = await start({ verifyToken, users: [] });
    const headers = { Bearer: 'good' };
    expect(await (await loginByToken(ribCx, headers)).json()).toMatchObject({ IsSuccess: false });
    expect((await loginByToken(ribCx, headers, '{}')).status).toBe(400);
  });
});

describe('a session', () => {
  it('ends when it has not been used for the idle time', async () => {
    const { ribCx, clock } = await start();
    const key = await keyOf(ribCx);
    const since = clock.now();
    clock.advance(60 * MINUTE - 1);
    expect((await projects(ribCx, key)).status).toBe(200);
    const session = { key, email: ADA.email, since, lastUsed: clock.now() };
    expect(ribCx.sessions.get(key)).toEqual(session);
    clock.advance(60 * MINUTE);
    expect((await projects(ribCx, key)).status).toBe(401);
    expect(ribCx.sessions.size).toBe(0);
  });

  it('is forgotten by a server that restarts, but not by a network that fails', async () => {
    const { ribCx } = await start();
    const key = await keyOf(ribCx);
    await ribCx.stop();
    const cause = { code: 'ECONNREFUSED' };
    await expect(projects(ribCx, key)).rejects.toMatchObject({ cause });
    await ribCx.restart();
    expect((await projects(ribCx, key)).status).toBe(200);
    ribCx.forgetSessions();
    expect((await projects(ribCx, key)).status).toBe(401);
  });

  it('that is over can be answered with a login page', async () => {
    const { ribCx } = await start({ invalidKey: 'login page' });
    const answer = await projects(ribCx, 'no key');
    expect([answer.status, await answer.text()]).toEqual([200, faults.LOGIN_PAGE]);
  });
});

describe('projects', () => {
  it('come in pages, each of which leads to the next', async () => {
    const { ribCx } = await start({ version: '24.08', pageSizeCap: 2 });
    const key = await keyOf(ribCx);
    const first = await (await projects(ribCx, key, '?take=50&timestamp=0')).json();
    expect(first).toMatchObject({ Items: [{ Id: 1 }, { Id: 2 }], Count: 3 });
    expect(first.NextPageLink).toBe(
      `${ribCx.origin}/api/24.08/Api/Project/Get?take=2&timestamp=0&skip=2`,
    );
    const second = await fetch(first.NextPageLink, { headers: { ...BROWSER, key } });
    expect(await second.json()).toEqual({
      Items: [{ Id: 3, Name: 'Ridge Tunnel' }],
      NextPageLink: null,
      Count: 3,
    });
  });
});

describe('an address', () => {
  it('is found in any case, of its own version, with its own verb alone', async () => {
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

  it.each([403, 200] as const)('is behind a firewall that answers %s', async (firewallStatus) => {
    const { ribCx } = await start({ firewallStatus });
    const answer = await fetch(`${ribCx.baseUrl}/Api/Project/Get`, { headers: { key: 'k' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      firewallStatus,
      'text/html; charset=utf-8',
    ]);
    expect(await answer.text()).toContain('Request Rejected');
  });

  it('counts requests for the Return URL, however it is written', async () => {
    const { ribCx } = await start();
    await fetch(`${ribCx.origin}/cxR/Authentication?code=1`, { headers: BROWSER });
    await fetch(`${ribCx.origin}/CXR/Authentication?code=1`);
    expect(ribCx.journal.count('returnUrl')).toBe(2);
  });
});

it('has faults, and works in process, with keys from the random source it was given', async () => {
  let seed = 0;
  const random = (size: number) => new Uint8Array(size).fill(seed++);
  const { ribCx } = await start({ random, listen: false });
  const login = async () => {
    const encrypted = await post(ribCx, 'EncryptPassword', { Password: ADA.password }, ribCx.fetch);
    const EncryptedPassword = await encrypted.json();
    return post(ribCx, 'ByEmail', { Email: ADA.email, EncryptedPassword }, ribCx.fetch);
  };

  ribCx.faults.next(faults.serviceUnavailable(), { route: 'loginByEmail' });
  expect((await login()).status).toBe(503);
  const { Key } = await (await login()).json();
  expect([...ribCx.sessions.keys()]).toEqual([Key]);
  expect(Key).toMatch(/^(AQEB)+/);
});
