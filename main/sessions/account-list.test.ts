import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD, startAccounts } from '../../test/support/account-world.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import type { NexusIc } from '../../test/simulators/nexus-ic.ts';
import { startRibCx } from '../../test/simulators/rib-cx.ts';
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import type { Fetch } from '../systems/system.ts';
import { LiveKeys } from './live-keys.ts';

const OK = { ok: true };

/** Makes a fetch that succeeds although it was aborted, as if its answer had already arrived. */
const deafToAbort =
  (fetch: Fetch): Fetch =>
  (url, { signal: _ignored, ...init }) =>
    fetch(url, init);

describe('signing in', () => {
  it('saves nothing of an account that could not sign in, and names the field', async () => {
    const { accounts, form, clock, server } = await createWorld();
    const wrong = form({ values: { userName: 'engineer1', password: 'wrong' } });
    expect(await accounts.tryAdd(wrong)).toMatchObject({ error: { field: 'password' } });
    await clock.advance(DAY_MS);
    expect(accounts.list.all).toEqual([]);
    expect(accounts.storage.accounts).toEqual([]);
    expect(server.loginRequests).toBe(1);
  });

  it('is cancelled at once, and leaves nothing behind', async () => {
    const { accounts, form, server } = await createWorld();
    server.faults.always(faults.held());
    const adding = accounts.list.add('new', form());
    await settle();
    accounts.list.cancelSignIn('new');
    expect(await adding).toMatchObject({ ok: false });
    expect(accounts.list.all).toEqual([]);
  });

  it('to two accounts at once: cancelling one leaves the other', async () => {
    const { accounts, form, server } = await createWorld();
    const held = faults.held();
    server.faults.always(held);
    const adding = ['one', 'other'].map((id) => accounts.list.add(id, form()));
    await settle();
    accounts.list.cancelSignIn('one');
    held.release();
    expect(await Promise.all(adding)).toMatchObject([{ ok: false }, { ok: true }]);
    expect(accounts.list.all.map(({ saved }) => saved.id)).toEqual(['other']);
  });

  it('that succeeds after it was cancelled is logged out on the server', async () => {
    // This fetch succeeds although it was aborted, as if its answer had already arrived.
    const { accounts, form, server } = await createWorld({
      through:
        (fetch) =>
        (url, { signal: _ignored, ...init }) =>
          fetch(url, init),
    });
    const held = faults.held();
    server.faults.next(held, { route: 'login' });
    const adding = accounts.list.add('new', form());
    await settle();
    accounts.list.cancelSignIn('new');
    held.release();
    expect(await adding).toMatchObject({ ok: false });
    expect(server.sessions.size).toBe(0);
  });

  it('again, if cancelled after it succeeded, leaves no second session on the server', async () => {
    const { add, accounts, server } = await createWorld({
      through:
        (fetch) =>
        (url, { signal: _ignored, ...init }) =>
          fetch(url, init),
    });
    const { saved } = await add();
    await accounts.list.get(saved.id).signOut();
    const held = faults.held();
    server.faults.next(held, { route: 'login' });
    const signingIn = accounts.list.signIn(saved.id);
    await settle();
    accounts.list.cancelSignIn(saved.id);
    held.release();
    await signingIn;
    expect(server.sessions.size).toBe(0);
    expect(accounts.list.get(saved.id).session.state).toBe('signed-out');
  });

  it('again after a refusal takes what was typed', async () => {
    const { add, clock, server, accounts } = await createWorld();
    const session = await add();
    server.changePassword('engineer1', 'another');
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    const { id } = session.saved;
    const typo = await accounts.list.signIn(id, { password: 'typo' });
    expect(typo).toMatchObject({ error: { field: 'password' } });
    expect(await accounts.list.signIn(id, { password: 'another' })).toMatchObject(OK);
    expect(session.session.state).toBe('live');
    expect(accounts.storage.secrets.get(id)).toMatchObject({
      values: { password: 'another' },
      isRefused: false,
    });
  });

  it('reads what is typed as the form reads it', async () => {
    const { add, accounts, server } = await createWorld();
    const session = await add({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    server.changePassword('engineer1', 'another');
    await session.signOut();
    const typed = { apiKey: ' KEY-1 ', userName: 'x' };
    expect(await accounts.list.signIn(session.saved.id, typed)).toMatchObject(OK);
    expect(session.secrets.values).toEqual({ apiKey: 'KEY-1' });
  });

  it('twice by two clicks is one login', async () => {
    const { add, accounts, server } = await createWorld();
    const session = await add();
    await session.signOut();
    const { id } = session.saved;
    await Promise.all([accounts.list.signIn(id), accounts.list.signIn(id)]);
    expect(server.loginRequests).toBe(2);
  });

  it('twice by two clicks sends a refused password once, and never an empty one', async () => {
    const { add, accounts, server } = await createWorld();
    const session = await add();
    await session.signOut();
    server.changePassword('engineer1', 'another');
    const { id } = session.saved;
    await Promise.all([accounts.list.signIn(id), accounts.list.signIn(id)]);
    expect(server.journal.count('login', 401)).toBe(1);
  });

  it('is refused here after five refusals in a minute, before the server counts more', async () => {
    const { accounts, form, server, clock } = await createWorld();
    const wrong = form({ values: { userName: 'engineer1', password: 'wrong' } });
    for (let i = 0; i < 5; i++) await accounts.tryAdd(wrong);
    expect(await accounts.tryAdd(form())).toMatchObject({
      error: { message: expect.stringContaining('Wait a minute') },
    });
    expect(server.loginRequests).toBe(5);
    const other = form({ values: { userName: 'engineer2', password: PASSWORD } });
    expect(await accounts.tryAdd(other)).toMatchObject(OK);
    await clock.advance(MINUTE_MS);
    expect(await accounts.tryAdd(form())).toMatchObject(OK);
  });

  it.each(['x"; id; "$(id)', 'a key', "'", 'ключ', ''])(
    'with the key %j from the server is refused, because a key is pasted into commands',
    async (hash) => {
      const { accounts, form, server } = await createWorld();
      server.faults.next(faults.changedField('hash', hash), { route: 'login' });
      expect(await accounts.tryAdd(form())).toMatchObject({ ok: false });
      expect(accounts.storage.secrets.size).toBe(0);
    },
  );

  it('to a server that does not respond is retried later, with pauses', async () => {
    const { add, accounts, server, clock } = await createWorld();
    const session = await add();
    await session.signOut();
    server.faults.always(faults.connectionRefused());
    await accounts.list.signIn(session.saved.id);
    let changes = 0;
    accounts.list.onChange(() => changes++);
    await clock.advance(60 * MINUTE_MS);
    expect(changes).toBeLessThan(200);
    server.faults.clear();
    await clock.advance(5 * MINUTE_MS);
    expect(session.session.state).toBe('live');
  });

  it('is cancelled while it waits for a sign-out', async () => {
    const { add, accounts, server } = await createWorld();
    const session = await add();
    const held = faults.held();
    server.faults.next(held, { route: 'logout' });
    void session.signOut();
    await settle();
    const signingIn = accounts.list.signIn(session.saved.id);
    await settle();
    accounts.list.cancelSignIn(session.saved.id);
    held.release();
    expect(await signingIn).toMatchObject({ ok: false });
    expect(session.session.state).toBe('signed-out');
    expect(server.loginRequests).toBe(1);
  });

  it('works without a vault: the session lives in memory', async () => {
    const { accounts, form } = await createWorld();
    accounts.storage.keyring = () => Promise.reject(new Error('The keyring is locked.'));
    expect(await accounts.tryAdd(form())).toMatchObject(OK);
    expect(accounts.reported).toHaveLength(1);
  });
});

describe('signing out', () => {
  it('ends the session on the server, and Keyvigil does not sign in again by itself', async () => {
    const { add, clock, server, accounts } = await createWorld();
    const session = await add();
    await session.signOut();
    expect(server.sessions.size).toBe(0);
    expect(session.session.state).toBe('signed-out');
    accounts.restart();
    await clock.advance(DAY_MS);
    expect(server.loginRequests).toBe(1);
  });

  it('works while the server does not respond', async () => {
    const { add, server, clock } = await createWorld();
    const session = await add();
    server.faults.always(faults.connectionRefused());
    await session.signOut();
    expect(session.session).toMatchObject({ state: 'signed-out', problem: expect.any(String) });
    await clock.advance(DAY_MS);
    expect(session.session.state).toBe('signed-out');
  });

  it.each([
    ['works', () => {}],
    ['fails', (server: NexusIc) => server.faults.always(faults.serverError(), { route: 'logout' })],
  ])(
    'is not undone by, and does not undo, a sign-in that was clicked right after it (the logout %s)',
    async (_how, prepare) => {
      const { add, accounts, server } = await createWorld();
      const session = await add();
      prepare(server);
      const { key } = session.sessionKey!;
      // The keyring is slow, so the sign-in is clicked while the sign-out is still being stored.
      let store = () => {};
      accounts.storage.keyring = () => new Promise((resolve) => (store = resolve));
      const signingOut = session.signOut();
      await settle();
      accounts.storage.keyring = () => Promise.resolve();
      const signingIn = accounts.list.signIn(session.saved.id);
      await settle();
      expect(server.journal.count('logout')).toBe(0);
      store();
      await Promise.all([signingOut, signingIn]);
      expect(session.session.state).toBe('live');
      expect(session.saved.wanted).toBe(true);
      const { key: newKey } = session.sessionKey!;
      expect(newKey).not.toBe(key);
      expect(server.sessions.has(newKey)).toBe(true);
    },
  );

  it.each(['signOut', 'remove'] as const)(
    '(%s) during a renewal: the session does not come back',
    async (what) => {
      const { add, clock, accounts, server } = await createWorld();
      const session = await add();
      server.forgetSessions();
      const held = faults.held();
      server.faults.next(held, { route: 'login' });
      await clock.advance(8 * MINUTE_MS);
      expect(session.session.state).toBe('renewing');
      if (what === 'signOut') void session.signOut();
      else accounts.list.remove(session.saved.id);
      held.release();
      await clock.advance(DAY_MS);
      expect(session.sessionKey).toBeUndefined();
      if (what === 'remove') {
        expect(accounts.list.all).toEqual([]);
        expect(accounts.storage.accounts).toEqual([]);
        expect(accounts.storage.secrets.size).toBe(0);
      } else {
        expect(session.session.state).toBe('signed-out');
      }
    },
  );

  it.each(['signOut', 'remove'] as const)(
    'tells the server although %s follows at once',
    async (next) => {
      const { add, accounts, server } = await createWorld();
      const session = await add();
      const held = faults.held();
      server.faults.next(held, { route: 'logout' });
      const signingOut = session.signOut();
      await settle();
      if (next === 'remove') accounts.list.remove(session.saved.id);
      else void session.signOut();
      held.release();
      await signingOut;
      expect(server.sessions.size).toBe(0);
    },
  );

  it('is not forgotten if Keyvigil quits at once', async () => {
    const { add, accounts, clock, server } = await createWorld();
    const session = await add();
    void session.signOut();
    const [after] = accounts.restart().all;
    await clock.advance(DAY_MS);
    expect(after!.session.state).toBe('signed-out');
    expect(server.loginRequests).toBe(1);
  });

  it('stays signed out when the user verifies', async () => {
    const { add, server } = await createWorld();
    const session = await add();
    await session.signOut();
    expect(await session.verify()).toMatchObject({ ok: false });
    expect(server.loginRequests).toBe(1);
  });
});

describe('removing', () => {
  it('ends the session on the server', async () => {
    const { add, accounts, server } = await createWorld();
    const session = await add();
    accounts.list.remove(session.saved.id);
    await settle();
    expect(server.sessions.size).toBe(0);
  });

  it('an account while its edit signs in leaves no account and no session', async () => {
    const { add, accounts, form, server } = await createWorld({ through: deafToAbort });
    const { saved } = await add();
    const held = faults.held();
    server.faults.next(held, { route: 'login' });
    const edited = form({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    const editing = accounts.list.edit(saved.id, edited);
    await settle();
    accounts.list.remove(saved.id);
    held.release();
    expect(await editing).toMatchObject({ ok: false });
    await settle();
    expect(accounts.list.all).toEqual([]);
    expect(server.sessions.size).toBe(0);
  });
});

describe('editing', () => {
  it('the name or the interval makes no login', async () => {
    const { add, accounts, form, server } = await createWorld();
    const { saved } = await add();
    const values = { userName: 'engineer1' };
    const edited = form({ name: 'Renamed', keepAliveMinutes: 5, values });
    expect(await accounts.list.edit(saved.id, edited)).toMatchObject(OK);
    expect(accounts.list.get(saved.id).saved).toMatchObject({
      name: 'Renamed',
      keepAliveMinutes: 5,
    });
    expect(server.loginRequests).toBe(1);
  });

  it('the explorer address makes no login', async () => {
    const clock = new VirtualClock();
    const user = { email: 'ada@example.com', password: PASSWORD };
    const server = await startRibCx({ clock, users: [user], listen: false });
    const accounts = startAccounts({ clock, fetch: server.fetch });
    const form = {
      system: 'rib-cx',
      name: 'Tunnel',
      address: server.origin,
      method: 'password',
      values: { ...user, apiVersion: 'latest' },
      remember: true,
      keepAliveMinutes: 10,
    };
    const { saved } = await accounts.add(form);
    const requests = server.journal.entries.length;
    const explorerAddress = 'https://explorer.example.com';
    const values = { ...form.values, password: '', explorerAddress };
    expect(await accounts.list.edit(saved.id, { ...form, values })).toMatchObject(OK);
    expect(accounts.list.get(saved.id).saved.values).toMatchObject({ explorerAddress });
    expect(server.journal.entries).toHaveLength(requests);
  });

  it('signs in with a typed password, also if it is the stored one', async () => {
    const { add, accounts, form } = await createWorld();
    const account = await add();
    await account.signOut();
    const { id } = account.saved;
    expect(await accounts.list.edit(id, form())).toMatchObject(OK);
    expect(accounts.list.get(id).session.state).toBe('live');
  });

  it('that cannot sign in changes nothing', async () => {
    const { add, accounts, form } = await createWorld();
    const session = await add();
    const edited = form({ values: { userName: 'nobody', password: 'wrong' } });
    expect(await accounts.list.edit(session.saved.id, edited)).toMatchObject({ ok: false });
    expect(accounts.list.get(session.saved.id)).toBe(session);
    expect(session.session.state).toBe('live');
  });

  it('to another method signs in by it, and leaves no session of the old one', async () => {
    const { add, accounts, form, server } = await createWorld();
    const { saved } = await add();
    const edited = form({ method: 'api-key', values: { apiKey: ' KEY-1 \n' } });
    expect(await accounts.list.edit(saved.id, edited)).toMatchObject(OK);
    await settle();
    expect(accounts.list.get(saved.id).session.state).toBe('live');
    expect(accounts.storage.secrets.get(saved.id)?.values).toEqual({ apiKey: 'KEY-1' });
    expect(server.sessions.size).toBe(1);
  });

  it.each([
    ['another path on the same host', (base: string) => `${new URL(base).origin}/test/icweb.dll`],
    ['another host', () => 'http://evil.example.net'],
  ])('to %s does not send the stored password there', async (_what, address) => {
    const { add, accounts, form, server } = await createWorld();
    const { saved } = await add();
    const requests = server.journal.entries.length;
    const edited = form({ address: address(server.baseUrl), values: { userName: 'engineer1' } });
    expect(await accounts.list.edit(saved.id, edited)).toMatchObject({
      error: { field: 'password' },
    });
    expect(server.journal.entries).toHaveLength(requests);
  });

  it('ends what still uses the account that it replaced: no second login, with old credentials', async () => {
    const { add, accounts, form, clock, server } = await createWorld();
    const before = await add();
    const { key } = before.sessionKey!;
    const toApiKey = form({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    expect(await accounts.list.edit(before.saved.id, toApiKey)).toEqual(OK);
    await settle();
    // A request that began before the edit says that the server refused its key.
    await new LiveKeys(clock).getVerified(before, key);
    await settle();
    expect(server.sessions.size).toBe(1);
  });

  it('keeps what the user chose in the details while the sign-in ran', async () => {
    const { add, accounts, server, form } = await createWorld();
    const account = await add();
    account.update({ scripts: { mayUseCommand: true, localAddress: 'write' } });
    const answer = faults.held();
    server.faults.next(answer, { route: 'login' });
    const toApiKey = form({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    const edit = accounts.list.edit(account.saved.id, toApiKey);
    await settle();
    const scripts = { mayUseCommand: false, localAddress: 'off' } as const;
    account.update({ scripts });
    answer.release();
    expect(await edit).toEqual(OK);
    expect(accounts.list.get(account.saved.id).saved.scripts).toEqual(scripts);
  });

  it('to another user does not send the stored password for them', async () => {
    const { add, accounts, form, server } = await createWorld();
    const { saved } = await add();
    const edited = form({ values: { userName: 'engineer2' } });
    expect(await accounts.list.edit(saved.id, edited)).toMatchObject({
      error: { field: 'password' },
    });
    expect(server.loginRequests).toBe(1);
  });

  it('works for an account whose session nobody can renew', async () => {
    const { add, accounts, form } = await createWorld();
    const { saved } = await add({ remember: false });
    const list = accounts.restart();
    const edited = form({ name: 'Renamed', remember: false, values: { userName: 'engineer1' } });
    expect(await list.edit(saved.id, edited)).toMatchObject(OK);
    expect(list.get(saved.id).saved.name).toBe('Renamed');
  });
});

describe('stored secrets', () => {
  const evil = 'http://evil.example.net';

  it('are not sent to another address if accounts.json was changed', async () => {
    const asked: string[] = [];
    const { add, accounts, clock } = await createWorld({
      through: (fetch) => (url, init) => (asked.push(url), fetch(url, init)),
    });
    await add();
    const [account] = accounts.storage.accounts;
    accounts.storage.accounts = [{ ...account!, address: evil, learned: {} }];
    const list = accounts.restart();
    await clock.advance(DAY_MS);
    expect(asked.filter((url) => url.startsWith(evil))).toEqual([]);
    expect(list.all[0]!.session).toMatchObject({
      state: 'sign-in-needed',
      problem: expect.stringContaining('another address or user'),
    });
    expect(list.all[0]!.credentials.canSignInAlone).toBe(false);
  });

  it('are not sent to another address if an edit was stored only in part', async () => {
    const { add, accounts, clock, server, form } = await createWorld({
      databases: { '/test/data/icweb.dll': [{ username: 'engineer1', password: 'of the test' }] },
    });
    const { saved } = await add();
    // The keyring refuses to store: accounts.json gets the new address, the vault keeps the old secret.
    accounts.storage.keyring = () => Promise.reject(new Error('The keyring is locked.'));
    const address = new URL('/test/data/icweb.dll', server.baseUrl).href;
    const values = { userName: 'engineer1', password: 'of the test' };
    expect(await accounts.list.edit(saved.id, form({ address, values }))).toMatchObject(OK);
    const test = server.database('/test/data/icweb.dll');
    const before = test.loginRequests;
    const list = accounts.restart();
    await clock.advance(DAY_MS);
    expect(list.all[0]!.session.state).toBe('sign-in-needed');
    expect(test.loginRequests).toBe(before);
  });

  it('are used for no other account if entries of the vault were swapped', async () => {
    const { add, accounts, clock, server } = await createWorld();
    await add();
    await add({ values: { userName: 'engineer2', password: PASSWORD } });
    const { secrets } = accounts.storage;
    const [one, other] = [secrets.get('account-1')!, secrets.get('account-2')!];
    secrets.set('account-1', other);
    secrets.set('account-2', one);
    const requests = server.journal.entries.length;
    const list = accounts.restart();
    await clock.advance(DAY_MS);
    expect(list.all.map(({ session }) => session.state)).toEqual([
      'sign-in-needed',
      'sign-in-needed',
    ]);
    expect(server.journal.entries).toHaveLength(requests);
  });
});

describe('storing', () => {
  it('keeps neither key nor password of an account that must not be remembered', async () => {
    const { add, accounts } = await createWorld();
    await add({ remember: false });
    const { storage } = accounts;
    expect(JSON.stringify([storage.accounts, ...storage.secrets])).not.toContain(PASSWORD);
    expect(storage.secrets.size).toBe(0);
    expect(accounts.restart().all[0]!.session.state).toBe('sign-in-needed');
  });

  it('keeps an account of a system that this version does not support', async () => {
    const { add, accounts, form } = await createWorld();
    await add();
    const known = accounts.storage.accounts[0]!;
    accounts.storage.accounts = [{ ...known, id: 'other', system: 'from-the-future' }, known];
    const list = accounts.restart();
    await list.edit(known.id, form({ name: 'Renamed', values: { userName: 'engineer1' } }));
    expect(accounts.storage.accounts.map(({ id }) => id)).toContain('other');
  });

  it('ends no session if the activity log fails', async () => {
    const fail = () => {
      throw new Error('The disk is full.');
    };
    const observer = { changed: fail, removed: fail, slept: () => {} };
    const { add, clock, accounts } = await createWorld({ observer: () => observer });
    const session = await add();
    accounts.scheduler.suspend();
    clock.sleep(90 * MINUTE_MS);
    accounts.scheduler.resume();
    await clock.advance(3000);
    expect(session.session.state).toBe('live');
    expect(accounts.reported.length).toBeGreaterThan(0);
  });
});
