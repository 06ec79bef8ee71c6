import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/virtual-clock.ts';
import { startNexusIc, type Database, type NexusIc, type NexusIcOptions } from './nexus-ic.ts';

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
  const clock = new VirtualClock();
  const nexusIc = await startNexusIc({ clock, users: [ADA], ...options });
  started.push(nexusIc);
  return { nexusIc, clock };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((nexusIc) => nexusIc.stop()));
});

function login(
  { baseUrl }: Database,
  type = 'BASIC',
  value = 'ada:pass:wörd',
  method = 'POST',
): Promise<Response> {
  const Authorization = `${type} ${Buffer.from(value).toString('base64')}`;
  return fetch(`${baseUrl}/security/login`, { method, headers: { Authorization } });
}

async function hashOf(database: Database): Promise<string> {
  return (await (await login(database)).json()).hash;
}

async function statusOf({ baseUrl }: Database, path: string, hash: string): Promise<number> {
  return (await fetch(`${baseUrl}/${path}?hash=${hash}`)).status;
}

describe('a login', () => {
  it('answers with a SecurityHash like the documented one', async () => {
    const { nexusIc } = await start({ users: [{ ...ADA, name: '' }] });

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
  ] as const)(
    'of version %s needs %s and has that version’s fields',
    async (version, verb, fields) => {
      const { nexusIc } = await start({ version });
      const right = await login(nexusIc, undefined, undefined, verb);
      const wrong = await login(nexusIc, undefined, undefined, verb === 'GET' ? 'POST' : 'GET');
      expect(Object.keys(await right.json())).toEqual(fields);
      expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, verb]);
    },
  );

  it('answers a wrong method with 404 if the installation does', async () => {
    const { nexusIc } = await start({ wrongVerb: 404 });
    expect((await login(nexusIc, undefined, undefined, 'GET')).status).toBe(404);
  });

  it.each([
    ['basic', 'ada:pass:wörd'],
    ['APIKEY', 'ADA-KEY'],
    ['apikey', 'ADA-KEY'],
    ['TOKEN', 'ADA-TOKEN'],
  ])('accepts %s', async (type, value) => {
    const { nexusIc } = await start();
    expect((await login(nexusIc, type, value)).status).toBe(200);
  });

  it.each([
    ['BASIC', 'ada:wrong'],
    ['BASIC', 'ADA:pass:wörd'],
    ['BASIC', 'bob:undefined'],
    ['BASIC', 'no colon'],
    ['APIKEY', 'ADA-TOKEN'],
    ['TOKEN', 'ADA-KEY'],
    ['DIGEST', 'ada:pass:wörd'],
  ])('refuses %s with %s', async (type, value) => {
    const { nexusIc } = await start({ users: [ADA, { username: 'bob' }] });
    expect((await login(nexusIc, type, value)).status).toBe(401);
    expect(nexusIc.sessions.size).toBe(0);
  });

  it('refuses credentials that are missing or not in base 64', async () => {
    const { nexusIc } = await start();
    const url = `${nexusIc.baseUrl}/security/login`;
    const headers = { Authorization: 'BASIC ada:pass' };
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(401);
  });

  it.each([
    ['empty', null, ''],
    ['text', 'text/plain', 'Error 401'],
    ['html', 'text/html', expect.stringContaining('<title>Error 401')],
  ] as const)('is refused with a body of the kind %s', async (errorBody, type, body) => {
    const { nexusIc } = await start({ errorBody });
    const answer = await login(nexusIc, 'BASIC', 'ada:wrong');
    expect(answer.headers.get('content-type')).toBe(type);
    expect(await answer.text()).toEqual(body);
  });

  it('needs the new password after a change', async () => {
    const { nexusIc } = await start();
    nexusIc.changePassword('ada', 'new');
    expect((await login(nexusIc)).status).toBe(401);
    expect((await login(nexusIc, 'BASIC', 'ada:new')).status).toBe(200);
  });
});

describe('an address', () => {
  it('is found in any case, but only at its own base path', async () => {
    const { nexusIc } = await start({ basePath: '/icweb.dll' });
    const hash = await hashOf(nexusIc);
    const at = (path: string) => statusOf({ ...nexusIc, baseUrl: nexusIc.origin }, path, hash);
    expect(await at('icweb.dll/version')).toBe(200);
    expect(await at('ICWeb.DLL/version')).toBe(200);
    expect(await at('data/icweb.dll/version')).toBe(404);
    expect(await at('icweb.dll/nothing')).toBe(404);
  });

  it('that is unknown answers a POST like the installation', async () => {
    const { nexusIc } = await start({ postToMissingPath: 405 });
    const url = `${nexusIc.origin}/icweb.dll/security/login`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
  });
});

it('two databases on one host have their own users, sessions and login counts', async () => {
  const [PRODUCTION, TEST] = ['/data/icweb.dll', '/test/data/icweb.dll'];
  const { nexusIc } = await start({ databases: { [TEST]: [{ username: 'bob', password: 'b' }] } });
  const test = nexusIc.database(TEST);

  expect((await login(test)).status).toBe(401);
  expect((await login(test, 'BASIC', 'bob:b')).status).toBe(200);
  expect((await login(nexusIc, 'BASIC', 'bob:b')).status).toBe(401);

  expect([test.loginRequests, nexusIc.loginRequests]).toEqual([2, 1]);
  expect(nexusIc.database(PRODUCTION).loginRequests).toBe(1);
  expect([test.sessions.size, nexusIc.sessions.size]).toEqual([1, 0]);
  const [hash = ''] = test.sessions.keys();
  expect(await statusOf(nexusIc, 'version', hash)).toBe(401);
  expect(await statusOf(test, 'version', hash)).toBe(200);
});

describe('a session', () => {
  it('is proved by version', async () => {
    const { nexusIc } = await start();
    const answer = await fetch(`${nexusIc.baseUrl}/version?hash=${await hashOf(nexusIc)}`);
    expect(await answer.json()).toEqual({ version: '6.9.0.0', schema: '6.9.0' });
  });

  it('ends at logout, but only once', async () => {
    const { nexusIc } = await start();
    const hash = await hashOf(nexusIc);
    expect(await statusOf(nexusIc, 'security/logout', hash)).toBe(200);
    expect(await statusOf(nexusIc, 'security/logout', hash)).toBe(404);
    expect(await statusOf(nexusIc, 'version', hash)).toBe(401);
  });

  it('expires 60 minutes after its last use', async () => {
    const { nexusIc, clock } = await start({ serverIdleMs: Infinity });
    const hash = await hashOf(nexusIc);
    await clock.advance(60 * MINUTE - 1);
    expect(await statusOf(nexusIc, 'version', hash)).toBe(200);
    await clock.advance(60 * MINUTE - 1);
    expect(await statusOf(nexusIc, 'version', hash)).toBe(200);
    await clock.advance(60 * MINUTE);
    expect(await statusOf(nexusIc, 'version', hash)).toBe(401);
    expect(nexusIc.sessions.size).toBe(0);
  });

  it('ends with all others after 10 minutes in which nobody used the server', async () => {
    const { nexusIc, clock } = await start();
    const [mine, theirs] = [await hashOf(nexusIc), await hashOf(nexusIc)];
    await clock.advance(10 * MINUTE - 1);
    expect(await statusOf(nexusIc, 'version', theirs)).toBe(200);
    await clock.advance(10 * MINUTE - 1);
    expect([...nexusIc.sessions.keys()]).toEqual([mine, theirs]);
    expect(await statusOf(nexusIc, 'version', 'not-a-hash')).toBe(401);
    await clock.advance(1);
    expect(await statusOf(nexusIc, 'version', mine)).toBe(401);
    expect(await statusOf(nexusIc, 'version', theirs)).toBe(401);
  });

  it('tells who owns it, when it began and when it was last used', async () => {
    const { nexusIc, clock } = await start();
    const since = clock.now();
    const hash = await hashOf(nexusIc);
    await clock.advance(MINUTE);
    await statusOf(nexusIc, 'version', hash);
    const session = { hash, username: 'ada', since, lastUsed: since + MINUTE };
    expect(nexusIc.sessions.get(hash)).toEqual(session);
  });

  it.each([401, 404, 'login page'] as const)('that expired gets %s', async (invalidHash) => {
    const { nexusIc } = await start({ invalidHash });
    const hash = await hashOf(nexusIc);
    nexusIc.forgetSessions();
    const answer = await fetch(`${nexusIc.baseUrl}/version?hash=${hash}`);
    const isPage = invalidHash === 'login page';
    expect(answer.status).toBe(isPage ? 200 : invalidHash);
    expect((await answer.text()).includes('type="password"')).toBe(isPage);
  });

  it('is not needed to identify the server: version without a hash answers 401', async () => {
    const { nexusIc } = await start({ invalidHash: 'login page' });
    expect((await fetch(`${nexusIc.baseUrl}/version`)).status).toBe(401);
  });

  it('has a hash from the given random source', async () => {
    const { nexusIc } = await start({ random: (size) => new Uint8Array(size).fill(10) });
    expect(await hashOf(nexusIc)).toBe('0A'.repeat(50));
  });
});
