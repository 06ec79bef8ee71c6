import { expect, test, vi } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld } from '../../test/support/account-world.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { Notices } from '../bridge/notices.ts';
import { ShownAccounts } from '../bridge/shown-accounts.ts';
import { DAY_MS } from '../clock.ts';
import { DEFAULT_SETTINGS } from '../storage/settings.ts';
import { createUpdates } from './create-updates.ts';

const { did, asked } = vi.hoisted(() => ({
  did: [] as string[],
  asked: [] as (readonly string[])[],
}));
vi.mock('electron', () => ({ app: { isPackaged: true } }));
vi.mock('./update-policy.ts', () => ({ mayUpdate: () => true }));
vi.mock('./updates.ts', () => ({
  loadUpdater: async () => ({
    check: async () => '9.9.9',
    download: async () => undefined,
    install: () => void did.push('install'),
  }),
  confirmUpdate: async (_version: string, unsaved: readonly string[]) => {
    asked.push(unsaved);
    return true;
  },
  tellUpdate: () => void did.push('tell'),
}));

/** Makes an account that is not remembered, and an update that is offered. */
async function createOffered() {
  did.length = 0;
  asked.length = 0;
  const world = await createWorld();
  const { accounts, add, clock } = world;
  const { saved } = await add({ remember: false });
  const settings = { get: () => DEFAULT_SETTINGS, save: () => undefined };
  const shownAccounts = new ShownAccounts({
    accounts: accounts.list,
    settings,
    clock,
    onChange: () => undefined,
  });
  const updates = createUpdates({
    accounts: accounts.list,
    shown: () => shownAccounts.all,
    canRemember: true,
    settings,
    notices: new Notices(),
    tray: { offerUpdate: () => undefined },
    clock,
    logError: (error) => expect.fail(String(error)),
  })!;
  updates.start();
  await clock.advance(DAY_MS);
  return { ...world, saved, shownAccounts, updates };
}

test('an update does not interrupt the sign-in of a new account', async () => {
  const { accounts, form, server, updates } = await createOffered();
  const answer = faults.held();
  server.faults.next(answer, { route: 'login' });
  const adding = accounts.tryAdd(form());
  await settle();
  await updates.install();
  expect(did).toEqual(['tell']);
  answer.release();
  expect(await adding).toMatchObject({ ok: true });
  await updates.install();
  expect(did).toEqual(['tell', 'install']);
});

test('the question names the accounts that must sign in again, but none that is being removed', async () => {
  const { shownAccounts, saved, updates } = await createOffered();
  await updates.install();
  shownAccounts.remove(saved.id);
  await updates.install();
  expect(asked).toEqual([[saved.name], []]);
});
