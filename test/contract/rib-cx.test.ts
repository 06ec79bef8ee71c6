/** Tests the client of RIB CX against the simulator, over real HTTP. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/clock.ts';
import { success } from '../../main/result.ts';
import { ribCx } from '../../main/systems/rib-cx/index.ts';
import type { Client, FieldValues, Target } from '../../main/systems/system.ts';
import * as faults from '../simulators/faults.ts';
import { startRibCx, type RibCx, type RibCxOptions } from '../simulators/rib-cx.ts';
import { unlimited } from '../support/unlimited.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const USER = { email: 'zoe@example.com', password: 'pa:ss wörd ✓' };
const never = new AbortController().signal;

let server: RibCx;

async function start(options: Partial<RibCxOptions> = {}): Promise<void> {
  server = await startRibCx({ clock: new VirtualClock(), users: [USER], ...options });
}

const targetOf = (values: FieldValues = {}): Target => ({
  address: server.origin,
  methodId: 'password',
  values,
  learned: {},
});

function connect(values?: FieldValues): Client {
  const services = { fetch, limit: unlimited, clock: systemClock, timeLimitMs: 15_000 };
  return ribCx.connect(targetOf(values), services);
}

async function logIn(values: FieldValues = { email: USER.email, password: USER.password }) {
  let saved: FieldValues | undefined;
  const replaceSecrets = async (secrets: FieldValues) => void (saved = secrets);
  const outcome = await connect().logIn(values, { signal: never, replaceSecrets });
  return { outcome, saved };
}

async function liveKey(): Promise<string> {
  const { outcome } = await logIn();
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value.key;
}

afterEach(() => server.stop());

describe('e-mail and password', () => {
  it.each(['result', 'key only', 'string'] as const)(
    'reads the key from a %s',
    async (loginAnswer) => {
      await start({ loginAnswer });
      const key = await liveKey();
      expect([...server.sessions.keys()]).toEqual([key]);
    },
  );

  it('reads the key from SessionKey, too', async () => {
    await start();
    const answer = '{"Key": null, "SessionKey": "session-key", "IsSuccess": true}';
    server.faults.always(faults.serverError(200, answer), { route: 'loginByEmail' });
    expect((await logIn()).outcome).toMatchObject({ value: { key: 'session-key' } });
  });

  it('saves only the encrypted password, and signs in with it', async () => {
    await start();
    const { saved } = await logIn();
    expect(Object.keys(saved!)).toEqual(['encryptedPassword']);
    expect(JSON.stringify(saved)).not.toContain(USER.password);
    expect((await logIn({ email: USER.email, ...saved })).outcome.ok).toBe(true);
    expect(server.journal.count('encryptPassword')).toBe(1);
  });

  it('saves nothing of a password that was refused', async () => {
    await start();
    const { outcome, saved } = await logIn({ email: USER.email, password: 'wrong' });
    expect(outcome).toMatchObject({ error: { kind: 'refused' } });
    expect(saved).toBeUndefined();
    expect(server.loginRequests).toBe(1);
  });

  it.each(['ErrorMessages', 'Message', 401] as const)('is refused by %s', async (refusal) => {
    await start({ refusal });
    const { outcome } = await logIn({ email: USER.email, password: 'wrong' });
    expect(outcome).toMatchObject({ error: { kind: 'refused' } });
  });

  it('tells what the server says about an expired password', async () => {
    await start();
    server.expirePassword(USER.email);
    const { outcome } = await logIn();
    expect(outcome).toMatchObject({ error: { serverSaid: expect.stringMatching(/expired/i) } });
  });

  it.each(['', 'x'])('tells what the server says without half an emoji (%j)', async (before) => {
    await start();
    const answer = JSON.stringify({ IsSuccess: false, Message: before + '🏭'.repeat(300) });
    server.faults.always(faults.serverError(200, answer), { route: 'loginByEmail' });
    const { outcome } = await logIn();
    const said = !outcome.ok && outcome.error.kind === 'refused' && outcome.error.serverSaid;
    expect(String(said)).toMatch(/🏭$/u);
  });

  it('says so if the server does not encrypt the password', async () => {
    await start({ encryptPassword: 'null' });
    expect((await logIn()).outcome).toMatchObject({ error: { kind: 'unexpected' } });
    expect(server.loginRequests).toBe(0);
  });
});

describe('a key', () => {
  it('is proved by the projects: all pages, at most 500', async () => {
    const projects = Array.from({ length: 730 }, (_, i) => ({ Name: `Project ${i}` }));
    await start({ projects, pageSizeCap: 70 });
    const outcome = await connect().verify(await liveKey(), never);
    if (!outcome.ok) throw new Error(outcome.error.message);
    expect(outcome.value.listing?.items).toHaveLength(500);
    expect(outcome.value.listing?.items.at(-1)).toBe('Project 499');
    expect(outcome.value.facts).toContainEqual({ label: 'Projects in all', value: '730' });
  });

  it('is kept alive by asking for one project, without the filter `timestamp`', async () => {
    await start();
    const key = await liveKey();
    expect((await connect().keepAlive(key, never)).ok).toBe(true);
    const { query, headers } = server.journal.entries.at(-1)!;
    expect(Object.fromEntries(query)).toEqual({ skip: '0', take: '1' });
    expect(headers.get('key')).toBe(key);
    expect(headers.get('user-agent')).toMatch(/Mozilla.*Keyvigil/);
  });

  it('that the server answers with 401 has expired', async () => {
    await start();
    const key = await liveKey();
    server.forgetSessions();
    expect(await connect().keepAlive(key, never)).toMatchObject({ error: { kind: 'expired' } });
  });

  it.each([
    ['a login page', () => faults.loginPage()],
    ['a redirect', () => faults.redirect('https://portal.example/')],
  ])('that gets %s may be kept from the server by a network', async (_name, fault) => {
    await start();
    const key = await liveKey();
    server.faults.always(fault());
    expect(await connect().keepAlive(key, never)).toMatchObject({ error: { kind: 'page' } });
  });

  it('is in no address, and the user pastes it into the explorer', async () => {
    await start();
    const key = await liveKey();
    expect(ribCx.explorer(targetOf())).toEqual({
      address: `${server.origin}/api/latest/api/help/index`,
      mustPasteKey: true,
    });
    expect(ribCx.copyFormats(targetOf())[0]!.text(key)).toBe(`key: ${key}`);
  });
});

describe('identify, without key or credentials', () => {
  it.each(['ciphertext', 'null'] as const)('recognises RIB CX by %s', async (encryptPassword) => {
    await start({ encryptPassword });
    expect(await connect().identify(never)).toEqual(success(undefined));
    const { headers, body } = server.journal.entries.at(-1)!;
    expect(headers.has('key')).toBe(false);
    expect(JSON.parse(body)).toEqual({ Password: '' });
    expect(server.loginRequests).toBe(0);
  });

  it('recognises RIB CX by an error in JSON', async () => {
    await start();
    server.faults.always(faults.serverError(400, '{"Message": "The request is invalid."}'));
    expect(await connect().identify(never)).toEqual(success(undefined));
  });

  it.each([
    ['a page', () => faults.htmlPage(), { kind: 'page' }],
    ['a redirect', () => faults.redirect('https://portal.example/'), { kind: 'page' }],
    [
      'the firewall’s page',
      () => faults.serverError(403, '<!doctype html><title>Rejected</title>'),
      { kind: 'page' },
    ],
    ['500', () => faults.serverError(500), { kind: 'unreachable', reason: 'server-error' }],
    ['other JSON', () => faults.serverError(200, '{"login": "required"}'), { kind: 'unexpected' }],
    ['another error', () => faults.serverError(403, 'Forbidden'), { kind: 'unexpected' }],
  ])('does not take %s for RIB CX', async (_name, fault, error) => {
    await start();
    server.faults.always(fault());
    expect(await connect().identify(never)).toMatchObject({ ok: false, error });
  });
});

describe('where the API is', () => {
  it('is what the version says', async () => {
    await start({ version: '24.08' });
    const client = connect({ apiVersion: '24.08' });
    const attempt = { signal: never, replaceSecrets: () => Promise.resolve() };
    expect((await client.logIn(USER, attempt)).ok).toBe(true);
    expect((await connect().logIn(USER, attempt)).ok).toBe(false);
  });

  it.each([
    'au.itwocx.com',
    'https://au.itwocx.com/api/latest/api/help/index#!/Login',
    ' https://au.itwocx.com/ ',
  ])('is read from “%s”', (typed) => {
    expect(ribCx.readAddress(typed)).toEqual(success('https://au.itwocx.com'));
  });

  it('may have an explorer elsewhere', async () => {
    await start();
    const explorerAddress = 'https://explorer.example.com/';
    expect(ribCx.explorer(targetOf({ explorerAddress })).address).toBe(explorerAddress);
  });
});

describe('each failure has a kind of its own', () => {
  it.each([
    ['500', () => faults.serverError(500), { kind: 'unreachable', reason: 'server-error' }],
    ['503', () => faults.serviceUnavailable({ retryAfter: 60 }), { kind: 'wait' }],
    ['429', () => faults.tooManyRequests({ retryAfter: 60 }), { kind: 'wait' }],
    ['cut off', () => faults.cutOff(5), { kind: 'unreachable', reason: 'cut-off' }],
    ['a page', () => faults.htmlPage(), { kind: 'page' }],
    ['a redirect', () => faults.redirect('https://portal.example/'), { kind: 'page' }],
    ['invalid JSON', () => faults.invalidJson(), { kind: 'unexpected' }],
    ['no key', () => faults.missingField('Key'), { kind: 'unexpected' }],
    ['a wrong type', () => faults.changedField('Key', 7), { kind: 'unexpected' }],
  ])('signing in: %s', async (_name, fault, error) => {
    await start();
    server.faults.always(fault(), { route: 'loginByEmail' });
    expect((await logIn()).outcome).toMatchObject({ ok: false, error });
  });
});
