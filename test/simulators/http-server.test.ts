/** Faults, journal and sockets are the same for every simulator, so these tests use only the simulator of NEXUS IC. */
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../support/virtual-clock.ts';
import * as faults from './faults.ts';
import { startNexusIc, type NexusIc, type NexusIcOptions } from './nexus-ic.ts';

const started: NexusIc[] = [];

async function start(options: Partial<NexusIcOptions> = {}) {
  const clock = new VirtualClock(Date.UTC(2025, 0, 6, 8));
  const users = [{ username: 'ada', apiKey: 'K' }];
  const nexusIc = await startNexusIc({ clock, users, ...options });
  started.push(nexusIc);
  const fetch = options.listen === false ? nexusIc.fetch : globalThis.fetch;
  const headers = { Authorization: `APIKEY ${Buffer.from('K').toString('base64')}` };
  const login = () => fetch(`${nexusIc.baseUrl}/security/login`, { method: 'POST', headers });
  const version = (hash = '', init: RequestInit = {}) =>
    fetch(`${nexusIc.baseUrl}/version?hash=${hash}`, init);
  return { nexusIc, clock, login, version };
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((nexusIc) => nexusIc.stop()));
});

describe.each([
  ['over a socket', true],
  ['in process', false],
])('a fault, %s', (_, listen) => {
  async function faulty(fault?: faults.Fault) {
    const world = await start({ listen });
    if (fault) world.nexusIc.faults.next(fault);
    return world;
  }

  const date = 'Mon, 06 Jan 2025 08:00:00 GMT';
  const html = 'text/html; charset=utf-8';
  it.each([
    ['500', faults.serverError(), 500, { date }],
    ['503', faults.serviceUnavailable({ retryAfter: 120 }), 503, { 'retry-after': '120' }],
    ['429', faults.tooManyRequests({ retryAfter: 7 }), 429, { 'retry-after': '7' }],
    ['an HTML page', faults.htmlPage(), 200, { 'content-type': html }],
    ['a login page', faults.loginPage(), 200, { 'content-type': html }],
  ])('can be %s, once, and the server does no work', async (_name, fault, status, headers) => {
    const { nexusIc, login } = await faulty(fault);
    const response = await login();
    expect(response.status).toBe(status);
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
    expect(nexusIc.sessions.size).toBe(0);
    expect((await login()).status).toBe(200);
  });

  it('can be a redirect', async () => {
    const { nexusIc, version } = await faulty(faults.redirect());
    const manual = await version('', { redirect: 'manual' });
    expect(manual.headers.get('location')).toBe('https://portal.example/');
    nexusIc.faults.next(faults.redirect());
    await expect(version('', { redirect: 'error' })).rejects.toThrow(TypeError);
  });

  it.each([
    ['invalid JSON', faults.invalidJson()],
    ['an empty body', faults.emptyBody()],
  ])('can be %s, after the server did its work', async (_name, fault) => {
    const { nexusIc, login } = await faulty(fault);
    const response = await login();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(nexusIc.sessions.size).toBe(1);
  });

  it('can be a missing field, or a field of another type', async () => {
    const { nexusIc, login } = await faulty(faults.missingField('hash'));
    expect(Object.keys(await (await login()).json())).not.toContain('hash');
    nexusIc.faults.next(faults.changedField('id', '4'));
    expect(await (await login()).json()).toMatchObject({ id: '4', username: 'ada' });
  });

  it('can be an answer that is cut off in its body, after the server did its work', async () => {
    const { nexusIc, login } = await faulty(faults.cutOff(10));
    const response = await login();
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toHaveLength(10);
    await expect(reader?.read()).rejects.toThrow(TypeError);
    expect(nexusIc.sessions.size).toBe(1);
  });

  it.each([
    ['reset', faults.connectionReset()],
    ['refused', faults.connectionRefused()],
  ])('can be a %s connection: the journal has the request without an answer', async (_n, fault) => {
    const { nexusIc, login } = await faulty(fault);
    await expect(login()).rejects.toThrow(TypeError);
    expect(nexusIc.journal.entries).toMatchObject([{ route: 'login', status: undefined }]);
    expect(nexusIc.sessions.size).toBe(0);
  });

  it('can hold an answer until it is released', async () => {
    const held = faults.held();
    const { nexusIc, login, version } = await faulty(held);
    const pending = login();
    await until(() => nexusIc.sessions.size === 1);
    expect((await version()).status).toBe(401);
    expect(nexusIc.journal.entries[0]?.status).toBeUndefined();
    held.release();
    expect((await pending).status).toBe(200);
  });

  it('that holds an answer lets the client hang up', async () => {
    const { nexusIc, version } = await faulty(faults.held());
    const hangUp = new AbortController();
    const pending = version('', { signal: hangUp.signal });
    await until(() => nexusIc.journal.entries.length === 1);
    hangUp.abort();
    await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that holds an answer lets the server stop', async () => {
    const { nexusIc, login } = await faulty(faults.held());
    const failed = expect(login()).rejects.toThrow(TypeError);
    await until(() => nexusIc.sessions.size === 1);
    await nexusIc.stop();
    await failed;
  });

  it('affects only the requests in its scope', async () => {
    const { nexusIc, login, version } = await faulty();
    const where = (request: Request) => request.url.includes('hash=mine');
    nexusIc.faults.next(faults.serverError(), { route: 'version' });
    nexusIc.faults.always(faults.tooManyRequests(), { where });

    expect((await login()).status).toBe(200);
    expect([(await version()).status, (await version()).status]).toEqual([500, 401]);
    expect([(await version('mine')).status, (await version('mine')).status]).toEqual([429, 429]);
    nexusIc.faults.clear();
    expect((await version('mine')).status).toBe(401);
  });

  it('that does not fit the answer is reported', async () => {
    const { version } = await faulty(faults.missingField('hash'));
    const body = version().then((response) => response.text());
    expect(await body.catch((error: unknown) => String(error))).toMatch(/JSON/);
  });

  it('can be a server that stops, and later restarts with its sessions', async () => {
    const { nexusIc, login, version } = await faulty();
    const { hash } = await (await login()).json();
    await nexusIc.stop();
    const cause = { code: 'ECONNREFUSED' };
    await expect(version(hash)).rejects.toMatchObject({ cause });
    await nexusIc.restart();
    expect((await version(hash)).status).toBe(200);
  });
});

it('the journal has each request, and counts by route, status and path', async () => {
  const { nexusIc, clock, login, version } = await start();
  const { hash } = await (await login()).json();
  await version('wrong');
  await version(hash);

  const { journal } = nexusIc;
  expect([journal.count('version'), journal.count('version', 401)]).toEqual([2, 1]);
  expect(journal.countPath('/data/ICWeb.dll/version')).toBe(2);
  const path = '/data/icweb.dll/version';
  const entry = { method: 'GET', path, route: 'version', status: 200, at: clock.now() };
  expect(journal.entries.at(-1)).toMatchObject(entry);
  expect(journal.entries.at(-1)?.query.get('hash')).toBe(hash);
  expect(journal.entries[0]?.headers.get('authorization')).toMatch(/^APIKEY /);
});

it('a journal with a limit forgets old requests, but still counts them', async () => {
  const { nexusIc, version } = await start({ listen: false, journalLimit: 2 });
  for (let i = 0; i < 5; i++) await version();
  expect(nexusIc.journal.entries.length).toBeLessThan(5);
  expect(nexusIc.journal.count('version')).toBe(5);
});

it('a server that keeps connections open can still stop', async () => {
  const { login } = await start({ keepAlive: true });
  expect((await login()).headers.get('connection')).toBe('keep-alive');
});

async function until(isTrue: () => boolean) {
  while (!isTrue()) await turn();
}
