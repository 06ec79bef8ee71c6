import { afterEach, describe, expect, it, vi } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { createBridgeWorld, type BridgeWorld } from '../../test/support/bridge-world.ts';
import { MemoryClipboard } from '../../test/support/memory-clipboard.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
import { SecretCopier } from '../desktop/secret-copier.ts';
import { m } from '../messages/index.ts';
import { LiveKeys } from '../sessions/live-keys.ts';
import { DEFAULT_SETTINGS } from '../storage/settings.ts';
import { copyKey } from './copy-key.ts';

let world: BridgeWorld;
afterEach(() => expect(world.reported).toEqual([]));

async function setUp() {
  world = await createBridgeWorld();
  const [account] = world.accounts.list.all;
  const { id } = account!.saved;
  return {
    ...world,
    id,
    key: () => account!.sessionKey?.key,
    copy: (format?: string) => world.ask('copy', { id, ...(format && { format }) }),
    copyCheck: () => world.ask('copyCheck', { id }),
  };
}

describe('a copied key', () => {
  it('that was verified just now is not checked', async () => {
    const { copy, clipboard, key, server } = await setUp();
    expect(await copy()).toEqual({ ok: true, value: { clearsInSeconds: 45, isChecking: false } });
    expect(clipboard()).toBe(key());
    expect(server.journal.count('version')).toBe(0);
  });

  it('keeps its session from resting, also if it was verified just now', async () => {
    const { copy, clock } = await setUp();
    const account = world.accounts.list.all[0]!;
    account.update({ rest: { when: 'away', afterMinutes: 10, signOut: true } });
    await clock.advance(20 * MINUTE_MS);
    await account.keepAlive();
    expect(await copy()).toMatchObject({ value: { isChecking: false } });
    account.updateRest({ idleMs: 20 * MINUTE_MS, isLocked: true });
    expect(account.isResting).toBe(false);
  });

  it('is on the clipboard before the server is asked', async () => {
    const { copy, copyCheck, clipboard, key, server, clock } = await setUp();
    await clock.advance(30 * SECOND_MS);
    const answer = faults.held();
    server.faults.next(answer, { route: 'version' });
    expect(await copy()).toMatchObject({ value: { isChecking: true } });
    expect(clipboard()).toBe(key());
    answer.release();
    expect(await copyCheck()).toBe('works');
  });

  it('that works is left alone', async () => {
    const { copy, copyCheck, clipboard, key, server, clock } = await setUp();
    await clock.advance(30 * SECOND_MS);
    await copy();
    expect(await copyCheck()).toBe('works');
    expect(clipboard()).toBe(key());
    expect(server.journal.count('version')).toBe(1);
  });

  it('that has expired is replaced by a new one, in the same format', async () => {
    const { copy, copyCheck, clipboard, key, server, clock } = await setUp();
    await clock.advance(30 * SECOND_MS);
    server.forgetSessions();
    const old = key();
    await copy('query');
    expect(clipboard()).toBe(`hash=${old}`);
    expect(await copyCheck()).toBe('replaced');
    expect(key()).not.toBe(old);
    expect(clipboard()).toBe(`hash=${key()}`);
  });

  it('is not replaced once something else was copied', async () => {
    const { copy, copyCheck, clipboard, server, clock, copyElsewhere } = await setUp();
    await clock.advance(30 * SECOND_MS);
    server.forgetSessions();
    await copy();
    copyElsewhere('text');
    expect(await copyCheck()).toBe('renewed');
    expect(clipboard()).toBe('text');
  });

  it('is removed if it has expired and the server refuses a login', async () => {
    const { copy, copyCheck, clipboard, server, clock } = await setUp();
    await clock.advance(30 * SECOND_MS);
    server.forgetSessions();
    server.changePassword('engineer1', 'other');
    await copy();
    expect(await copyCheck()).toBe('expired');
    expect(clipboard()).toBe('');
  });

  it('that does not exist is explained by the reason that the account shows', async () => {
    const { copy, server } = await setUp();
    const account = world.accounts.list.all[0]!;
    server.forgetSessions();
    server.faults.always(faults.connectionRefused(), { route: 'login' });
    await account.verify();
    expect(account.session.state).toBe('offline');
    const { problem } = account.session as { problem: string };
    expect(await copy()).toMatchObject({ error: { message: problem } });
    await account.signOut();
    expect(await copy()).toMatchObject({ error: { message: m.no_key_to_copy() } });
  });

  it('stays if the server does not respond', async () => {
    const { copy, copyCheck, clipboard, key, server, clock } = await setUp();
    await clock.advance(30 * SECOND_MS);
    server.faults.always(faults.connectionRefused());
    await copy();
    expect(await copyCheck()).toBe('unknown');
    expect(clipboard()).toBe(key());
  });

  it('that waited for its renewal is not copied once the screen was locked', async () => {
    const { accounts, add, server, clock } = await createWorld();
    const { saved } = await add();
    accounts.restart();
    const clipboard = new MemoryClipboard();
    const copier = new SecretCopier(clipboard, clock, (error) => expect.fail(String(error)));
    const answer = faults.held();
    server.faults.next(answer, { route: 'version' });
    const copyDeps = {
      ...{ accounts: accounts.list, keys: new LiveKeys(clock), copier },
      settings: { get: () => DEFAULT_SETTINGS, save: () => undefined },
      ...{ keylessFormats: () => [], onCheck: () => undefined, clock, onChange: () => undefined },
    };
    const copied = copyKey(copyDeps, saved.id);
    await settle();
    // A locked screen clears the clipboard.
    await copier.clearNow();
    answer.release();
    expect(await copied).toMatchObject({ error: { message: m.cleared_before_copy() } });
    expect(clipboard.text).toBe('');
  });

  it('is replaced by one new key if it was copied twice, and both checks say so', async () => {
    const { copy, clipboard, key, server, clock } = await setUp();
    await clock.advance(30 * SECOND_MS);
    server.forgetSessions();
    await copy();
    await copy();
    await vi.waitFor(() => expect(world.checks).toEqual(['replaced', 'replaced']));
    expect(clipboard()).toBe(key());
  });
});
