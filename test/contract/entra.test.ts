/** Tests sign-ins with a Microsoft account. MSAL and the list of accounts are real. Microsoft and RIB CX are simulated. */
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../main/clock.ts';
import { sessionKeyOf } from '../../main/sessions/session.ts';
import { aadError } from '../simulators/entra-errors.ts';
import * as faults from '../simulators/faults.ts';
import { replyIn, signInAt, submit } from '../simulators/person.ts';
import { ADA, createMicrosoftWorld, RETURN_URL } from '../support/microsoft-world.ts';
import { settle } from '../support/virtual-clock.ts';

const STYLES = ['browser', 'window', 'device-code'] as const;

describe.each(STYLES)('by %s', (style) => {
  it('signs in, and RIB CX gives a key', async () => {
    const { accounts, form, ribCx, asked } = await createMicrosoftWorld();
    const account = await accounts.add(form({ style }));
    expect(account.session.state).toBe('live');
    expect([...ribCx.sessions.keys()]).toEqual([sessionKeyOf(account.session)!.key]);
    expect(asked).toEqual([style === 'device-code' ? 'code' : style]);
    expect(ribCx.journal.count('returnUrl')).toBe(0);
  });

  it('is cancelled at once, and leaves nothing behind', async () => {
    let reached = () => {};
    const waiting = new Promise<void>((resolve) => (reached = resolve));
    const hang = () => {
      reached();
      return new Promise<never>(() => {});
    };
    const { accounts, form } = await createMicrosoftWorld(
      {},
      { openBrowser: async () => reached(), openWindow: hang, showCode: () => reached() },
    );
    const adding = accounts.tryAdd(form({ style }));
    await waiting;
    accounts.list.cancelSignIn('account-1');
    expect(await adding).toMatchObject({ ok: false, error: { message: 'Cancelled.' } });
    expect(accounts.list.all).toEqual([]);
  });

  it('that nobody completes ends after 10 minutes, and says so', async () => {
    let reached = () => {};
    const waiting = new Promise<void>((resolve) => (reached = resolve));
    const hang = () => {
      reached();
      return new Promise<never>(() => {});
    };
    const { accounts, form, clock } = await createMicrosoftWorld(
      {},
      { openBrowser: async () => reached(), openWindow: hang, showCode: () => reached() },
    );
    const adding = accounts.tryAdd(form({ style }));
    await waiting;
    await clock.advance(10 * MINUTE_MS);
    expect(await adding).toMatchObject({
      error: { message: expect.stringContaining('10 minutes') },
    });
  });
});

/** These tests take a second, but much longer on a busy machine. */
const SLOW = { timeout: 60_000 };

const BEN = { email: 'ben@example.com', password: 'staple' };

/** Ada signs in at the first window, and Ben at the second. */
async function createWorldOfTwo() {
  const people = [ADA, BEN];
  const world = await createMicrosoftWorld(
    { users: people },
    {
      async openWindow(url) {
        const person = people[world.asked.length - 1]!;
        const answer = await signInAt(world.entra.fetch, url, person);
        return answer.headers.get('location') ?? undefined;
      },
    },
  );
  return world;
}

describe('a session by Microsoft account', () => {
  it('stays alive for 30 days on tokens of an hour, without a click', SLOW, async () => {
    const { accounts, form, clock, ribCx, entra, asked } = await createMicrosoftWorld({
      refreshTokenReuse: false,
    });
    const account = await accounts.add(form());
    for (let day = 0; day < 30; day++) {
      // The server forgets the key once a day, so that the account needs Microsoft to get another key.
      ribCx.forgetSessions();
      await clock.advance(DAY_MS);
      expect(account.session.state).toBe('live');
    }
    expect(asked).toEqual(['browser']);
    expect(entra.journal.count('authorize')).toBe(1);
    expect(ribCx.loginRequests).toBe(31);
  });

  it('continues after a restart, with the stored token', async () => {
    const { accounts, form, clock, ribCx, asked } = await createMicrosoftWorld();
    await accounts.add(form());
    ribCx.forgetSessions();
    const list = accounts.restart();
    await clock.advance(MINUTE_MS);
    expect(list.all[0]!.session.state).toBe('live');
    expect(asked).toEqual(['browser']);
  });

  it.each(['', 'bad_token'])(
    'whose tokens are revoked (suberror “%s”) asks for a sign-in once, and opens nothing',
    async (suberror) => {
      const { accounts, form, clock, ribCx, entra, asked } = await createMicrosoftWorld();
      const account = await accounts.add(form());
      entra.revokeRefreshTokens(ADA.email, suberror);
      ribCx.forgetSessions();
      await clock.advance(DAY_MS);
      accounts.scheduler.resume();
      await clock.advance(DAY_MS);
      expect(account.session).toMatchObject({
        state: 'sign-in-needed',
        problem: expect.stringContaining('AADSTS50173'),
      });
      expect(asked).toEqual(['browser']);
      expect(entra.journal.count('token', 400)).toBe(1);

      expect(await accounts.list.signIn(account.saved.id)).toEqual({ ok: true });
      expect(account.session.state).toBe('live');
      expect(asked).toEqual(['browser', 'browser']);
    },
  );

  it('that Microsoft refuses says nothing about the RIB CX server', async () => {
    const { accounts, form, clock, ribCx, entra } = await createMicrosoftWorld();
    const account = await accounts.add(form());
    entra.revokeRefreshTokens(ADA.email);
    ribCx.forgetSessions();
    await clock.advance(DAY_MS);
    entra.faults.always(aadError(50105), { route: 'token' });
    expect(await accounts.list.signIn(account.saved.id)).toMatchObject({ ok: false });
    expect(accounts.scheduler.hasServerAnswered(account)).toBe(false);
  });

  it('whose sign-in ran out of time during sleep ends soon after it', async () => {
    const isAsked = Promise.withResolvers<void>();
    const never = new Promise<never>(() => {});
    const { accounts, form, clock } = await createMicrosoftWorld(
      {},
      {
        openBrowser: () => {
          isAsked.resolve();
          return never;
        },
      },
    );
    const adding = accounts.tryAdd(form());
    await isAsked.promise;
    clock.sleep(8 * HOUR_MS);
    await clock.advance(MINUTE_MS);
    expect(await adding).toMatchObject({ ok: false });
  });

  it('ten accounts that wake together open nothing', async () => {
    const { accounts, form, clock, ribCx, entra, asked } = await createMicrosoftWorld();
    for (let i = 0; i < 10; i++) await accounts.add(form());
    entra.revokeRefreshTokens(ADA.email);
    ribCx.forgetSessions();
    clock.sleep(DAY_MS);
    accounts.scheduler.resume();
    await clock.advance(DAY_MS);
    expect(accounts.list.all.map(({ session }) => session.state)).toEqual(
      Array<string>(10).fill('sign-in-needed'),
    );
    expect(asked).toHaveLength(10);
  });

  it.each([
    ['503 with {}', () => faults.serviceUnavailable({ body: '{}' })],
    ['429', () => faults.tooManyRequests({ retryAfter: 10 })],
    ['a page', () => faults.htmlPage()],
    ['a lost connection', () => faults.connectionReset()],
  ])('survives %s from Microsoft', async (_name, fault) => {
    const { accounts, form, clock, ribCx, entra, asked } = await createMicrosoftWorld();
    const account = await accounts.add(form());
    ribCx.forgetSessions();
    entra.faults.always(fault());
    await clock.advance(20 * MINUTE_MS);
    expect(account.session.state).toBe('offline');
    entra.faults.clear();
    await clock.advance(10 * MINUTE_MS);
    expect(account.session.state).toBe('live');
    expect(asked).toEqual(['browser']);
  });

  it('signing out deletes the tokens', async () => {
    const { accounts, form } = await createMicrosoftWorld();
    const account = await accounts.add(form());
    expect(accounts.storage.secrets.get(account.saved.id)?.values).toHaveProperty('tokens');
    await account.signOut();
    expect(accounts.storage.secrets.get(account.saved.id)?.values).toEqual({});
  });

  it('of one user does not touch another user’s', async () => {
    const world = await createWorldOfTwo();
    const { form, ribCx, clock, entra } = world;
    const ada = await world.accounts.add(form({ style: 'window' }));
    const ben = await world.accounts.add(form({ style: 'window' }));
    entra.revokeRefreshTokens(ADA.email);
    ribCx.forgetSessions();
    await clock.advance(20 * MINUTE_MS);
    expect([ada.session.state, ben.session.state]).toEqual(['sign-in-needed', 'live']);
    expect(ribCx.sessions.get(sessionKeyOf(ben.session)!.key)?.email).toBe(BEN.email);
  });
});

it('a user who signs in after the earlier user was refused stays signed in', async () => {
  const world = await createWorldOfTwo();
  const { accounts, form, ribCx, clock, entra } = world;
  const account = await accounts.add(form({ style: 'window' }));
  ribCx.forgetSessions();
  ribCx.faults.always(faults.serverError(200, '{}'), { route: 'loginByUserToken' });
  await clock.advance(20 * MINUTE_MS);
  expect(account.session.state).toBe('sign-in-needed');
  ribCx.faults.clear();

  entra.revokeRefreshTokens(ADA.email);
  expect(await accounts.list.signIn(account.saved.id)).toEqual({ ok: true });
  expect(world.asked).toEqual(['window', 'window']);
  ribCx.forgetSessions();
  await clock.advance(20 * MINUTE_MS);
  expect(account.session.state).toBe('live');
  expect(ribCx.sessions.get(sessionKeyOf(account.session)!.key)?.email).toBe(BEN.email);
});

it.each([
  ['a lost connection', () => faults.connectionReset()],
  ['503', () => faults.serviceUnavailable()],
  ['a redirect to a portal', () => faults.redirect()],
  ['the page of a portal', () => faults.htmlPage()],
])('a device code outlasts %s at one poll', async (_name, fault) => {
  const world = await createMicrosoftWorld(
    {},
    {
      showCode(code) {
        world.entra.faults.next(fault(), { route: 'token' });
        world.entra.approveDevice(code, ADA.email);
      },
    },
  );
  const added = await world.accounts.tryAdd(world.form({ style: 'device-code' }));
  expect(added).toMatchObject({ ok: true });
});

describe('what the window returns', () => {
  it('is refused if its state is wrong', async () => {
    const world = await createMicrosoftWorld(
      {},
      {
        openWindow: async (url) => {
          const { action, fields } = await replyIn(await signInAt(world.entra.fetch, url, ADA));
          return `${action}?${new URLSearchParams({ ...fields, state: 'another' }).toString()}`;
        },
      },
    );
    const added = await world.accounts.tryAdd(world.form({ style: 'window' }));
    expect(added).toMatchObject({
      error: { message: expect.stringContaining('state_mismatch') },
    });
    expect(world.entra.journal.count('token')).toBe(0);
  });

  it('is nothing if the user closed it, and the message says so', async () => {
    const { accounts, form } = await createMicrosoftWorld(
      {},
      { openWindow: async () => undefined },
    );
    expect(await accounts.tryAdd(form({ style: 'window' }))).toMatchObject({
      error: { message: expect.stringContaining('closed') },
    });
  });

  it('may be a refusal', async () => {
    const { accounts, form } = await createMicrosoftWorld(
      {},
      {
        openWindow: async (url) => {
          const state = new URL(url).searchParams.get('state') ?? '';
          return `${RETURN_URL}?error=access_denied&error_description=AADSTS65004&state=${state}`;
        },
      },
    );
    expect(await accounts.tryAdd(form({ style: 'window' }))).toMatchObject({
      error: { message: expect.stringContaining('AADSTS65004') },
    });
  });
});

describe('a host outside itwocx.com', () => {
  it('gets no Microsoft token before the user has said that it is trusted', async () => {
    const world = await createMicrosoftWorld();
    expect(await world.accounts.tryAdd(world.form({ trustedHost: '' }))).toMatchObject({
      error: { field: 'trustedHost' },
    });
    expect(world.asked).toEqual([]);
    expect(world.ribCx.journal.entries).toEqual([]);
  });

  it('gets none because another one is trusted', async () => {
    const world = await createMicrosoftWorld();
    const trustedHost = 'other.example.com';
    expect(await world.accounts.tryAdd(world.form({ trustedHost }))).toMatchObject({
      error: { field: 'trustedHost' },
    });
    expect(world.asked).toEqual([]);
  });

  it('gets none if accounts.json was changed to lead there', async () => {
    const world = await createMicrosoftWorld();
    const { saved } = await world.accounts.add(world.form());
    const [stored] = world.accounts.storage.accounts;
    const { trustedHost: _untrusted, ...values } = stored!.values;
    world.accounts.storage.accounts = [{ ...stored!, values }];
    const list = world.accounts.restart();
    await list.get(saved.id).signOut();
    const [asked, requests] = [world.asked.length, world.ribCx.journal.entries.length];
    expect(await list.signIn(saved.id)).toMatchObject({ ok: false });
    expect(world.asked).toHaveLength(asked);
    expect(world.ribCx.journal.entries).toHaveLength(requests);
  });
});

describe('a refusal by Microsoft has a message that ends with its number', () => {
  it.each([
    [50011, 'registered'],
    [50194, 'one tenant'],
    [65001, 'consent'],
    [700016, 'Client ID'],
    [7000218, 'public client'],
    [53003, 'conditional access'],
    [50058, 'Sign in again'],
    [50079, 'second factor'],
  ] as const)('AADSTS%i', async (code, words) => {
    const { accounts, form, entra, ribCx, clock } = await createMicrosoftWorld();
    const account = await accounts.add(form({ style: 'window' }));
    ribCx.forgetSessions();
    entra.faults.always(aadError(code), { route: 'token' });
    await clock.advance(10 * MINUTE_MS);
    const { session } = account;
    expect(session).toMatchObject({ state: 'sign-in-needed' });
    const problem = 'problem' in session ? session.problem : '';
    expect(problem).toMatch(new RegExp(`\\(AADSTS${code}\\)$`));
    expect(problem).toContain(words);
  });

  it('shows no device code if Microsoft gives none', async () => {
    const { accounts, form, entra, asked } = await createMicrosoftWorld();
    entra.faults.always(aadError(700016), { route: 'deviceCode' });
    expect(await accounts.tryAdd(form({ style: 'device-code' }))).toMatchObject({
      error: { message: expect.stringContaining('AADSTS700016') },
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['unauthorized_client', 7000218, 'public client'],
    ['server_error', 90033, 'not available'],
    ['access_denied', 65004, 'consent'],
  ])('also if the browser brings it: %s', async (error, code, words) => {
    const { accounts, form } = await createMicrosoftWorld(
      {},
      {
        async openBrowser(url) {
          const { searchParams } = new URL(url);
          const action = searchParams.get('redirect_uri')!.replace('localhost', '127.0.0.1');
          const fields = {
            error,
            error_description: `AADSTS${code}: Words for ada@example.com.`,
            state: searchParams.get('state')!,
          };
          await submit(fetch, { action, fields });
        },
      },
    );
    const added = await accounts.tryAdd(form());
    const message = added.ok ? '' : added.error.message;
    expect(message).toMatch(new RegExp(`\\(AADSTS${code}\\)$`));
    expect(message).toContain(words);
  });

  it('a device code that is declined', async () => {
    const world = await createMicrosoftWorld(
      {},
      { showCode: (code) => world.entra.declineDevice(code) },
    );
    expect(await world.accounts.tryAdd(world.form({ style: 'device-code' }))).toMatchObject({
      error: { message: expect.stringContaining('declined') },
    });
  });
});

it('sends nothing to Microsoft before it is used', async () => {
  const { entra } = await createMicrosoftWorld();
  await settle();
  expect(entra.journal.entries).toEqual([]);
});
