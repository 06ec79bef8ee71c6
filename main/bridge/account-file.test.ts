import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createBridgeWorld, USER } from '../../test/support/bridge-world.ts';
import type { Account } from '../sessions/account.ts';
import { ribCx } from '../systems/rib-cx/index.ts';
import { readAccountFile } from './account-file.ts';

const FILE = (accounts: readonly object[], version = 1) =>
  JSON.stringify({ format: 'keyvigil-accounts', version, accounts });
const { fields } = ribCx.methods.find(({ id }) => id === 'microsoft')!;
const MICROSOFT = {
  system: 'rib-cx',
  name: 'Projects',
  address: 'https://cx.example.com',
  method: 'microsoft',
  values: {
    ...Object.fromEntries(
      fields.map(({ id, initial, options }) => [id, initial ?? options?.[0]?.id ?? '']),
    ),
    clientId: '8f1e4b1c-1111-4222-8333-123456789abc',
    trustedHost: 'cx.example.com',
  },
  keepAliveMinutes: 20,
};

test('an export holds the accounts, and no secret', async () => {
  const { ask, saved } = await createBridgeWorld();
  expect(await ask('exportAccounts', undefined)).toBe(true);
  expect(saved[0]).toContain('Plant model');
  for (const secret of [USER.password, 'hash']) expect(saved[0]).not.toContain(secret);
});

test('an import adds what is new, signed out, and nothing twice', async () => {
  const { ask, saved, accounts } = await createBridgeWorld();
  await ask('exportAccounts', undefined);
  const { accounts: exported } = JSON.parse(saved[0]!) as { accounts: object[] };
  const other = { ...exported[0], name: 'Other user', values: { userName: 'engineer2' } };
  saved.push(FILE([...exported, other, other, { ...other, system: 'none' }]));
  expect(await ask('chooseImport', undefined)).toMatchObject({
    value: [{ change: 'known' }, { change: 'new' }, { change: 'known' }, { change: 'unusable' }],
  });
  expect(await ask('importAccounts', undefined)).toBe(1);
  const added = accounts.list.all.find(({ saved }) => saved.name === 'Other user');
  expect(added?.session.state).toBe('signed-out');
  expect(await ask('importAccounts', undefined)).toBe(0);
});

test('a removed account is not exported, and can be imported, even while its removal can be undone', async () => {
  const { ask, saved, accounts } = await createBridgeWorld();
  await ask('exportAccounts', undefined);
  const [{ saved: removed }] = accounts.list.all as [Account];
  await ask('removeAccount', { id: removed.id });
  expect(await ask('chooseImport', undefined)).toMatchObject({ value: [{ change: 'new' }] });
  await ask('exportAccounts', undefined);
  expect(saved.at(-1)).not.toContain(removed.name);
});

test('an account whose removal is undone before the import is not imported again', async () => {
  const { ask, accounts } = await createBridgeWorld();
  await ask('exportAccounts', undefined);
  const { id } = accounts.list.all[0]!.saved;
  await ask('removeAccount', { id });
  await ask('chooseImport', undefined);
  await ask('undoRemove', { id });
  expect(await ask('importAccounts', undefined)).toBe(0);
  expect(accounts.list.all).toHaveLength(1);
});

test('an account that is imported while its removal can be undone is there once, also after an undo', async () => {
  const { ask, accounts } = await createBridgeWorld();
  await ask('exportAccounts', undefined);
  const [{ saved: removed }] = accounts.list.all as [Account];
  await ask('removeAccount', { id: removed.id });
  await ask('chooseImport', undefined);
  expect(await ask('importAccounts', undefined)).toBe(1);
  await ask('undoRemove', { id: removed.id });
  expect(accounts.list.all.map(({ saved }) => saved.name)).toEqual([removed.name]);
});

test('working hours that the form refuses are not imported: the account would always rest', async () => {
  const { ask, saved } = await createBridgeWorld();
  const rest = { when: 'off-hours', from: '22:00', to: '06:00', signOut: false };
  saved.push(FILE([{ ...MICROSOFT, rest }]));
  expect(await ask('chooseImport', undefined)).toMatchObject({
    value: [{ change: 'unusable', reason: expect.stringContaining('working hours') }],
  });
});

test('no file makes a user trust a host', async () => {
  const { ask, saved, accounts } = await createBridgeWorld();
  saved.push(FILE([MICROSOFT]));
  await ask('chooseImport', undefined);
  expect(await ask('importAccounts', undefined)).toBe(1);
  expect(accounts.list.all.at(-1)?.saved.values).not.toHaveProperty('trustedHost');
});

test.each([
  ['', 'is not an export'],
  ['{}', 'is not an export'],
  [FILE([{ ...MICROSOFT, keepAliveMinutes: 0 }]), 'is not an export'],
  [FILE([], 2), 'A newer Keyvigil made this file'],
])('%j is refused, and the user learns why', (text, words) => {
  expect(readAccountFile(text)).toMatchObject({ ok: false, error: expect.stringContaining(words) });
});

test('an import says what the administrator’s example leaves out, as docs/administrators.md says', async () => {
  const { ask, saved } = await createBridgeWorld();
  const page = readFileSync('docs/administrators.md', 'utf8');
  saved.push(/```json\n(.*?)```/s.exec(page)![1]!);
  expect(await ask('chooseImport', undefined)).toMatchObject({
    value: [{ change: 'unusable', reason: 'Type the user name.' }],
  });
  expect(page.replace(/\s+/g, ' ')).toContain('refuses an account whose `values` leave');
});

test('a file that begins with a byte order mark is read, because Windows PowerShell writes one', () => {
  expect(readAccountFile(`\uFEFF${FILE([MICROSOFT])}`)).toMatchObject({ ok: true });
});

test('an imported account with a long name can be edited and signed in to', async () => {
  const { ask, saved, accounts } = await createBridgeWorld();
  const name = 'Plant '.repeat(50).trim();
  saved.push(FILE([{ ...MICROSOFT, name }]));
  await ask('chooseImport', undefined);
  await ask('importAccounts', undefined);
  const { id } = accounts.list.all.find(({ saved }) => saved.name === name)!.saved;
  expect(await ask('editableAccount', { id })).toMatchObject({ form: { name } });
});
