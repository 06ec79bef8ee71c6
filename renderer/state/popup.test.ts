import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountView, Answer, Snapshot } from '../../main/bridge/contract.ts';
import { somethingWentWrong } from '../words.ts';
import {
  FakeBridge,
  account,
  activity,
  pending,
  prompt,
  settle,
  snapshot,
  systems,
} from './fakes.ts';
import { PopupState } from './popup.svelte.ts';

type Answers = ConstructorParameters<typeof FakeBridge>[0];

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

async function popup(answers: Answers = {}, given: Partial<Snapshot> = {}) {
  const bridge = new FakeBridge({
    snapshot: () => snapshot(given),
    systems: () => [...systems],
    cancelSignIn: () => undefined,
    closePopup: () => undefined,
    listing: () => undefined,
    activity: () => activity(),
    readAddress: ({ address }) => ({ ok: true, value: { address, insecure: false } }),
    editableAccount: () => ({
      form: {
        system: 'first',
        name: 'Plant',
        address: 'https://first.example.com',
        method: 'password',
        values: { user: 'engineer1' },
        remember: true,
        keepAliveMinutes: 20,
      },
      storedSecrets: [],
    }),
    ...answers,
  });
  const state = new PopupState(bridge);
  state.start();
  await settle();
  return { state, bridge };
}

const entry = (state: PopupState, of: AccountView, label: string) =>
  state.menuOf(of).find((item) => item.label === label);

test('the first snapshot is asked for; a newer one that was sent meanwhile stays', async () => {
  const answer = pending<Snapshot>();
  const { state, bridge } = await popup({ snapshot: () => answer.promise });
  bridge.sendSnapshot(snapshot({ version: 'newer' }));
  answer.keep(snapshot({ version: 'older' }));
  await settle();
  expect(state.snapshot?.version).toBe('newer');
});

test('a request that fails is told to the user, and not thrown', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { state } = await popup({
    copy: () => Promise.reject(new Error('broken')),
  });
  await state.copy(account());
  expect(state.alert?.text).toBe(somethingWentWrong);
});

describe('copying', () => {
  const copies: Answers = { copy: () => ({ ok: true, value: { clearsInSeconds: 45 } }) };

  test('is told until the key is off the clipboard', async () => {
    const { state, bridge } = await popup(copies);
    await state.copy(account());
    expect(bridge.questions('copy')).toEqual([{ id: 'a1' }]);
    expect(state.status?.text).toBe('Copied “Plant”. Clears in 45 s.');
    vi.advanceTimersByTime(44_999);
    expect(state.status).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(state.status).toBeUndefined();
  });

  test('anew counts from the beginning', async () => {
    const { state } = await popup(copies);
    await state.copy(account());
    vi.advanceTimersByTime(30_000);
    await state.copy(account({ name: 'Other' }));
    vi.advanceTimersByTime(30_000);
    expect(state.status?.text).toContain('Other');
  });

  test('tells the warning that came with it', async () => {
    const { state } = await popup({
      copy: () => ({ ok: true, value: { clearsInSeconds: 45, warning: 'It may have died.' } }),
    });
    await state.copy(account());
    expect(state.status?.text).toBe('Copied “Plant”. Clears in 45 s. It may have died.');
  });

  test('in another form is a second level of the menu', async () => {
    const { state, bridge } = await popup(copies);
    entry(state, account(), 'Copy as …')?.entries?.[0]?.run?.();
    await settle();
    expect(bridge.questions('copy')).toEqual([{ id: 'a1', format: 'header' }]);
  });

  test('that fails says of which account, and why', async () => {
    const { state } = await popup({ copy: () => ({ ok: false, error: { message: 'Gone.' } }) });
    await state.copy(account());
    expect(state.alert?.text).toBe('Plant: Gone.');
    expect(state.status).toBeUndefined();
  });
});

describe('the menu', () => {
  test('has the entries of the design, in their order', async () => {
    const { state } = await popup();
    expect(state.menuOf(account()).map(({ label }) => label)).toEqual([
      'Details',
      'Sign out',
      'Edit',
      'Copy as …',
      'Verify now',
      'Open API explorer',
      'Remove',
    ]);
  });

  test.each(['signed-out', 'sign-in-needed'] as const)('offers to sign in when %s', async (s) => {
    const { state } = await popup();
    expect(entry(state, account({ state: s }), 'Sign in')).toBeDefined();
  });

  test('has nothing to copy or verify without a key', async () => {
    const { state } = await popup();
    const out = account({ state: 'signed-out', hasKey: false });
    expect(entry(state, out, 'Copy as …')?.disabled).toBe(true);
    expect(entry(state, out, 'Verify now')?.disabled).toBe(true);
  });
});

describe('signing in from a row', () => {
  const out = account({ state: 'signed-out', hasKey: false });

  test('asks for what is missing', async () => {
    const { state, bridge } = await popup();
    await state.signIn({ ...out, canSignInAlone: false });
    expect(state.screen.name).toBe('sign-in');
    expect(bridge.questions('signIn')).toEqual([]);
  });

  test('asks for nothing where nothing is missing, once', async () => {
    const answer = pending<Answer<'signIn'>>();
    const { state, bridge } = await popup({ signIn: () => answer.promise });
    void state.signIn(out);
    void state.signIn(out);
    expect(state.canCancelSignIn('a1')).toBe(true);
    answer.keep({ ok: true, value: undefined });
    await settle();
    expect(state.canCancelSignIn('a1')).toBe(false);
    expect(bridge.questions('signIn')).toEqual([{ id: 'a1' }]);
    expect(state.screen.name).toBe('accounts');
  });

  test('shows the form with the reason when it is refused', async () => {
    const { state } = await popup({
      signIn: () => ({ ok: false, error: { message: 'Refused.', field: 'password' } }),
    });
    await state.signIn(out);
    expect(state.screen.name === 'sign-in' && state.screen.form.problemOf('password')).toBe(
      'Refused.',
    );
  });

  test('leaves the user where they went meanwhile', async () => {
    const answer = pending<Answer<'signIn'>>();
    const { state } = await popup({ signIn: () => answer.promise });
    void state.signIn(out);
    state.showSettings();
    answer.keep({ ok: false, error: { message: 'Refused.' } });
    await settle();
    expect(state.screen.name).toBe('settings');
    expect(state.alert?.text).toBe('Plant: Refused.');
  });

  test('that is cancelled says nothing more', async () => {
    const answer = pending<Answer<'signIn'>>();
    const { state, bridge } = await popup({ signIn: () => answer.promise });
    void state.signIn(out);
    state.cancelSignIn('a1');
    answer.keep({ ok: false, error: { message: 'Cancelled.' } });
    await settle();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
    expect(state.screen.name).toBe('accounts');
    expect(state.alert).toBeUndefined();
  });
});

describe('a prompt', () => {
  const out = account({ state: 'signed-out', hasKey: false });
  const waits: Answers = {
    signIn: () => new Promise(() => {}),
    addAccount: () => new Promise(() => {}),
  };

  test('of a row’s sign-in takes over its Cancel button', async () => {
    const { state, bridge } = await popup(waits);
    void state.signIn(out);
    bridge.sendSnapshot(snapshot({ accounts: [out], prompts: [prompt()] }));
    expect(state.prompts).toEqual([prompt()]);
    expect(state.canCancelSignIn('a1')).toBe(false);
    bridge.sendSnapshot(snapshot({ accounts: [out] }));
    expect(state.prompts).toEqual([]);
    expect(state.canCancelSignIn('a1')).toBe(true);
  });

  test('of another account leaves the row its Cancel button', async () => {
    const { state, bridge } = await popup(waits);
    void state.signIn(out);
    bridge.sendSnapshot(snapshot({ accounts: [out], prompts: [prompt({ id: 'a2' })] }));
    expect(state.canCancelSignIn('a1')).toBe(true);
  });

  test('is shown in the form of its account, and in no other form', async () => {
    const { state, bridge } = await popup(waits);
    await state.addAccount();
    if (state.screen.name !== 'account-form') return expect.unreachable();
    void state.screen.form.submit();
    const [{ id }] = bridge.questions('addAccount') as [{ id: string }];
    const own = prompt({ id, accountName: 'New' });
    bridge.sendSnapshot(snapshot({ prompts: [prompt(), own] }));
    expect(state.prompts).toEqual([own]);
  });

  test('of a row’s sign-in is not shown in a form of the same account that waits for nothing', async () => {
    const { state, bridge } = await popup(waits);
    void state.signIn(out);
    bridge.sendSnapshot(snapshot({ accounts: [out], prompts: [prompt()] }));
    await state.edit(out);
    expect(state.prompts).toEqual([]);
  });

  test('is no longer shown in a form whose sign-in was cancelled', async () => {
    const { state, bridge } = await popup(waits);
    await state.addAccount();
    if (state.screen.name !== 'account-form') return expect.unreachable();
    void state.screen.form.submit();
    const [{ id }] = bridge.questions('addAccount') as [{ id: string }];
    bridge.sendSnapshot(snapshot({ prompts: [prompt({ id })] }));
    state.escape();
    expect(state.prompts).toEqual([]);
    expect(bridge.questions('cancelSignIn')).toEqual([{ id }]);
  });

  test('ends the sign-in of its row when cancelled, without an alert', async () => {
    const answer = pending<Answer<'signIn'>>();
    const { state, bridge } = await popup(
      { signIn: () => answer.promise },
      { prompts: [prompt()] },
    );
    void state.signIn(out);
    state.cancelSignIn('a1');
    answer.keep({ ok: false, error: { message: 'Cancelled.' } });
    await settle();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
    expect(state.screen.name).toBe('accounts');
    expect(state.alert).toBeUndefined();
  });

  test('opens the page and copies the code of its own account', async () => {
    const { state, bridge } = await popup({
      openPromptPage: () => undefined,
      copyPromptCode: () => undefined,
    });
    await state.openPromptPage('a2');
    await state.copyPromptCode('a2');
    expect(bridge.questions('openPromptPage')).toEqual([{ id: 'a2' }]);
    expect(bridge.questions('copyPromptCode')).toEqual([{ id: 'a2' }]);
    expect(state.status?.text).toBe('Code copied.');
  });

  test('does not say that its code was copied when copying failed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { state } = await popup({ copyPromptCode: () => Promise.reject(new Error('broken')) });
    await state.copyPromptCode('a1');
    expect(state.status).toBeUndefined();
    expect(state.alert?.text).toBe(somethingWentWrong);
  });

  test('gives the focus back to the row of its account, on the list', async () => {
    const { state } = await popup();
    state.showSettings();
    state.focusRow('a1');
    expect(state.focusedAccount).toBeUndefined();
    state.showAccounts();
    state.focusRow('a1');
    expect(state.focusedAccount).toBe('a1');
  });
});

describe('two sign-ins at once', () => {
  // Names are not unique: only the ids tell these accounts apart.
  const first = account({ id: 'a1', name: 'Plant', state: 'signing-in', hasKey: false });
  const second = account({ id: 'a2', name: 'Plant', state: 'signing-in', hasKey: false });

  async function twoSignIns() {
    const answers = {
      a1: pending<Answer<'signIn'>>(),
      a2: pending<Answer<'signIn'>>(),
    };
    const made = await popup({ signIn: ({ id }) => answers[id as 'a1' | 'a2'].promise });
    void made.state.signIn(first);
    void made.state.signIn(second);
    return { ...made, answers };
  }

  test('show two prompts on the list', async () => {
    const { state, bridge } = await twoSignIns();
    const prompts = [prompt({ id: 'a1' }), prompt({ id: 'a2' })];
    bridge.sendSnapshot(snapshot({ accounts: [first, second], prompts }));
    expect(state.prompts).toEqual(prompts);
  });

  test('are cancelled one by one, although both accounts have the same name', async () => {
    const { state, bridge } = await twoSignIns();
    state.cancelSignIn('a1');
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
    expect([state.canCancelSignIn('a1'), state.canCancelSignIn('a2')]).toEqual([false, true]);
  });

  test('leave the other’s refusal visible when one is cancelled', async () => {
    const { state, answers } = await twoSignIns();
    state.cancelSignIn('a1');
    answers.a1.keep({ ok: false, error: { message: 'Cancelled.' } });
    answers.a2.keep({ ok: false, error: { message: 'Refused.', field: 'password' } });
    await settle();
    expect(state.screen.name === 'sign-in' && state.screen.form.account.id).toBe('a2');
    expect(state.screen.name === 'sign-in' && state.screen.form.problemOf('password')).toBe(
      'Refused.',
    );
  });

  test('of a form and a row: leaving the form cancels its own only', async () => {
    const { state, bridge } = await popup({
      signIn: () => new Promise(() => {}),
      addAccount: () => new Promise(() => {}),
    });
    void state.signIn(first);
    await state.addAccount();
    if (state.screen.name !== 'account-form') return expect.unreachable();
    void state.screen.form.submit();
    const [{ id }] = bridge.questions('addAccount') as [{ id: string }];
    bridge.sendView('settings');
    expect(bridge.questions('cancelSignIn')).toEqual([{ id }]);
    expect(state.canCancelSignIn('a1')).toBe(true);
  });
});

describe('details', () => {
  const listing = { label: 'Projects', items: ['Tunnel'] };

  test('ask for what there is to list, and once more when the key was verified', async () => {
    let isKnown = false;
    const { state, bridge } = await popup({
      listing: () => (isKnown ? listing : undefined),
      verify: () => {
        isKnown = true;
        return { ok: true, value: { renewed: false } };
      },
    });
    state.showDetails(account());
    if (state.screen.name !== 'details') return expect.unreachable();
    const { details } = state.screen;
    await settle();
    expect(details.listing).toBeUndefined();
    await details.verify();
    expect(details.listing).toEqual(listing);
    expect(bridge.questions('listing')).toEqual([{ id: 'a1' }, { id: 'a1' }]);
    expect(state.status?.text).toBe('The server accepts the key of “Plant”.');
  });
});

describe('what happened to an account', () => {
  test('is asked for again when its snapshot tells that more has happened', async () => {
    const { state, bridge } = await popup();
    const plant = account({ verifiedAt: 1 });
    bridge.sendSnapshot(snapshot({ accounts: [plant] }));
    state.showDetails(plant);
    const asked = () => bridge.questions('activity').length;
    expect(asked()).toBe(1);
    bridge.sendSnapshot(snapshot({ accounts: [{ ...plant, name: 'Renamed' }] }));
    expect(asked()).toBe(1);
    bridge.sendSnapshot(snapshot({ accounts: [{ ...plant, verifiedAt: 2 }] }));
    expect(asked()).toBe(2);
    bridge.sendSnapshot(snapshot({ accounts: [{ ...plant, verifiedAt: 2, state: 'offline' }] }));
    expect(asked()).toBe(3);
    state.showAccounts();
    bridge.sendSnapshot(snapshot({ accounts: [plant] }));
    expect(asked()).toBe(3);
  });

  test('is copied as a report, and that is said', async () => {
    const { state, bridge } = await popup({ copyReport: () => undefined });
    await state.copyReport(account());
    expect(bridge.questions('copyReport')).toEqual([{ id: 'a1' }]);
    expect(state.status?.text).toBe('Report copied.');
  });

  test('that could not be copied is not said to be', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { state } = await popup({ copyReport: () => Promise.reject(new Error('broken')) });
    await state.copyReport(account());
    expect(state.status).toBeUndefined();
    expect(state.alert?.text).toBe(somethingWentWrong);
  });
});

describe('views', () => {
  test.each([
    ['add-account', 'account-form'],
    ['settings', 'settings'],
    ['accounts', 'accounts'],
  ] as const)('the main process can ask for %s', async (view, screen) => {
    const { state, bridge } = await popup();
    bridge.sendView(view);
    await settle();
    expect(state.screen.name).toBe(screen);
  });

  test('asking to add an account again keeps the form that is open', async () => {
    const { state } = await popup();
    await state.addAccount();
    const before = state.screen;
    await state.addAccount();
    expect(state.screen).toBe(before);
  });

  test('leaving a form stops its sign-in and drops its secrets', async () => {
    const { state, bridge } = await popup({ addAccount: () => new Promise(() => {}) });
    await state.addAccount();
    if (state.screen.name !== 'account-form') return expect.unreachable();
    const { form } = state.screen;
    form.values = { user: 'engineer1', password: 'secret' };
    void form.submit();
    bridge.sendView('settings');
    expect(form.values).toEqual({ user: 'engineer1' });
    expect(bridge.questions('cancelSignIn')).toHaveLength(1);
  });

  test('a new account ends the form and takes the focus in the list', async () => {
    const { state, bridge } = await popup({ addAccount: () => ({ ok: true, value: undefined }) });
    await state.addAccount();
    if (state.screen.name !== 'account-form') return expect.unreachable();
    await state.screen.form.submit();
    expect(state.screen.name).toBe('accounts');
    const [{ id }] = bridge.questions('addAccount') as [{ id: string }];
    expect(state.focusedAccount).toBe(id);
  });

  test('details of an account that is gone give way to the list', async () => {
    const { state, bridge } = await popup();
    state.showDetails(account());
    bridge.sendSnapshot(snapshot({ accounts: [] }));
    expect(state.screen.name).toBe('accounts');
  });
});

describe('Escape', () => {
  test('goes back from a view', async () => {
    const { state, bridge } = await popup();
    state.showSettings();
    state.escape();
    expect(state.screen.name).toBe('accounts');
    expect(bridge.questions('closePopup')).toEqual([]);
  });

  test('closes the popup from the list', async () => {
    const { state, bridge } = await popup();
    state.escape();
    expect(bridge.questions('closePopup')).toHaveLength(1);
  });
});

test('an account is removed only after the user was asked; its neighbour takes the focus', async () => {
  const two = [account(), account({ id: 'a2', name: 'Other' })];
  const { state, bridge } = await popup({ removeAccount: () => undefined }, { accounts: two });
  entry(state, two[1]!, 'Remove')?.run?.();
  expect(state.removing?.id).toBe('a2');
  expect(bridge.questions('removeAccount')).toEqual([]);
  await state.remove(two[1]!);
  expect(bridge.questions('removeAccount')).toEqual([{ id: 'a2' }]);
  expect(state.focusedAccount).toBe('a1');
});

test('the height follows what needs most, up to 600', async () => {
  const { state } = await popup();
  state.contentHeight = 140;
  expect(state.height).toBe(140);
  state.overlayHeights.set('menu', 320.5);
  expect(state.height).toBe(321);
  state.contentHeight = 900;
  expect(state.height).toBe(600);
});
