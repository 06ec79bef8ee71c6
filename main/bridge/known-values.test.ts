import { describe, expect, test } from 'vitest';
import { createBridgeWorld } from '../../test/support/bridge-world.ts';
import { systems } from '../systems/index.ts';
import { NO_CHOICES, type SavedAccount } from '../sessions/saved-account.ts';
import { findMethod } from '../sessions/account-form.ts';
import { knownValues } from './known-values.ts';

const CLIENT_ID = '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18';

function stored(changes: Partial<SavedAccount> & Pick<SavedAccount, 'system' | 'method'>) {
  const saved: SavedAccount = {
    ...NO_CHOICES,
    id: 'account-1',
    name: 'Plant',
    address: 'https://plant.example.com',
    values: {},
    learned: {},
    remember: true,
    keepAliveMinutes: 8,
    wanted: true,
    ...changes,
  };
  return { saved, method: findMethod(systems, saved)!.method };
}

const plant = (changes: Partial<SavedAccount> = {}) =>
  stored({ system: 'nexus-ic', method: 'password', values: { userName: 'ada' }, ...changes });
const microsoft = (values: SavedAccount['values'], changes: Partial<SavedAccount> = {}) =>
  stored({
    system: 'rib-cx',
    method: 'microsoft',
    address: 'https://au.itwocx.com',
    values: { clientId: CLIENT_ID, tenant: 'example.com', style: 'browser', ...values },
    ...changes,
  });

describe('the values that accounts already have', () => {
  test('are addresses, Client IDs, tenants and other texts, each once, by system, except what a new form has anyway', () => {
    const known = knownValues([
      plant(),
      microsoft({ explorerAddress: 'https://explorer.example.com' }),
      plant({ address: 'https://other.example.com' }),
      microsoft({ tenant: 'other.example.com' }),
      plant(),
      microsoft({ tenant: 'common', apiVersion: 'latest' }),
    ]);
    expect(known).toEqual({
      'nexus-ic': { address: ['https://plant.example.com', 'https://other.example.com'] },
      'rib-cx': {
        address: ['https://au.itwocx.com'],
        clientId: [CLIENT_ID],
        tenant: ['example.com', 'other.example.com'],
        explorerAddress: ['https://explorer.example.com'],
      },
    });
  });

  test('are never secrets, user names, or what a list offers anyway', () => {
    const known = knownValues([
      plant({ values: { userName: 'ada', password: 'secret' } }),
      plant({ method: 'api-key', values: { apiKey: 'secret' } }),
      stored({
        system: 'rib-cx',
        method: 'password',
        values: { email: 'ada@example.com', password: 'secret', encryptedPassword: 'secret' },
      }),
      microsoft({ trustedHost: 'cx.example.com' }),
    ]);
    const words = JSON.stringify(known);
    for (const hidden of ['ada', 'secret', 'browser', 'cx.example.com']) {
      expect(words).not.toContain(hidden);
    }
    expect(words).toContain(CLIENT_ID);
  });

  test('of a managed account count too', () => {
    const managed = microsoft({}, { managed: { fields: ['clientId', 'tenant'] } });
    expect(knownValues([managed])['rib-cx']).toMatchObject({ clientId: [CLIENT_ID] });
  });
});

test('the renderer is told the values of the accounts on screen, except those of the account that it edits', async () => {
  const { ask, accounts } = await createBridgeWorld();
  const [{ saved }] = accounts.list.all as [(typeof accounts.list.all)[0]];
  const known = { 'nexus-ic': { address: [saved.address] } };
  expect(await ask('knownValues', {})).toEqual(known);
  expect(await ask('knownValues', { except: saved.id })).toEqual({});
  await ask('removeAccount', { id: saved.id });
  expect(await ask('knownValues', {})).toEqual({});
});
