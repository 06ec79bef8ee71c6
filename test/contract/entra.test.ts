/** Signing in with a Microsoft account: the real MSAL, the real keeper, a simulated Microsoft and a simulated RIB CX. */
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../main/clock.ts';
import { aadError } from '../simulators/entra-errors.ts';
import * as faults from '../simulators/faults.ts';
import { replyIn, signInAt } from '../simulators/person.ts';
import { ADA, createMicrosoftWorld, RETURN_URL } from '../support/microsoft-world.ts';
import { settle } from '../support/virtual-clock.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const STYLES = ['browser', 'window', 'device-code'] as const;

describe.each(STYLES)('by %s', (style) => {
  it('signs in, and RIB CX gives a key', async () => {
    const { world, form, ribCx, asked } = await createMicrosoftWorld();
    const kept = await world.add(form({ style }));
    expect(kept.session.state).toBe('live');
    expect([...ribCx.sessions.keys()]).toEqual([kept.held!.key]);
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
    const { world, form } = await createMicrosoftWorld(
      {},
      { browser: async () => reached(), window: hang, code: () => reached() },
    );
    const adding = world.keeper.add(form({ style }));
    await waiting;
    world.keeper.cancelSignIn();
    expect(await adding).toMatchObject({ ok: false, problem: { message: 'Cancelled.' } });
    expect(world.keeper.accounts).toEqual([]);
  });

  it('that nobody answers ends by itself after 10 minutes, with a clear word', async () => {
    let reached = () => {};
    const waiting = new Promise<void>((resolve) => (reached = resolve));
    const hang = () => {
      reached();
      return new Promise<never>(() => {});
    };
    const { world, form, clock } = await createMicrosoftWorld(
      {},
      { browser: async () => reached(), window: hang, code: () => reached() },
    );
    const adding = world.keeper.add(form({ style }));
    await waiting;
    await clock.advance(10 * MINUTE_MS);
    expect(await adding).toMatchObject({
      problem: { message: expect.stringContaining('10 minutes') },
    });
  });
});

describe('a session by Microsoft account', () => {
  it('stays alive for 30 days on tokens of an hour, without a click', async () => {
    const { world, form, clock, ribCx, entra, asked } = await createMicrosoftWorld({
      refreshTokenReuse: false,
    });
    const kept = await world.add(form());
    for (let day = 0; day < 30; day++) {
      // Whatever keeps the key itself alive: once a day it is lost, and only Microsoft can bring another.
      ribCx.forgetSessions();
      await clock.advance(DAY_MS);
      expect(kept.session.state).toBe('live');
    }
    expect(asked).toEqual(['browser']);
    expect(entra.journal.count('authorize')).toBe(1);
    expect(ribCx.loginRequests).toBe(31);
  });

  it('is taken up again after a restart, by the token that is held', async () => {
    const { world, form, clock, ribCx, asked } = await createMicrosoftWorld();
    await world.add(form());
    ribCx.forgetSessions();
    const keeper = world.restart();
    await clock.advance(MINUTE_MS);
    expect(keeper.accounts[0]!.session.state).toBe('live');
    expect(asked).toEqual(['browser']);
  });

  it.each(['', 'bad_token'])(
    'whose tokens are revoked (suberror “%s”) needs its user, once, and opens nothing',
    async (suberror) => {
      const { world, form, clock, ribCx, entra, asked } = await createMicrosoftWorld();
      const kept = await world.add(form());
      entra.revokeRefreshTokens(ADA.email, suberror);
      ribCx.forgetSessions();
      await clock.advance(DAY_MS);
      world.keeper.wake();
      await clock.advance(DAY_MS);
      expect(kept.session).toMatchObject({
        state: 'sign-in-needed',
        problem: expect.stringContaining('AADSTS50173'),
      });
      expect(asked).toEqual(['browser']);
      expect(entra.journal.count('token', 400)).toBe(1);

      expect(await world.keeper.signIn(kept.account.id)).toEqual({ ok: true });
      expect(kept.session.state).toBe('live');
      expect(asked).toEqual(['browser', 'browser']);
    },
  );

  it('ten accounts that wake at once open nothing', async () => {
    const { world, form, clock, ribCx, entra, asked } = await createMicrosoftWorld();
    for (let i = 0; i < 10; i++) await world.add(form());
    entra.revokeRefreshTokens(ADA.email);
    ribCx.forgetSessions();
    clock.sleep(DAY_MS);
    world.keeper.wake();
    await clock.advance(DAY_MS);
    expect(world.keeper.accounts.map(({ session }) => session.state)).toEqual(
      Array<string>(10).fill('sign-in-needed'),
    );
    expect(asked).toHaveLength(10);
  });

  it.each([
    ['503 with {}', () => faults.serviceUnavailable({ body: '{}' })],
    ['429', () => faults.tooManyRequests({ retryAfter: 10 })],
    ['a page', () => faults.htmlPage()],
    ['a lost connection', () => faults.connectionReset()],
  ])('survives %s of Microsoft', async (_name, fault) => {
    const { world, form, clock, ribCx, entra, asked } = await createMicrosoftWorld();
    const kept = await world.add(form());
    ribCx.forgetSessions();
    entra.faults.always(fault());
    await clock.advance(20 * MINUTE_MS);
    expect(kept.session.state).toBe('offline');
    entra.faults.clear();
    await clock.advance(10 * MINUTE_MS);
    expect(kept.session.state).toBe('live');
    expect(asked).toEqual(['browser']);
  });

  it('signing out drops the tokens', async () => {
    const { world, form } = await createMicrosoftWorld();
    const kept = await world.add(form());
    expect(world.storage.secrets.get(kept.account.id)?.values).toHaveProperty('tokens');
    await kept.signOut();
    expect(world.storage.secrets.get(kept.account.id)?.values).toEqual({});
  });

  it('of two users stay apart', async () => {
    const BEN = { email: 'ben@example.com', password: 'staple' };
    const people = [ADA, BEN];
    const world = await createMicrosoftWorld(
      { users: people },
      {
        window: async (url) =>
          (await signInAt(world.entra.fetch, url, people[world.asked.length - 1]!)).headers.get(
            'location',
          ) ?? undefined,
      },
    );
    const { form, ribCx, clock, entra } = world;
    const ada = await world.world.add(form({ style: 'window' }));
    const ben = await world.world.add(form({ style: 'window' }));
    entra.revokeRefreshTokens(ADA.email);
    ribCx.forgetSessions();
    await clock.advance(20 * MINUTE_MS);
    expect([ada.session.state, ben.session.state]).toEqual(['sign-in-needed', 'live']);
    expect(ribCx.sessions.get(ben.held!.key)?.email).toBe(BEN.email);
  });
});

describe('what the window brings back', () => {
  it('is not taken where its state is another', async () => {
    const world = await createMicrosoftWorld(
      {},
      {
        window: async (url) => {
          const { action, fields } = await replyIn(await signInAt(world.entra.fetch, url, ADA));
          return `${action}?${new URLSearchParams({ ...fields, state: 'another' }).toString()}`;
        },
      },
    );
    const added = await world.world.keeper.add(world.form({ style: 'window' }));
    expect(added).toMatchObject({
      problem: { message: expect.stringContaining('state_mismatch') },
    });
    expect(world.entra.journal.count('token')).toBe(0);
  });

  it('is nothing where it was closed, and that is said', async () => {
    const { world, form } = await createMicrosoftWorld({}, { window: async () => undefined });
    expect(await world.keeper.add(form({ style: 'window' }))).toMatchObject({
      problem: { message: expect.stringContaining('closed') },
    });
  });

  it('may be a denial', async () => {
    const { world, form } = await createMicrosoftWorld(
      {},
      {
        window: async (url) => {
          const state = new URL(url).searchParams.get('state') ?? '';
          return `${RETURN_URL}?error=access_denied&error_description=AADSTS65004&state=${state}`;
        },
      },
    );
    expect(await world.keeper.add(form({ style: 'window' }))).toMatchObject({
      problem: { message: expect.stringContaining('AADSTS65004') },
    });
  });
});

describe('what Microsoft refuses is told in plain words, with its number', () => {
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
    const { world, form, entra, ribCx, clock } = await createMicrosoftWorld();
    const kept = await world.add(form({ style: 'window' }));
    ribCx.forgetSessions();
    entra.faults.always(aadError(code), { route: 'token' });
    await clock.advance(10 * MINUTE_MS);
    const { session } = kept;
    expect(session).toMatchObject({ state: 'sign-in-needed' });
    const problem = 'problem' in session ? session.problem : '';
    expect(problem).toContain(`AADSTS${code}`);
    expect(problem).toContain(words);
  });

  it('a device code that Microsoft does not give is not shown', async () => {
    const { world, form, entra, asked } = await createMicrosoftWorld();
    entra.faults.always(aadError(700016), { route: 'deviceCode' });
    expect(await world.keeper.add(form({ style: 'device-code' }))).toMatchObject({
      problem: { message: expect.stringContaining('AADSTS700016') },
    });
    expect(asked).toEqual([]);
  });

  it('a device code that is declined', async () => {
    const world = await createMicrosoftWorld(
      {},
      { code: (code) => world.entra.declineDevice(code) },
    );
    expect(await world.world.keeper.add(world.form({ style: 'device-code' }))).toMatchObject({
      problem: { message: expect.stringContaining('declined') },
    });
  });
});

it('asks for nothing before anything is used', async () => {
  const { entra } = await createMicrosoftWorld();
  await settle();
  expect(entra.journal.entries).toEqual([]);
});
