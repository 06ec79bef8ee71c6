import { describe, expect, test } from 'vitest';
import { AccountFormState } from './account-form.svelte.ts';
import {
  account,
  activity,
  createPopup,
  deferred,
  never,
  settle,
  snapshot,
  systems,
} from '../../test/support/fake-main-process.ts';
import type { Navigation } from './navigation.svelte.ts';

async function openAccountForm(navigation: Navigation): Promise<AccountFormState> {
  await navigation.addAccount();
  const { form } = navigation;
  if (!(form instanceof AccountFormState)) throw new Error('The account form is not on screen.');
  return form;
}

describe('the main process can ask for', () => {
  test('the account form', async () => {
    const { navigation, bridge } = await createPopup();
    bridge.askFor({ name: 'add-account' });
    await settle();
    expect(navigation.screen.name).toBe('account-form');
  });

  test('the details of an account', async () => {
    const { navigation, bridge } = await createPopup();
    bridge.askFor({ name: 'details', id: 'a1' });
    await settle();
    expect(navigation.screen).toMatchObject({ name: 'details', details: { id: 'a1' } });
  });

  test('an account’s row in the list, where its user can sign in', async () => {
    const { navigation, bridge } = await createPopup();
    bridge.askFor({ name: 'row', id: 'a1' });
    expect(navigation.screen.name).toBe('accounts');
    expect(navigation.focusedAccount).toBe('a1');
  });

  test('anything, but an open form keeps what was typed into it', async () => {
    const { navigation, bridge } = await createPopup();
    await navigation.edit(account());
    const { form } = navigation;
    expect(form).toBeDefined();
    bridge.askFor({ name: 'add-account' });
    bridge.askFor({ name: 'details', id: 'a1' });
    bridge.askFor({ name: 'row', id: 'a1' });
    await settle();
    expect(navigation.form).toBe(form);
  });
});

test('the details on screen show the latest activity when the popup is opened', async () => {
  const { navigation, bridge } = await createPopup();
  await navigation.showDetails(account());
  navigation.opened();
  expect(bridge.questions('activity')).toHaveLength(2);
});

describe('the account form', () => {
  test('does not open if the user has gone elsewhere while it loads', async () => {
    const loading = deferred<[...typeof systems]>();
    const { navigation } = await createPopup({ systems: () => loading.promise });
    const opening = navigation.addAccount();
    navigation.showSettings();
    loading.resolve([...systems]);
    await opening;
    expect(navigation.screen.name).toBe('settings');
  });

  test('cancels its sign-in and drops its secrets when the user leaves it', async () => {
    const { navigation, bridge } = await createPopup({ addAccount: never });
    const form = await openAccountForm(navigation);
    form.values = { user: 'engineer1', password: 'secret' };
    void form.submit();
    navigation.showSettings();
    expect(form.values).toEqual({ user: 'engineer1' });
    expect(bridge.questions('cancelSignIn')).toHaveLength(1);
  });

  test('offers what the other accounts of the chosen system have', async () => {
    const { navigation, bridge } = await createPopup({
      knownValues: () => ({ second: { tenant: ['example.com'] } }),
    });
    const form = await openAccountForm(navigation);
    expect(form.offersFor('tenant')).toEqual([]);
    form.chooseSystem('second');
    expect(form.offersFor('tenant')).toEqual(['example.com']);
    expect(form.offersFor('address')).toEqual([]);
    navigation.showAccounts();
    await navigation.edit(account());
    expect(bridge.questions('knownValues')).toEqual([{}, { except: 'a1' }]);
  });

  test('closes when the account is added, which gets the focus in the list', async () => {
    const { navigation, bridge } = await createPopup({
      addAccount: () => ({ ok: true, value: undefined }),
    });
    const form = await openAccountForm(navigation);
    await form.submit();
    expect(navigation.screen.name).toBe('accounts');
    const [{ id }] = bridge.questions('addAccount') as [{ id: string }];
    expect(navigation.focusedAccount).toBe(id);
  });
});

test('a sign-in that lacks the user name too opens the whole form', async () => {
  const { navigation } = await createPopup({
    editableAccount: () => ({
      form: {
        system: 'first',
        name: 'Plant',
        address: 'https://first.example.com',
        method: 'password',
        values: {},
        remember: true,
        keepAliveMinutes: 20,
      },
      storedSecrets: [],
      managedFields: [],
    }),
  });
  await navigation.showSignIn(account());
  if (navigation.screen.name !== 'account-form') return expect.unreachable();
  const { form } = navigation.screen;
  expect(form.managedFields).toEqual([]);
  expect(form.signsIn).toBe(false);
  form.setValue('user', 'engineer1');
  expect(form.signsIn).toBe(true);
});

describe('the details', () => {
  test('appear with everything in them, so that nothing jumps, unless the user has left or the account is gone', async () => {
    const loading = deferred<ReturnType<typeof activity>>();
    const { navigation, bridge } = await createPopup({ activity: () => loading.promise });
    const opening = navigation.showDetails(account());
    await settle();
    expect(navigation.screen.name).toBe('accounts');
    loading.resolve(activity());
    await opening;
    if (navigation.screen.name !== 'details') return expect.unreachable();
    expect(navigation.screen.details.activity).toEqual(activity());

    navigation.showAccounts();
    bridge.sendSnapshot(snapshot({ accounts: [] }));
    await navigation.showDetails(account());
    expect(navigation.screen.name).toBe('accounts');
  });

  test('load the listing again after Verify now', async () => {
    const listing = { label: 'Projects', items: ['Tunnel'] };
    let isVerified = false;
    const { navigation, commands, bridge } = await createPopup({
      listing: () => (isVerified ? listing : undefined),
      verify: () => {
        isVerified = true;
        return { ok: true, value: { renewed: false } };
      },
    });
    await navigation.showDetails(account());
    if (navigation.screen.name !== 'details') return expect.unreachable();
    const { details } = navigation.screen;
    await settle();
    expect(details.listing).toBeUndefined();
    await details.verify(() => commands.verify(account()));
    expect(details.listing).toEqual(listing);
    expect(bridge.questions('listing')).toEqual([{ id: 'a1' }, { id: 'a1' }]);
  });

  test('load the activity again when the snapshot shows that something happened', async () => {
    const { navigation, bridge } = await createPopup();
    const plant = account({ verifiedAt: 1 });
    bridge.sendSnapshot(snapshot({ accounts: [plant] }));
    await navigation.showDetails(plant);
    const loads = () => bridge.questions('activity').length;
    expect(loads()).toBe(1);
    bridge.sendSnapshot(snapshot({ accounts: [{ ...plant, name: 'Renamed' }] }));
    expect(loads()).toBe(1);
    bridge.sendSnapshot(snapshot({ accounts: [{ ...plant, verifiedAt: 2 }] }));
    expect(loads()).toBe(2);
    bridge.sendSnapshot(snapshot({ accounts: [{ ...plant, verifiedAt: 2, state: 'offline' }] }));
    expect(loads()).toBe(3);
    navigation.showAccounts();
    bridge.sendSnapshot(snapshot({ accounts: [plant] }));
    expect(loads()).toBe(3);
  });

  test('of a removed account give way to the list', async () => {
    const { navigation, bridge } = await createPopup();
    await navigation.showDetails(account());
    bridge.sendSnapshot(snapshot({ accounts: [] }));
    expect(navigation.screen.name).toBe('accounts');
  });
});

describe('a dialog about an account', () => {
  test('goes away with the account', async () => {
    const { navigation, bridge } = await createPopup();
    navigation.dialog = { name: 'remove', account: account() };
    bridge.sendSnapshot(snapshot({ accounts: [] }));
    expect(navigation.dialog).toBeUndefined();
  });

  test('goes away with its screen', async () => {
    const { navigation } = await createPopup();
    navigation.dialog = { name: 'remove', account: account() };
    navigation.showSettings();
    expect(navigation.dialog).toBeUndefined();
  });
});

test('a row gets the focus only while the list is on screen', async () => {
  const { navigation } = await createPopup();
  navigation.showSettings();
  navigation.focusRow('a1');
  expect(navigation.focusedAccount).toBeUndefined();
  navigation.showAccounts();
  navigation.focusRow('a1');
  expect(navigation.focusedAccount).toBe('a1');
});

describe('one step back', () => {
  test('gives the focus to the row that had it, unless another account was on screen', async () => {
    const { navigation } = await createPopup();
    navigation.listFocus = { account: 'a1', isLast: true };
    navigation.showSettings();
    navigation.back();
    expect(navigation.focusedAccount).toBe('a1');
    navigation.showAccounts('a2');
    expect(navigation.focusedAccount).toBe('a2');
  });

  test('from a screen leads to the list', async () => {
    const { navigation, bridge } = await createPopup();
    navigation.showSettings();
    navigation.back();
    expect(navigation.screen.name).toBe('accounts');
    expect(bridge.questions('closePopup')).toEqual([]);
  });

  test('from About leads to the settings, where it was opened', async () => {
    const { navigation } = await createPopup({
      about: () => ({ version: '1', runtime: 'Electron', platform: 'Linux', licenses: [] }),
    });
    navigation.showSettings();
    await navigation.showAbout();
    expect(navigation.screen.name).toBe('about');
    navigation.back();
    expect(navigation.screen.name).toBe('settings');
  });

  test('from the list closes the popup', async () => {
    const { navigation, bridge } = await createPopup();
    navigation.back();
    expect(bridge.questions('closePopup')).toHaveLength(1);
  });
});
