import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer } from '../../main/bridge/contract.ts';
import { m } from '../../main/messages/index.ts';
import {
  account,
  createPopup,
  deferred,
  never,
  prompt,
  settle,
  snapshot,
} from '../../test/support/fake-main-process.ts';
import type { Navigation } from './navigation.svelte.ts';

type SignInAnswer = Answer<'signIn'>;

const signedOut = account({ state: 'signed-out', hasKey: false });
const cancelled: SignInAnswer = { ok: false, error: { message: 'Cancelled.' } };
const refused: SignInAnswer = { ok: false, error: { message: 'Refused.', field: 'password' } };

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/**
 * Fills in and submits the form for a new account.
 * @returns the id that the form gave the account
 */
async function submitNewAccount({
  navigation,
  bridge,
}: Awaited<ReturnType<typeof createPopup>>): Promise<string> {
  await navigation.addAccount();
  void navigation.form!.submit();
  const [{ id }] = bridge.questions('addAccount') as [{ id: string }];
  return id;
}

/** @returns the account of the sign-in form and the problem that the form shows */
function signInForm({ screen }: Navigation) {
  return screen.name === 'sign-in'
    ? [screen.form.account.id, screen.form.problemOf('password')]
    : undefined;
}

describe('signing in from a row', () => {
  test('asks for missing secrets', async () => {
    const { signIns, navigation, bridge } = await createPopup();
    await signIns.start({ ...signedOut, canSignInAlone: false });
    expect(navigation.screen.name).toBe('sign-in');
    expect(bridge.questions('signIn')).toEqual([]);
  });

  test('uses the stored secrets, once', async () => {
    const answer = deferred<SignInAnswer>();
    const { signIns, navigation, bridge } = await createPopup({ signIn: () => answer.promise });
    void signIns.start(signedOut);
    void signIns.start(signedOut);
    expect(signIns.canCancel('a1')).toBe(true);
    answer.resolve({ ok: true, value: undefined });
    await settle();
    expect(signIns.canCancel('a1')).toBe(false);
    expect(bridge.questions('signIn')).toEqual([{ id: 'a1' }]);
    expect(navigation.screen.name).toBe('accounts');
  });

  test('shows the form with the reason if it is refused', async () => {
    const { signIns, navigation } = await createPopup({ signIn: () => refused });
    await signIns.start(signedOut);
    expect(signInForm(navigation)).toEqual(['a1', 'Refused.']);
  });

  test('does not take the user away from another screen', async () => {
    const answer = deferred<SignInAnswer>();
    const { signIns, navigation, messages } = await createPopup({ signIn: () => answer.promise });
    void signIns.start(signedOut);
    navigation.showSettings();
    answer.resolve(refused);
    await settle();
    expect(navigation.screen.name).toBe('settings');
    expect(messages.alert?.text).toBe('Plant: Refused.');
  });

  test('says nothing after the user cancelled it', async () => {
    const answer = deferred<SignInAnswer>();
    const { signIns, navigation, messages, bridge } = await createPopup({
      signIn: () => answer.promise,
    });
    void signIns.start(signedOut);
    signIns.cancel('a1');
    answer.resolve(cancelled);
    await settle();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
    expect(navigation.screen.name).toBe('accounts');
    expect(messages.alert).toBeUndefined();
  });

  test('again is not ended by the late answer to the cancelled one', async () => {
    const answers = [deferred<SignInAnswer>(), deferred<SignInAnswer>()] as const;
    const queue = [...answers];
    const { signIns, navigation } = await createPopup({ signIn: () => queue.shift()!.promise });
    void signIns.start(signedOut);
    signIns.cancel('a1');
    void signIns.start(signedOut);
    answers[0].resolve(cancelled);
    await settle();
    expect(navigation.screen.name).toBe('accounts');
    expect(signIns.canCancel('a1')).toBe(true);
    answers[1].resolve(refused);
    await settle();
    expect(signInForm(navigation)).toEqual(['a1', 'Refused.']);
  });
});

describe('a prompt', () => {
  const waiting = { signIn: never, addAccount: never };

  test('of a row’s sign-in replaces the Cancel button of the row', async () => {
    const { signIns, bridge } = await createPopup(waiting);
    void signIns.start(signedOut);
    bridge.sendSnapshot(snapshot({ accounts: [signedOut], prompts: [prompt()] }));
    expect(signIns.prompts).toEqual([prompt()]);
    expect(signIns.canCancel('a1')).toBe(false);
    bridge.sendSnapshot(snapshot({ accounts: [signedOut] }));
    expect(signIns.prompts).toEqual([]);
    expect(signIns.canCancel('a1')).toBe(true);
  });

  test('of another account leaves the row its Cancel button', async () => {
    const { signIns, bridge } = await createPopup(waiting);
    void signIns.start(signedOut);
    bridge.sendSnapshot(snapshot({ accounts: [signedOut], prompts: [prompt({ id: 'a2' })] }));
    expect(signIns.canCancel('a1')).toBe(true);
  });

  test('is shown in the form of its own sign-in, and in no other form', async () => {
    const created = await createPopup(waiting);
    const { signIns, bridge } = created;
    const id = await submitNewAccount(created);
    const own = prompt({ id, accountName: 'New' });
    bridge.sendSnapshot(snapshot({ prompts: [prompt(), own] }));
    expect(signIns.prompts).toEqual([own]);
  });

  test('of a row’s sign-in is not shown in an idle form of the same account', async () => {
    const { signIns, navigation, bridge } = await createPopup(waiting);
    void signIns.start(signedOut);
    bridge.sendSnapshot(snapshot({ accounts: [signedOut], prompts: [prompt()] }));
    await navigation.edit(signedOut);
    expect(signIns.prompts).toEqual([]);
  });

  test('goes away at once when the form’s sign-in is cancelled', async () => {
    const created = await createPopup(waiting);
    const { signIns, navigation, bridge } = created;
    const id = await submitNewAccount(created);
    bridge.sendSnapshot(snapshot({ prompts: [prompt({ id })] }));
    navigation.back();
    expect(signIns.prompts).toEqual([]);
    expect(bridge.questions('cancelSignIn')).toEqual([{ id }]);
  });

  test('opens the page and copies the code of its own account', async () => {
    const { signIns, messages, bridge } = await createPopup({
      openPromptPage: () => undefined,
      copyPromptCode: () => true,
    });
    signIns.openPage('a2');
    await signIns.copyCode('a2');
    expect(bridge.questions('openPromptPage')).toEqual([{ id: 'a2' }]);
    expect(bridge.questions('copyPromptCode')).toEqual([{ id: 'a2' }]);
    expect(messages.status?.text).toBe('Code copied.');
  });

  test('does not say that its code was copied if that failed', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { signIns, messages } = await createPopup({
      copyPromptCode: () => Promise.reject(new Error('broken')),
    });
    await signIns.copyCode('a1');
    expect(messages.status).toBeUndefined();
    expect(messages.alert?.text).toBe(m.request_failed());
  });
});

describe('two sign-ins at once', () => {
  // Both accounts have the same name, so only their ids tell them apart.
  const first = account({ id: 'a1', state: 'signing-in', hasKey: false });
  const second = account({ id: 'a2', state: 'signing-in', hasKey: false });

  async function startBoth() {
    const answers = { a1: deferred<SignInAnswer>(), a2: deferred<SignInAnswer>() };
    const created = await createPopup({ signIn: ({ id }) => answers[id as 'a1' | 'a2'].promise });
    void created.signIns.start(first);
    void created.signIns.start(second);
    return { ...created, answers };
  }

  test('show two prompts on the list', async () => {
    const { signIns, bridge } = await startBoth();
    const prompts = [prompt({ id: 'a1' }), prompt({ id: 'a2' })];
    bridge.sendSnapshot(snapshot({ accounts: [first, second], prompts }));
    expect(signIns.prompts).toEqual(prompts);
  });

  test('are cancelled one by one, although both accounts have the same name', async () => {
    const { signIns, bridge } = await startBoth();
    signIns.cancel('a1');
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
    expect([signIns.canCancel('a1'), signIns.canCancel('a2')]).toEqual([false, true]);
  });

  test('show the refusal of the one that was not cancelled', async () => {
    const { signIns, navigation, answers } = await startBoth();
    signIns.cancel('a1');
    answers.a1.resolve(cancelled);
    answers.a2.resolve(refused);
    await settle();
    expect(signInForm(navigation)).toEqual(['a2', 'Refused.']);
  });

  test('of a form and a row: leaving the form cancels only the form’s own', async () => {
    const created = await createPopup({ signIn: never, addAccount: never });
    const { signIns, navigation, bridge } = created;
    void signIns.start(first);
    const id = await submitNewAccount(created);
    navigation.showSettings();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id }]);
    expect(signIns.canCancel('a1')).toBe(true);
  });
});
