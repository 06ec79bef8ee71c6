import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import * as faults from './faults.ts';
import { movableClock } from './http-server.ts';
import { startNexusIc, type NexusIc, type NexusIcOptions } from './nexus-ic.ts';

const MINUTE = 60_000;
const ADA = {
  username: 'ada',
  password: 'pass:wörd',
  apiKey: 'ADA-KEY',
  emailToken: 'ADA-TOKEN',
  id: 4,
  name: 'Ada Lovelace',
};

const started: NexusIc[] = [];

async function start(options: Partial<NexusIcOptions> = {}) {
  const clock = movableClock();
  const nexusIc = await startNexusIc({ clock, users: [ADA], ...options });
  started.push(nexusIc);
  return { nexusIc, clock };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((nexusIc) => nexusIc.stop()));
});

function authorization(type: string, value: string) {
  return { Authorization: `${type} ${Buffer.from(value).toString('base64')}` };
}

/** Over the socket, with Node's own fetch, unless another is handed in. */
function login(
  nexusIc: NexusIc,
  type = 'BASIC',
  value = 'ada:pass:wörd',
  fetch = globalThis.fetch,
) {
  const method = nexusIc.version === '6.9' ? 'POST' : 'GET';
  const headers = authorization(type, value);
  return fetch(`${nexusIc.baseUrl}/security/login`, { method, headers });
}

async function hashOf(nexusIc: NexusIc): Promise<string> {
  return (await (await login(nexusIc)).json()).hash;
}

function call(nexusIc: NexusIc, path: string, hash: string) {
  return fetch(`${nexusIc.baseUrl}/${path}?hash=${hash}`);
}

describe('login', () => {
  it('answers a SecurityHash as the documentation shows it', async () => {
    const { nexusIc } = await start({ users: [{ ...ADA, name: ' ' }] });

    const answer = await login(nexusIc);

    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      hash: expect.stringMatching(/^[0-9A-F]{100}$/),
      id: 4,
      username: 'ada',
      license: 'write',
      allowPasswordChange: false,
    });
  });

  it.each([
    ['6.3', 'GET', ['hash', 'id', 'username', 'license']],
    ['6.5', 'GET', ['hash', 'id', 'username', 'license']],
    ['6.6', 'GET', ['hash', 'id', 'username', 'license', 'allowPasswordChange']],
    ['6.8', 'GET', ['hash', 'id', 'username', 'license', 'allowPasswordChange', 'name']],
    ['6.9', 'POST', ['hash', 'id', 'username', 'license', 'allowPasswordChange', 'name']],
  ] as const)('of %s is by %s, with the fields of that version', async (version, verb, fields) => {
    const { nexusIc } = await start({ version });

    const request = (method: string) =>
      fetch(`${nexusIc.baseUrl}/security/login`, {
        method,
        headers: authorization('BASIC', 'ada:pass:wörd'),
      });
    const wrong = await request(verb === 'GET' ? 'POST' : 'GET');

    expect(Object.keys(await (await request(verb)).json())).toEqual(fields);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, verb]);
  });

  it('answers 404 to the wrong verb where the installation does', async () => {
    const { nexusIc } = await start({ wrongVerb: 404 });
    expect((await fetch(`${nexusIc.baseUrl}/security/login`)).status).toBe(404);
  });

  it.each([
    ['BASIC', 'ada:pass:wörd'],
    ['basic', 'ada:pass:wörd'],
    ['APIKEY', 'ADA-KEY'],
    ['apikey', 'ADA-KEY'],
    ['TOKEN', 'ADA-TOKEN'],
  ])('takes %s', async (type, value) => {
    const { nexusIc } = await start();
    expect((await login(nexusIc, type, value)).status).toBe(200);
  });

  it.each([
    ['BASIC', 'ada:wrong'],
    ['BASIC', 'ADA:pass:wörd'],
    ['BASIC', 'no colon'],
    ['APIKEY', 'ADA-TOKEN'],
    ['TOKEN', 'ADA-KEY'],
    ['DIGEST', 'ada:pass:wörd'],
  ])('answers 401 to %s with %s', async (type, value) => {
    const { nexusIc } = await start();
    expect((await login(nexusIc, type, value)).status).toBe(401);
    expect(nexusIc.sessions.size).toBe(0);
  });

  it('answers 401 to credentials that are missing or not base 64', async () => {
    const { nexusIc } = await start();
    const url = `${nexusIc.baseUrl}/security/login`;
    const broken = { headers: { Authorization: 'BASIC ada:pass' }, method: 'POST' };
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    expect((await fetch(url, broken)).status).toBe(401);
  });

  it.each([
    ['empty', null, ''],
    ['text', 'text/plain', '401 Unauthorized'],
    ['html', 'text/html; charset=utf-8', expect.stringContaining('<title>401')],
  ] as const)('refuses with a body that is %s', async (errorBody, type, body) => {
    const { nexusIc } = await start({ errorBody });
    const answer = await login(nexusIc, 'BASIC', 'ada:wrong');
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toEqual(body);
  });

  it('follows a changed password', async () => {
    const { nexusIc } = await start();
    nexusIc.changePassword('ada', 'new');
    expect((await login(nexusIc)).status).toBe(401);
    expect((await login(nexusIc, 'BASIC', 'ada:new')).status).toBe(200);
  });
});

describe('an address', () => {
  it('is found in any case, at its own base path alone', async () => {
    const { nexusIc } = await start({ basePath: '/icweb.dll' });
    const hash = await hashOf(nexusIc);
    const statusOf = async (path: string) =>
      (await fetch(`${nexusIc.origin}${path}?hash=${hash}`)).status;

    expect(await statusOf('/icweb.dll/version')).toBe(200);
    expect(await statusOf('/ICWeb.DLL/version')).toBe(200);
    expect(await statusOf('/data/icweb.dll/version')).toBe(404);
    expect(await statusOf('/icweb.dll/nothing')).toBe(404);
  });

  it('that leads nowhere answers a POST as the installation does', async () => {
    const { nexusIc } = await start({ postToMissingPath: 405 });
    const url = `${nexusIc.origin}/icweb.dll/security/login`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });
});

describe('a session', () => {
  it('is proven by version', async () => {
    const { nexusIc } = await start({ version: '6.7' });
    const answer = await call(nexusIc, 'version', await hashOf(nexusIc));
    expect(await answer.json()).toEqual({ version: '6.7.0.0', schema: '6.7.0' });
  });

  it('ends at logout, and only once', async () => {
    const { nexusIc } = await start();
    const hash = await hashOf(nexusIc);
    expect((await call(nexusIc, 'security/logout', hash)).status).toBe(200);
    expect((await call(nexusIc, 'security/logout', hash)).status).toBe(404);
    expect((await call(nexusIc, 'version', hash)).status).toBe(401);
  });

  it('expires 60 minutes after its last use, which each call renews', async () => {
    const { nexusIc, clock } = await start({ serverIdleMs: Infinity });
    const hash = await hashOf(nexusIc);

    clock.advance(60 * MINUTE - 1);
    expect((await call(nexusIc, 'version', hash)).status).toBe(200);
    clock.advance(60 * MINUTE - 1);
    expect((await call(nexusIc, 'bo/Component/', hash)).status).toBe(200);
    clock.advance(60 * MINUTE);
    expect((await call(nexusIc, 'version', hash)).status).toBe(401);
    expect(nexusIc.sessions.size).toBe(0);
  });

  it('ends with all others after 10 minutes in which nobody used the server', async () => {
    const { nexusIc, clock } = await start();
    const [mine, theirs] = [await hashOf(nexusIc), await hashOf(nexusIc)];

    clock.advance(10 * MINUTE - 1);
    await call(nexusIc, 'version', theirs);
    clock.advance(10 * MINUTE - 1);
    expect([...nexusIc.sessions.keys()]).toEqual([mine, theirs]);
    await call(nexusIc, 'version', 'not a hash');
    clock.advance(1);
    expect((await call(nexusIc, 'version', mine)).status).toBe(401);
    expect((await call(nexusIc, 'version', theirs)).status).toBe(401);
  });

  it('can be read: whose it is, since when, last used when', async () => {
    const { nexusIc, clock } = await start();
    const since = clock.now();
    const hash = await hashOf(nexusIc);
    clock.advance(MINUTE);
    await call(nexusIc, 'version', hash);
    const session = { hash, username: 'ada', since, lastUsed: since + MINUTE };
    expect(nexusIc.sessions.get(hash)).toEqual(session);
  });

  it('is forgotten by a server that restarts, but not by a network that fails', async () => {
    const { nexusIc } = await start();
    const hash = await hashOf(nexusIc);

    await nexusIc.stop();
    const cause = { code: 'ECONNREFUSED' };
    await expect(call(nexusIc, 'version', hash)).rejects.toMatchObject({ cause });
    await nexusIc.restart();
    expect((await call(nexusIc, 'version', hash)).status).toBe(200);
    nexusIc.forgetSessions();
    expect((await call(nexusIc, 'version', hash)).status).toBe(401);
  });

  it.each([401, 404, 'login page'] as const)('that is over is answered with %s', async (kind) => {
    const { nexusIc } = await start({ invalidHash: kind });
    const answer = await call(nexusIc, 'version', 'not a hash');
    expect(answer.status).toBe(kind === 'login page' ? 200 : kind);
    if (kind === 'login page') expect(await answer.text()).toContain('type="password"');
  });
});

describe('a listing', () => {
  it('comes in pages', async () => {
    const tables = { Component: Array.from({ length: 130 }, (_, id) => ({ Component_ID: id })) };
    const { nexusIc } = await start({ tables });
    const list = async (query: string) =>
      (await call(nexusIc, 'bo/Component/', `${await hashOf(nexusIc)}${query}`)).json();

    const first = await list('');
    expect(first).toMatchObject({ startRow: 0, pageSize: 100, totalRows: 130 });
    expect(first.rows).toHaveLength(100);
    expect((await list('&startRow=128&pageSize=5')).rows).toEqual(tables.Component.slice(128));
  });

  it('accepts a filter and a sort, and has no unknown table', async () => {
    const { nexusIc } = await start();
    const hash = await hashOf(nexusIc);
    const headers = {
      'X-NEXUS-Filter': '{"where":[{"field":"Name","value":"Riser"}]}',
      'X-NEXUS-Sort': '[{"field":"Name"}]',
    };
    const url = `${nexusIc.baseUrl}/bo/Component/?hash=${hash}`;
    expect((await fetch(url, { headers })).status).toBe(200);
    expect((await call(nexusIc, 'bo/Nothing/', hash)).status).toBe(404);
  });
});

describe('an email token', () => {
  const swap = (nexusIc: NexusIc, token: string) =>
    fetch(`${nexusIc.baseUrl}/security/validateCookieToken?token=${token}`);

  it('is swapped once, for one that lasts 90 days', async () => {
    const { nexusIc, clock } = await start();
    const { token } = await (await swap(nexusIc, 'ADA-TOKEN')).json();

    expect((await swap(nexusIc, 'ADA-TOKEN')).status).toBe(401);
    expect((await login(nexusIc, 'TOKEN', 'ADA-TOKEN')).status).toBe(401);
    clock.advance(90 * 24 * 60 * MINUTE - 1);
    expect((await login(nexusIc, 'TOKEN', token)).status).toBe(200);
    clock.advance(1);
    expect((await login(nexusIc, 'TOKEN', token)).status).toBe(401);
    expect((await login(nexusIc, 'TOKEN', nexusIc.issueEmailToken('ada'))).status).toBe(200);
  });

  it('cannot be swapped before 6.5', async () => {
    const { nexusIc } = await start({ version: '6.4' });
    expect((await swap(nexusIc, 'ADA-TOKEN')).status).toBe(404);
  });
});

describe('the journal', () => {
  it('has each request, and counts logins', async () => {
    const { nexusIc, clock } = await start();
    const hash = await hashOf(nexusIc);
    await login(nexusIc, 'BASIC', 'ada:wrong');
    await call(nexusIc, 'version', hash);

    expect(nexusIc.loginRequests).toBe(2);
    expect(nexusIc.journal.count('login', 401)).toBe(1);
    const entry = nexusIc.journal.entries.at(-1);
    expect(entry).toMatchObject({ method: 'GET', path: '/data/icweb.dll/version', status: 200 });
    expect(entry).toMatchObject({ at: clock.now(), route: 'version' });
    expect(entry?.query.get('hash')).toBe(hash);
    expect(nexusIc.journal.entries[0]?.headers.get('authorization')).toMatch(/^BASIC /);
  });
});

// Each fault is the same to a client, with a socket and without.
describe.each([
  ['over a socket', true],
  ['in process', false],
])('a fault, %s', (_, listen) => {
  async function faulty(fault?: faults.Fault) {
    const { nexusIc, clock } = await start({ listen });
    const fetch = listen ? globalThis.fetch : nexusIc.fetch;
    if (fault) nexusIc.faults.next(fault);
    return { nexusIc, clock, fetch, answer: () => login(nexusIc, undefined, undefined, fetch) };
  }

  it.each([
    ['500', faults.serverError(), 500, {}],
    ['503', faults.serviceUnavailable({ retryAfter: 120 }), 503, { 'retry-after': '120' }],
    [
      '503 until a date',
      faults.serviceUnavailable({ retryAfter: new Date(Date.UTC(2025, 0, 6, 9)) }),
      503,
      { 'retry-after': 'Mon, 06 Jan 2025 09:00:00 GMT', date: 'Mon, 06 Jan 2025 08:00:00 GMT' },
    ],
    ['429', faults.tooManyRequests({ retryAfter: 7 }), 429, { 'retry-after': '7' }],
    ['an HTML page', faults.htmlPage(), 200, { 'content-type': 'text/html; charset=utf-8' }],
    ['a login page', faults.loginPage(), 200, { 'content-type': 'text/html; charset=utf-8' }],
  ])('can be %s, and the server does no work', async (_name, fault, status, headers) => {
    const { nexusIc, answer } = await faulty(fault);
    const response = await answer();
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect(nexusIc.sessions.size).toBe(0);
    expect((await answer()).status).toBe(200);
  });

  it('can be a redirect, to a login page unless told otherwise', async () => {
    const { nexusIc, fetch, answer } = await faulty(faults.redirect());
    const response = await answer();
    expect([response.status, response.redirected]).toEqual([200, true]);
    expect(response.url).toBe(nexusIc.origin + faults.LOGIN_PAGE_PATH);
    expect(await response.text()).toBe(faults.LOGIN_PAGE);

    nexusIc.faults.next(faults.redirect());
    const manual = await fetch(`${nexusIc.baseUrl}/version`, { redirect: 'manual' });
    expect(manual.headers.get('location')).toBe(faults.LOGIN_PAGE_PATH);
    nexusIc.faults.next(faults.redirect());
    const refused = fetch(`${nexusIc.baseUrl}/version`, { redirect: 'error' });
    await expect(refused).rejects.toThrow(TypeError);
  });

  it.each([
    ['invalid JSON', faults.invalidJson()],
    ['an empty body', faults.emptyBody()],
  ])('can be %s, after the server did its work', async (_name, fault) => {
    const { nexusIc, answer } = await faulty(fault);
    const response = await answer();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(nexusIc.sessions.size).toBe(1);
  });

  it('can be a field that is missing or of another type', async () => {
    const { nexusIc, answer } = await faulty(faults.missingField('hash'));
    expect(Object.keys(await (await answer()).json())).not.toContain('hash');
    nexusIc.faults.next(faults.changedField('id', '4'));
    expect(await (await answer()).json()).toMatchObject({ id: '4', username: 'ada' });
  });

  it('can be an answer cut off within its body, after the server did its work', async () => {
    const { nexusIc, answer } = await faulty(faults.cutOff(10));
    const response = await answer();
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(10);
    await expect(reader?.read()).rejects.toThrow(TypeError);
    expect(nexusIc.sessions.size).toBe(1);
  });

  it.each([
    ['reset', faults.connectionReset()],
    ['refused', faults.connectionRefused()],
  ])('can be a connection that is %s: the request is known, its answer is none', async (_n, f) => {
    const { nexusIc, answer } = await faulty(f);
    await expect(answer()).rejects.toThrow(TypeError);
    expect(nexusIc.journal.entries).toMatchObject([{ route: 'login', status: undefined }]);
    expect(nexusIc.sessions.size).toBe(0);
  });

  it('can be an answer that is slow', async () => {
    const { answer } = await faulty(faults.slow(20));
    const before = performance.now();
    expect((await answer()).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(15);
  });

  it('can be an answer held back until it is released', async () => {
    const gate = faults.held();
    const { nexusIc, fetch, answer } = await faulty(gate);
    const pending = answer();
    await worked(nexusIc);
    expect((await fetch(`${nexusIc.baseUrl}/version`)).status).toBe(401);
    expect(nexusIc.journal.entries[0]?.status).toBeUndefined();
    gate.release();
    expect((await pending).status).toBe(200);
  });

  it('leaves a client free to hang up while it waits', async () => {
    const { nexusIc, fetch } = await faulty(faults.held());
    const { signal, abort } = hangUp();
    const pending = fetch(`${nexusIc.baseUrl}/version`, { signal });
    await arrived(nexusIc);
    abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('does not keep a server from stopping', async () => {
    const { nexusIc, answer } = await faulty(faults.held());
    const pending = answer();
    const failed = expect(pending).rejects.toThrow(TypeError);
    await worked(nexusIc);
    await nexusIc.stop();
    await failed;
  });

  it('strikes the route, the requests and the number of times it is meant for', async () => {
    const { nexusIc, fetch } = await faulty();
    const statusOf = async (path: string) => (await fetch(`${nexusIc.baseUrl}/${path}`)).status;
    const where = (request: Request) => request.url.includes('hash=mine');
    nexusIc.faults.next(faults.serverError(), { route: 'version', times: 2 });
    nexusIc.faults.always(faults.tooManyRequests(), { where });

    expect(await statusOf('security/logout')).toBe(404);
    expect([await statusOf('version'), await statusOf('version')]).toEqual([500, 500]);
    expect(await statusOf('version')).toBe(401);
    expect(await statusOf('version?hash=mine')).toBe(429);
    expect(await statusOf('security/logout?hash=mine')).toBe(429);
    nexusIc.faults.clear();
    expect(await statusOf('version?hash=mine')).toBe(401);
  });

  it('that does not fit the answer is not passed over in silence', async () => {
    const { nexusIc, fetch } = await faulty(faults.missingField('hash'));
    const body = fetch(`${nexusIc.baseUrl}/version`).then((response) => response.text());
    const said = await body.catch((error: unknown) => String(error));
    expect(said).toMatch(/JSON/);
  });
});

it('keeps connections open where asked to, and still stops', async () => {
  const { nexusIc } = await start({ keepAlive: true });
  expect((await login(nexusIc)).headers.get('connection')).toBe('keep-alive');
});

it('logs in many users in process with hashes from the random source it was given', async () => {
  const users = Array.from({ length: 200 }, (_, n) => ({ username: `u${n}`, password: 'p' }));
  let seed = 0;
  const random = (size: number) => new Uint8Array(size).fill(seed++);
  const { nexusIc } = await start({ users, random, listen: false });

  for (const { username } of users) await login(nexusIc, 'BASIC', `${username}:p`, nexusIc.fetch);

  expect(nexusIc.sessions.size).toBe(200);
  expect(nexusIc.sessions.get('0A'.repeat(50))?.username).toBe('u10');
});

function hangUp() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Until the simulator has seen a first request. */
async function arrived(nexusIc: NexusIc) {
  while (nexusIc.journal.entries.length === 0) await turn();
}

/** Until the simulator has opened a first session. */
async function worked(nexusIc: NexusIc) {
  while (nexusIc.sessions.size === 0) await turn();
}
