import { describe, expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS } from '../clock.ts';

const never = () => new Promise<never>(() => {});
const orWaits = <T>(work: Promise<T>) => Promise.race([work, settle().then(() => 'waits')]);

async function createSignedOut() {
  const world = await createWorld();
  const account = await world.add();
  await account.signOut();
  return { ...world, account, id: account.saved.id };
}

describe('while the keyring does not answer', () => {
  it('no login is sent before it is recorded', async () => {
    const { accounts, server, id } = await createSignedOut();
    accounts.storage.keyring = never;
    expect(await orWaits(accounts.list.signIn(id))).toBe('waits');
    expect(server.loginRequests).toBe(1);
  });

  it.each([
    ['before its login is sent', 0],
    ['after its login was refused', 1],
  ])(
    'a sign-in that is cancelled %s ends at once, and the next one is sent',
    async (_when, stored) => {
      const { accounts, server, id } = await createSignedOut();
      server.changePassword('engineer1', 'another');
      let stores = 0;
      accounts.storage.keyring = () => (stores++ < stored ? Promise.resolve() : never());
      const signingIn = accounts.list.signIn(id);
      expect(await orWaits(signingIn)).toBe('waits');
      accounts.list.cancelSignIn(id);
      expect(await orWaits(signingIn)).toMatchObject({ ok: false });
      accounts.storage.keyring = () => Promise.resolve();
      const typed = { password: 'another' };
      expect(await orWaits(accounts.list.signIn(id, typed))).toMatchObject({ ok: true });
    },
  );

  it('a change is on screen: the next click must not start from what was before', async () => {
    const { accounts, account } = await createSignedOut();
    accounts.storage.keyring = never;
    const shown: string[] = [];
    accounts.list.onChange(() => shown.push(account.saved.scripts.localAddress));
    account.update({ scripts: { mayUseCommand: false, localAddress: 'read' } });
    void accounts.list.save(account);
    await settle();
    expect(shown).toEqual(['read']);
  });

  it('a renewal does not keep its user from signing out', async () => {
    const { accounts, add, clock, server } = await createWorld();
    const account = await add();
    accounts.storage.keyring = never;
    server.forgetSessions();
    await clock.advance(8 * MINUTE_MS);
    expect(account.session.state).toBe('renewing');
    void account.signOut();
    await settle();
    expect(account.session.state).toBe('signed-out');
  });
});

it.each([
  ['refused', faults.serverError(401)],
  ['cancelled', faults.held()],
])(
  'a %s login counts after a restart, although its result was never stored',
  async (how, fault) => {
    const { accounts, server, id } = await createSignedOut();
    server.faults.always(fault, { route: 'login' });
    let stores = 0;
    // The keyring stores only once: when the login is recorded, before it is sent.
    accounts.storage.keyring = () => (stores++ === 0 ? Promise.resolve() : never());
    void accounts.list.signIn(id);
    await settle();
    if (how === 'cancelled') accounts.list.cancelSignIn(id);
    await settle();
    expect(accounts.restart().get(id).secrets.unansweredLogins).toBe(1);
  },
);
