import { DAY_MS } from '../clock.ts';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { systems } from '../systems/index.ts';
import type { AccountForm } from './account-form.ts';
import { KEEP_GONE_DAYS, keepManaged, manageAccounts } from './managed-accounts.ts';
import { NO_CHOICES, type SavedAccount } from './saved-account.ts';

const PLANT: AccountForm = {
  system: 'nexus-ic',
  name: 'Plant',
  address: 'nexus.example.com',
  method: 'password',
  values: {},
  remember: true,
  keepAliveMinutes: 8,
};
const CX: AccountForm = {
  ...PLANT,
  system: 'rib-cx',
  name: 'Site',
  address: 'au.itwocx.com',
  method: 'microsoft',
  values: { clientId: '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18', tenant: 'example.com' },
};
const OWN: SavedAccount = {
  ...PLANT,
  ...NO_CHOICES,
  id: 'own',
  name: 'Mine',
  address: 'https://nexus.example.com/data/icweb.dll',
  learned: {},
  wanted: true,
};

/** A profile. `start` starts Keyvigil with these accounts in the administrator's file. */
function createProfile(stored: readonly SavedAccount[] = []) {
  const clock = new VirtualClock();
  const deleted: string[] = [];
  let unusable: readonly string[] = [];
  const profile = {
    clock,
    deleted,
    stored,
    canSave: true,
    get unusable() {
      return unusable;
    },
    start(forms: readonly AccountForm[] | undefined) {
      const store = manageAccounts({
        store: {
          load: () => profile.stored,
          save(accounts) {
            if (!profile.canSave) throw new Error('The disk is full.');
            profile.stored = structuredClone(accounts);
          },
        },
        forms,
        systems,
        clock,
        deleteSecrets(id) {
          if (!profile.canSave) throw new Error('The disk is full.');
          deleted.push(id);
        },
        onUnusable: (names) => (unusable = names),
      });
      return { store, accounts: store.load() };
    },
  };
  return profile;
}

const namesOf = (accounts: readonly SavedAccount[]) => accounts.map(({ name }) => name);

describe('an account in the administrator’s file', () => {
  it('appears after the user’s own, signed out, with what the administrator has set', () => {
    const { accounts } = createProfile([OWN]).start([PLANT, CX]);
    expect(namesOf(accounts)).toEqual(['Mine', 'Plant', 'Site']);
    expect(accounts[2]).toMatchObject({
      wanted: false,
      remember: true,
      managed: { fields: ['clientId', 'tenant'] },
    });
  });

  it('keeps its id, its place and what the user chose, and takes its name and its values from the file', () => {
    const profile = createProfile([OWN]);
    const { store, accounts } = profile.start([CX]);
    const site = { ...accounts[1]!, pinned: true, keepAliveMinutes: 20 };
    site.values = { ...site.values, style: 'device-code' };
    store.save([site, OWN]);
    const apiVersion = '24.08';
    const renamed = { ...CX, name: 'Bridge', values: { ...CX.values, apiVersion } };
    expect(profile.start([renamed]).accounts).toEqual([
      {
        ...site,
        name: 'Bridge',
        values: { ...site.values, apiVersion },
        managed: { fields: ['clientId', 'tenant', 'apiVersion'] },
      },
      OWN,
    ]);
  });

  it('is another account if its address or its user changes, so that no secret of it goes there', () => {
    const profile = createProfile();
    const [before] = profile.start([PLANT]).accounts;
    const [moved] = profile.start([{ ...PLANT, address: 'evil.example.com' }]).accounts;
    const [of] = profile.start([{ ...PLANT, values: { userName: 'other' } }]).accounts;
    expect(new Set([before!.id, moved!.id, of!.id]).size).toBe(3);
  });

  it('appears once, even if the file has it twice', () => {
    expect(createProfile().start([PLANT, { ...PLANT, name: 'Again' }]).accounts).toHaveLength(1);
  });

  it('is left out and named if this version cannot use it', () => {
    const profile = createProfile();
    const { accounts } = profile.start([{ ...PLANT, name: 'New', system: 'unknown' }, PLANT]);
    expect(namesOf(accounts)).toEqual(['Plant']);
    expect(profile.unusable).toEqual(['New']);
  });

  it('is left out and named if its working hours are reversed: it would always rest', () => {
    const profile = createProfile();
    const rest = { when: 'off-hours', from: '18:00', to: '08:00', signOut: false } as const;
    const { accounts } = profile.start([{ ...PLANT, rest }, CX]);
    expect(namesOf(accounts)).toEqual(['Site']);
    expect(profile.unusable).toEqual(['Plant']);
  });
});

describe('an account that leaves the file', () => {
  it('disappears, but comes back with its id and its secrets if the file does', async () => {
    const profile = createProfile();
    const [plant] = profile.start([PLANT, CX]).accounts;
    const { store, accounts } = profile.start([CX]);
    expect(namesOf(accounts)).toEqual(['Site']);
    store.save(accounts);
    await profile.clock.advance((KEEP_GONE_DAYS - 1) * DAY_MS);
    profile.start([]);
    expect(profile.start([PLANT, CX]).accounts).toContainEqual(plant);
    expect(profile.deleted).toEqual([]);
  });

  it('is deleted with its secrets after 30 days, even if nothing else was saved in them', async () => {
    const profile = createProfile([OWN]);
    const [, plant] = profile.start([PLANT]).accounts;
    profile.start([]);
    await profile.clock.advance(KEEP_GONE_DAYS * DAY_MS);
    expect(namesOf(profile.start([]).accounts)).toEqual(['Mine']);
    expect(profile.deleted).toEqual([plant!.id]);
    expect(profile.stored).toEqual([OWN]);
  });

  it('is deleted at the next start if the disk is full after 30 days', async () => {
    const profile = createProfile([OWN]);
    const [, plant] = profile.start([PLANT]).accounts;
    profile.start([]);
    await profile.clock.advance(KEEP_GONE_DAYS * DAY_MS);
    profile.canSave = false;
    expect(namesOf(profile.start([]).accounts)).toEqual(['Mine']);
    profile.canSave = true;
    profile.start([]);
    expect(profile.deleted).toEqual([plant!.id]);
  });

  it('changes nothing while the file cannot be read', async () => {
    const profile = createProfile();
    const { accounts } = profile.start([PLANT]);
    await profile.clock.advance(2 * KEEP_GONE_DAYS * DAY_MS);
    expect(profile.start(undefined).accounts).toEqual(accounts);
    expect(profile.start(undefined).accounts).toEqual(accounts);
  });
});

it('accounts are managed even if the disk is full', () => {
  const profile = createProfile([OWN]);
  profile.canSave = false;
  expect(namesOf(profile.start([PLANT]).accounts)).toEqual(['Mine', 'Plant']);
});

it('a form changes nothing that the administrator has set', () => {
  const [site] = createProfile().start([CX]).accounts;
  const form = {
    ...PLANT,
    name: 'Changed',
    values: { clientId: 'x', tenant: 'x', style: 'window' },
  };
  expect(keepManaged(site!, form)).toMatchObject({
    system: 'rib-cx',
    method: 'microsoft',
    name: 'Site',
    address: site!.address,
    values: { ...CX.values, style: 'window' },
  });
  expect(keepManaged(OWN, form)).toBe(form);
});
