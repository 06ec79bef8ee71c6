/** The client of RIB CX against the simulator, over real HTTP. */
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/clock.ts';
import { ribCx } from '../../main/systems/rib-cx/index.ts';
import type { Client, FieldValues } from '../../main/systems/system.ts';
import * as faults from '../simulators/faults.ts';
import { startRibCx, type RibCx, type RibCxOptions } from '../simulators/rib-cx.ts';
import { unguarded } from '../support/unguarded.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const USER = { email: 'zoe@example.com', password: 'pa:ss wörd ✓' };
const never = new AbortController().signal;

let server: RibCx;

async function start(options: Partial<RibCxOptions> = {}): Promise<void> {
  server = await startRibCx({ clock: new VirtualClock(), users: [USER], ...options });
}

function connect(values: FieldValues = {}): Client {
  const target = { address: server.origin, methodId: 'password', values, learned: {} };
  return ribCx.connect(target, {
    fetch,
    enter: unguarded,
    clock: systemClock,
    timeLimitMs: 15_000,
  });
}

async function signIn(values: FieldValues = { email: USER.email, password: USER.password }) {
  let held: FieldValues | undefined;
  const hold = async (secrets: FieldValues) => void (held = secrets);
  const outcome = await connect().signIn(values, { signal: never, hold });
  return { outcome, held };
}

async function liveKey(): Promise<string> {
  const { outcome } = await signIn();
  if (!outcome.ok) throw new Error(outcome.failure.message);
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

  it('holds the encrypted password alone, and signs in with it', async () => {
    await start();
    const { held } = await signIn();
    expect(Object.keys(held!)).toEqual(['encryptedPassword']);
    expect(JSON.stringify(held)).not.toContain(USER.password);
    expect((await signIn({ email: USER.email, ...held })).outcome.ok).toBe(true);
    expect(server.journal.count('encryptPassword')).toBe(1);
  });

  it('holds nothing of a password that was refused', async () => {
    await start();
    const { outcome, held } = await signIn({ email: USER.email, password: 'wrong' });
    expect(outcome).toMatchObject({ failure: { kind: 'refused' } });
    expect(held).toBeUndefined();
    expect(server.loginRequests).toBe(1);
  });

  it.each(['ErrorMessages', 'Message', 401] as const)('is refused by %s', async (refusal) => {
    await start({ refusal });
    const { outcome } = await signIn({ email: USER.email, password: 'wrong' });
    expect(outcome).toMatchObject({ failure: { kind: 'refused' } });
  });

  it('tells what the server says of an expired password', async () => {
    await start();
    server.expirePassword(USER.email);
    const { outcome } = await signIn();
    expect(outcome).toMatchObject({ failure: { message: expect.stringMatching(/expired/i) } });
  });

  it('says so where the server encrypts nothing', async () => {
    await start({ encryptPassword: 'null' });
    expect((await signIn()).outcome).toMatchObject({ failure: { kind: 'unexpected' } });
    expect(server.loginRequests).toBe(0);
  });
});

describe('a key', () => {
  it('is proved by the projects: all pages, at most 500', async () => {
    const projects = Array.from({ length: 730 }, (_, i) => ({ Name: `Project ${i}` }));
    await start({ projects, pageSizeCap: 70 });
    const outcome = await connect().verify(await liveKey(), never);
    if (!outcome.ok) throw new Error(outcome.failure.message);
    expect(outcome.value.listing?.items).toHaveLength(500);
    expect(outcome.value.listing?.items.at(-1)).toBe('Project 499');
    expect(outcome.value.facts).toContainEqual({ label: 'Projects in all', value: '730' });
  });

  it('is kept alive by one project', async () => {
    await start();
    const key = await liveKey();
    expect((await connect().keepAlive(key, never)).ok).toBe(true);
    const { query, headers } = server.journal.entries.at(-1)!;
    expect(query.get('take')).toBe('1');
    expect(headers.get('key')).toBe(key);
    expect(headers.get('user-agent')).toMatch(/Mozilla.*Keyvigil/);
  });

  it.each([401, 'login page'] as const)('that is gone shows by %s', async (invalidKey) => {
    await start({ invalidKey });
    const key = await liveKey();
    server.forgetSessions();
    expect(await connect().keepAlive(key, never)).toMatchObject({
      failure: { kind: 'gone', certain: invalidKey === 401 },
    });
  });

  it('is in no address, and pasted into the explorer by its user', async () => {
    await start();
    const key = await liveKey();
    const { address, pasteKey } = connect().explorer();
    expect(address).toBe(`${server.origin}/api/latest/api/help/index`);
    expect(pasteKey).toBe(true);
    const header = connect().copyFormats()[0]!.text(key);
    expect(header).toBe(`key: ${key}`);
  });
});

describe('where the API is', () => {
  it('is what the version says', async () => {
    await start({ version: '24.08' });
    const client = connect({ apiVersion: '24.08' });
    const attempt = { signal: never, hold: () => Promise.resolve() };
    expect((await client.signIn(USER, attempt)).ok).toBe(true);
    expect((await connect().signIn(USER, attempt)).ok).toBe(false);
  });

  it.each([
    'au.itwocx.com',
    'https://au.itwocx.com/api/latest/api/help/index#!/Login',
    ' https://au.itwocx.com/ ',
  ])('is read from “%s”', (typed) => {
    expect(ribCx.readAddress(typed)).toEqual({ ok: true, address: 'https://au.itwocx.com' });
  });

  it('may have an explorer elsewhere', async () => {
    await start();
    const explorerAddress = 'https://explorer.example.com/';
    expect(connect({ explorerAddress }).explorer().address).toBe(explorerAddress);
  });
});

describe('each failure has a kind of its own', () => {
  it.each([
    ['500', () => faults.serverError(500), { kind: 'unreachable', reason: 'server-error' }],
    ['503', () => faults.serviceUnavailable({ retryAfter: 60 }), { kind: 'wait' }],
    ['429', () => faults.tooManyRequests({ retryAfter: 60 }), { kind: 'wait' }],
    ['cut off', () => faults.cutOff(5), { kind: 'unreachable', reason: 'cut-off' }],
    ['a page', () => faults.htmlPage(), { kind: 'unreachable', reason: 'page' }],
    [
      'a redirect',
      () => faults.redirect('https://portal.example/'),
      { kind: 'unreachable', reason: 'page' },
    ],
    ['invalid JSON', () => faults.invalidJson(), { kind: 'unexpected' }],
    ['no key', () => faults.missingField('Key'), { kind: 'unexpected' }],
    ['a wrong type', () => faults.changedField('Key', 7), { kind: 'unexpected' }],
  ])('signing in: %s', async (_name, fault, failure) => {
    await start();
    server.faults.always(fault(), { route: 'loginByEmail' });
    expect((await signIn()).outcome).toMatchObject({ ok: false, failure });
  });
});
