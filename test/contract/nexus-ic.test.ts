/** Tests the client of NEXUS IC against the simulator, over real HTTP. */
import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE_MS, systemClock } from '../../main/clock.ts';
import { success } from '../../main/result.ts';
import { nexusIc } from '../../main/systems/nexus-ic/index.ts';
import type { Client, FieldValues, Target } from '../../main/systems/system.ts';
import * as faults from '../simulators/faults.ts';
import { startNexusIc, type NexusIc, type NexusIcOptions } from '../simulators/nexus-ic.ts';
import { unlimited } from '../support/unlimited.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const USER = {
  username: 'engineer1',
  password: 'pa:ss wörd ✓',
  apiKey: 'E05DEB576:05BA82C',
  emailToken: 'TOKEN-0123456789',
  name: 'Zoë Müller',
};
const METHODS: [string, FieldValues][] = [
  ['password', { userName: USER.username, password: USER.password }],
  ['api-key', { apiKey: USER.apiKey }],
  ['email-token', { emailToken: USER.emailToken }],
];
const [PASSWORD] = METHODS.map(([, values]) => values) as [FieldValues];

let server: NexusIc;
let clock: VirtualClock;
const never = new AbortController().signal;
const silently = { signal: never, replaceSecrets: () => Promise.resolve() };

async function start(options: Partial<NexusIcOptions> = {}): Promise<NexusIc> {
  clock = new VirtualClock();
  server = await startNexusIc({ clock, users: [USER], ...options });
  return server;
}

interface Options {
  learned?: FieldValues;
  address?: string;
  timeLimitMs?: number;
}

function targetOf(
  methodId = 'password',
  { learned = {}, address = server.origin }: Options = {},
): Target {
  const reading = nexusIc.readAddress(address);
  if (!reading.ok) throw new Error(reading.error);
  return { address: reading.value, methodId, values: {}, learned };
}

function connect(methodId?: string, options: Options = {}): Client {
  const { timeLimitMs = 15_000 } = options;
  return nexusIc.connect(targetOf(methodId, options), {
    fetch,
    limit: unlimited,
    clock: systemClock,
    timeLimitMs,
  });
}

async function signedIn() {
  const outcome = await connect().logIn(PASSWORD, silently);
  if (!outcome.ok) throw new Error(outcome.error.message);
  const { key, learned } = outcome.value;
  return { key, client: connect('password', { learned }) };
}

afterEach(() => server.stop());

describe.each(['6.3', '6.4', '6.5', '6.6', '6.7', '6.8', '6.9'] as const)(
  'version %s',
  (version) => {
    describe.each(['/data/icweb.dll', '/icweb.dll'] as const)('at %s', (basePath) => {
      it.each(METHODS)('signs in by %s and proves the key', async (method, values) => {
        await start({ version, basePath });
        const outcome = await connect(method).logIn(values, silently);
        if (!outcome.ok) throw new Error(outcome.error.message);
        const { key, learned, facts } = outcome.value;
        expect([...server.sessions.keys()]).toEqual([key]);
        expect(facts).toContainEqual({ label: 'User name', value: USER.username });

        const client = connect(method, { learned });
        expect(await client.keepAlive(key, never)).toEqual(success(undefined));
        expect(await client.logOut(key, never)).toEqual(success(undefined));
        expect(server.sessions.size).toBe(0);
      });
    });
  },
);

describe('finding the way in', () => {
  it('remembers what worked, so that the next login is one request', async () => {
    await start({ version: '6.3', basePath: '/icweb.dll' });
    const first = await connect().logIn(PASSWORD, silently);
    if (!first.ok) throw new Error(first.error.message);
    const before = server.loginRequests;
    await connect('password', { learned: first.value.learned }).logIn(PASSWORD, silently);
    expect(server.loginRequests - before).toBe(1);
  });

  it.each([404, 405] as const)(
    'falls back if a missing path answers %i to POST',
    async (status) => {
      await start({
        version: '6.3',
        basePath: '/icweb.dll',
        postToMissingPath: status,
        wrongVerb: status,
      });
      expect((await connect().logIn(PASSWORD, silently)).ok).toBe(true);
    },
  );

  it('finds its way again after the server was upgraded', async () => {
    await start({ version: '6.9' });
    const learned = { base: `${server.origin}/data/icweb.dll`, verb: 'GET' };
    expect((await connect('password', { learned }).logIn(PASSWORD, silently)).ok).toBe(true);
  });

  it('says so if there is no NEXUS IC', async () => {
    await start();
    server.faults.always(faults.serverError(404, ''));
    const outcome = await connect().logIn(PASSWORD, silently);
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'unexpected' } });
    expect(outcome).toHaveProperty('error.message', expect.stringContaining('icweb.dll'));
  });

  it('never leaves the path that the user typed: another path may be another database', async () => {
    await start();
    const outcome = await connect('password', { address: `${server.origin}/test` }).logIn(
      PASSWORD,
      silently,
    );
    expect(outcome).toMatchObject({ error: { kind: 'unexpected' } });
    expect(new Set(server.journal.entries.map(({ path }) => path))).toEqual(
      new Set(['/test/data/icweb.dll/security/login', '/test/icweb.dll/security/login']),
    );
  });

  it('ignores what worked for another address', async () => {
    await start();
    const learned = { base: server.baseUrl };
    const address = `${server.origin}/test/icweb.dll`;
    const client = connect('password', { address, learned });
    expect(await client.logIn(PASSWORD, silently)).toMatchObject({
      error: { kind: 'unexpected' },
    });
    await client.keepAlive('key', never);
    for (const { path } of server.journal.entries) expect(path).toMatch(/^\/test\/icweb\.dll\//);
  });

  it('a server that worked before and answers 404 is being replaced', async () => {
    await start();
    const { client } = await signedIn();
    server.faults.always(faults.serverError(404, ''));
    expect(await client.logIn(PASSWORD, silently)).toMatchObject({
      error: {
        kind: 'unreachable',
        reason: 'server-error',
        message: expect.stringMatching(
          /^NEXUS IC does not respond on 127\.0\.0\.1:\d+\. The server may/,
        ),
      },
    });
  });

  it('tries nothing else after the server has refused', async () => {
    await start();
    await connect().logIn({ userName: 'engineer1', password: 'wrong' }, silently);
    expect(server.loginRequests).toBe(1);
    expect(server.journal.entries).toHaveLength(1);
  });
});

describe('what the server says about the user', () => {
  it.each([
    ['6.5', false, false],
    ['6.7', true, false],
    ['6.9', true, true],
  ] as const)('%s: may change the password %s, full name %s', async (version, mayChange, name) => {
    await start({ version });
    const outcome = await connect().logIn(PASSWORD, silently);
    if (!outcome.ok) throw new Error(outcome.error.message);
    const labels = outcome.value.facts.map(({ label }) => label);
    expect(labels.includes('May change the password')).toBe(mayChange);
    expect(labels.includes('Full name')).toBe(name);
    expect(labels).toContain('License');
  });
});

describe('a refused login', () => {
  it.each(['empty', 'text', 'html'] as const)(
    'is told from everything else, body %s',
    async (errorBody) => {
      await start({ errorBody });
      for (const [method, values] of METHODS) {
        const wrong = Object.fromEntries(Object.keys(values).map((id) => [id, 'wrong']));
        expect(await connect(method).logIn(wrong, silently)).toMatchObject({
          ok: false,
          error: { kind: 'refused' },
        });
      }
    },
  );
});

describe('a session that has expired', () => {
  it.each([401, 404] as const)('is recognised by %s', async (invalidHash) => {
    await start({ invalidHash });
    const { key, client } = await signedIn();
    server.forgetSessions();
    expect(await client.keepAlive(key, never)).toMatchObject({
      ok: false,
      error: { kind: 'expired' },
    });
  });

  it('may look like a network’s sign-in page, so a login page is a page', async () => {
    await start({ invalidHash: 'login page' });
    const { key, client } = await signedIn();
    server.forgetSessions();
    expect(await client.keepAlive(key, never)).toMatchObject({ error: { kind: 'page' } });
  });

  it('expires after 10 minutes in which nobody used the server', async () => {
    await start();
    const { key, client } = await signedIn();
    await clock.advance(9 * MINUTE_MS);
    expect((await client.keepAlive(key, never)).ok).toBe(true);
    await clock.advance(10 * MINUTE_MS);
    expect(await client.keepAlive(key, never)).toHaveProperty('error.kind', 'expired');
  });

  it('can be signed out', async () => {
    await start();
    const { key, client } = await signedIn();
    server.forgetSessions();
    expect((await client.logOut(key, never)).ok).toBe(true);
  });
});

describe('each failure has a kind of its own', () => {
  const FAULTS: [string, () => faults.Fault, object][] = [
    ['500', () => faults.serverError(500), { kind: 'unreachable', reason: 'server-error' }],
    [
      '503 without Retry-After',
      () => faults.serverError(503),
      { kind: 'unreachable', reason: 'server-error' },
    ],
    [
      '503 with Retry-After',
      () => faults.serviceUnavailable({ retryAfter: 120 }),
      { kind: 'wait', retryAfterMs: 120_000 },
    ],
    [
      '429',
      () => faults.tooManyRequests({ retryAfter: 30 }),
      { kind: 'wait', retryAfterMs: 30_000 },
    ],
    ['cut off', () => faults.cutOff(10), { kind: 'unreachable', reason: 'cut-off' }],
    ['reset', () => faults.connectionReset(), { kind: 'unreachable', reason: 'cut-off' }],
    ['redirect', () => faults.redirect('https://portal.example/'), { kind: 'page' }],
    ['a page', () => faults.htmlPage(), { kind: 'page' }],
    ['invalid JSON', () => faults.invalidJson(), { kind: 'unexpected' }],
    ['an empty body', () => faults.emptyBody(), { kind: 'unexpected' }],
    ['a missing field', () => faults.missingField('hash'), { kind: 'unexpected' }],
    ['a wrong type', () => faults.changedField('username', 7), { kind: 'unexpected' }],
  ];

  it.each(FAULTS)('signing in: %s', async (_name, fault, error) => {
    await start();
    server.faults.always(fault(), { route: 'login' });
    expect(await connect().logIn(PASSWORD, silently)).toMatchObject({ ok: false, error });
  });

  it.each(FAULTS.filter(([name]) => !['a wrong type', 'a missing field'].includes(name)))(
    'keeping alive: %s',
    async (_name, fault, error) => {
      await start();
      const { key, client } = await signedIn();
      server.faults.always(fault(), { route: 'version' });
      expect(await client.keepAlive(key, never)).toMatchObject({ ok: false, error });
    },
  );

  it('a server that is down', async () => {
    await start();
    const client = connect();
    await server.stop();
    expect(await client.logIn(PASSWORD, silently)).toMatchObject({
      error: { kind: 'unreachable', reason: 'connection' },
    });
  });

  it('a name that DNS does not know', async () => {
    await start();
    const client = connect('password', { address: 'https://nexus.invalid' });
    expect(await client.logIn(PASSWORD, silently)).toMatchObject({
      error: { kind: 'unreachable', reason: 'name' },
    });
  });

  it('an answer that never ends', async () => {
    await start();
    const held = faults.held();
    server.faults.always(held);
    expect(await connect('password', { timeLimitMs: 20 }).logIn(PASSWORD, silently)).toMatchObject({
      error: { kind: 'unreachable', reason: 'time-out' },
    });
    held.release();
  });

  it('cancelled', async () => {
    await start();
    const held = faults.held();
    server.faults.always(held);
    const cancel = new AbortController();
    const signingIn = connect().logIn(PASSWORD, { ...silently, signal: cancel.signal });
    cancel.abort();
    expect(await signingIn).toMatchObject({ error: { kind: 'cancelled' } });
    held.release();
  });

  it('names what was expected and what came, without the hash', async () => {
    await start();
    server.faults.always(faults.changedField('license', 3), { route: 'login' });
    const outcome = await connect().logIn(PASSWORD, silently);
    expect(outcome).toHaveProperty(
      'error.message',
      expect.stringContaining('not like NEXUS IC (license: expected text, got a number)'),
    );
    expect(JSON.stringify(outcome)).not.toContain([...server.sessions.keys()][0]);
  });
});

describe('identify, without hash or credentials', () => {
  it.each([401, 404, 'login page'] as const)(
    'recognises NEXUS IC, even if an invalid hash gets %s',
    async (invalidHash) => {
      await start({ invalidHash });
      const { client } = await signedIn();
      expect(await client.identify(never)).toEqual(success(undefined));
      const { query, headers } = server.journal.entries.at(-1)!;
      expect([...query]).toEqual([]);
      expect(headers.has('authorization')).toBe(false);
    },
  );

  it('recognises a 401 that IIS has turned into a page', async () => {
    await start({ errorBody: 'html' });
    expect(await connect().identify(never)).toEqual(success(undefined));
  });

  it.each(['6.8', '6.9'] as const)(
    'recognises a server of version %s that answers a missing hash with 404',
    async (version) => {
      await start({ version });
      const { client } = await signedIn();
      server.faults.always(faults.serverError(404, ''), { route: 'version' });
      expect(await client.identify(never)).toEqual(success(undefined));
      expect(server.journal.entries.at(-1)!.headers.has('authorization')).toBe(false);
    },
  );

  it('recognises a version', async () => {
    await start();
    const version = '{"version": "6.9.0.0", "schema": null}';
    server.faults.always(faults.serverError(200, version), { route: 'version' });
    expect(await connect().identify(never)).toEqual(success(undefined));
  });

  it.each([
    ['a page', () => faults.htmlPage(), { kind: 'page' }],
    ['a login page', () => faults.loginPage(), { kind: 'page' }],
    ['a redirect', () => faults.redirect('https://portal.example/'), { kind: 'page' }],
    ['500', () => faults.serverError(500), { kind: 'unreachable', reason: 'server-error' }],
    ['other JSON', () => faults.serverError(200, '{"login": "required"}'), { kind: 'unexpected' }],
    ['an empty answer', () => faults.serverError(200, ''), { kind: 'unexpected' }],
    ['another error', () => faults.serverError(403, ''), { kind: 'unexpected' }],
  ])('does not take %s for NEXUS IC', async (_name, fault, error) => {
    await start();
    server.faults.always(fault(), { route: 'version' });
    expect(await connect().identify(never)).toMatchObject({ ok: false, error });
  });

  it('finds it also at the second documented path, before anybody has signed in', async () => {
    await start({ basePath: '/icweb.dll' });
    expect(await connect().identify(never)).toEqual(success(undefined));
  });

  it('does not take IIS for NEXUS IC while that is being replaced', async () => {
    await start();
    server.faults.always(faults.serverError(404, ''));
    expect(await connect().identify(never)).toMatchObject({
      error: { kind: 'unreachable', reason: 'server-error' },
    });
  });
});

describe('what leaves this computer', () => {
  it('a hash goes only into the address, as documented, and credentials only into the header', async () => {
    await start();
    const { key, client } = await signedIn();
    await client.keepAlive(key, never);
    const [login, version] = server.journal.entries;
    expect(login?.headers.get('authorization')).toMatch(/^BASIC /);
    expect([...login!.query]).toEqual([]);
    expect([...version!.query]).toEqual([['hash', key]]);
    expect(version?.headers.has('authorization')).toBe(false);
    expect(version?.headers.has('cookie')).toBe(false);
  });

  it('the copied formats hold the key as the server wants it, and the explorer’s address holds none', async () => {
    await start();
    const { key } = await signedIn();
    const formats = nexusIc.copyFormats(targetOf());
    const url = formats.find(({ id }) => id === 'url')!.text(key);
    expect((await fetch(url)).status).toBe(200);
    expect(nexusIc.explorer(targetOf())).toEqual({
      address: `${server.baseUrl}/version`,
      mustPasteKey: false,
    });
  });
});
