import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Answer, CopyCheck } from '../../main/bridge/contract.ts';
import { m } from '../../main/messages/index.ts';
import {
  account,
  createPopup,
  deferred,
  settle,
  snapshot,
  type Answers,
} from '../../test/support/fake-main-process.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('copying', () => {
  const copies: Answers = {
    copy: () => ({ ok: true, value: { clearsInSeconds: 45, isChecking: false } }),
  };
  const checks = (check: CopyCheck): Answers => ({
    copy: () => ({ ok: true, value: { clearsInSeconds: 45, isChecking: true } }),
    copyCheck: () => check,
  });

  test('is reported until the key is off the clipboard', async () => {
    const { commands, messages, bridge } = await createPopup(copies);
    await commands.copy(account());
    expect(bridge.questions('copy')).toEqual([{ id: 'a1' }]);
    expect(messages.status?.text).toBe('Copied “Plant”. Clears in 45 s.');
    vi.advanceTimersByTime(44_999);
    expect(messages.status).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(messages.status).toBeUndefined();
  });

  test('in a format names the format', async () => {
    const { commands, messages, bridge } = await createPopup(copies);
    await commands.copy(account({ copyFormat: 'header' }));
    expect(bridge.questions('copy')).toEqual([{ id: 'a1', format: 'header' }]);
    expect(messages.status?.text).toBe('Copied “Plant” as HTTP header. Clears in 45 s.');
  });

  test('a second time in a row copies the key itself', async () => {
    const { commands, bridge } = await createPopup(copies);
    const chosen = account({ copyFormat: 'header' });
    for (let i = 0; i < 3; i++) await commands.copy(chosen);
    expect(bridge.questions('copy').map((asked) => (asked as { format?: string }).format)).toEqual([
      'header',
      undefined,
      'header',
    ]);
  });

  test('with Alt copies the key itself', async () => {
    const { commands, bridge } = await createPopup(copies);
    await commands.copy(account({ copyFormat: 'header' }), { isPlain: true });
    expect(bridge.questions('copy')).toEqual([{ id: 'a1' }]);
  });

  test('says when the check has put a new key on the clipboard', async () => {
    const { commands, messages } = await createPopup(checks('replaced'));
    await commands.copy(account());
    await settle();
    expect(messages.status?.text).toBe(
      'The session of “Plant” had expired. The clipboard now has its new key.',
    );
  });

  test('says nothing more when the check finds that the key works', async () => {
    const { commands, messages } = await createPopup(checks('works'));
    await commands.copy(account());
    await settle();
    expect(messages.status?.text).toBe('Copied “Plant”. Clears in 45 s.');
  });

  test('with Enter closes the popup, but only if there was a key', async () => {
    const { commands, bridge } = await createPopup({ ...copies, closePopup: () => undefined });
    await commands.copyAndClose(account());
    expect(bridge.questions('closePopup')).toHaveLength(1);
    const failing = await createPopup({
      copy: () => ({ ok: false, error: { message: 'Sign in first.' } }),
    });
    await failing.commands.copyAndClose(account());
    expect(failing.bridge.questions('closePopup')).toEqual([]);
  });

  test('that fails names the account and the reason', async () => {
    const { commands, messages } = await createPopup({
      copy: () => ({ ok: false, error: { message: 'Sign in first.' } }),
    });
    await commands.copy(account());
    expect(messages.alert?.text).toBe('Plant: Sign in first.');
    expect(messages.status).toBeUndefined();
  });
});

describe('Verify now', () => {
  const fails = (message: string): Answers => ({
    verify: () => ({ ok: false, error: { message } }),
  });

  test.each([
    [false, 'The server accepts the key of “Plant”.'],
    [true, '“Plant” was signed in again. Copy its new key.'],
  ])('reports its result (renewed: %s)', async (renewed, text) => {
    const { commands, messages } = await createPopup({
      verify: () => ({ ok: true, value: { renewed } }),
    });
    await commands.verify(account());
    expect(messages.status?.text).toBe(text);
  });

  test('shows an alert when it fails', async () => {
    const { commands, messages } = await createPopup(fails('No such host.'));
    await commands.verify(account());
    expect(messages.status).toBeUndefined();
    expect(messages.alert?.text).toBe('Plant: No such host.');
  });

  test('shows no alert for what the row says already', async () => {
    const offline = account({ state: 'offline', problem: 'No such host.' });
    const { commands, messages, bridge } = await createPopup(fails('No such host.'));
    bridge.sendSnapshot(snapshot({ accounts: [offline] }));
    await commands.verify(offline);
    expect(messages.alert).toBeUndefined();
  });
});

test('signing out is reported', async () => {
  const { commands, messages } = await createPopup({
    signOut: () => ({ ok: true, value: undefined }),
  });
  await commands.signOut(account());
  expect(messages.status?.text).toBe('Signed out of “Plant”.');
});

describe('opening the API explorer', () => {
  const HOST = 'explorer.example.net';
  /** Answers of a main process whose account has its API explorer on another host. */
  const elsewhere: Answers = {
    openExplorer: ({ confirmedHost }) => ({
      ok: true,
      value: confirmedHost === HOST ? { message: 'Opened.' } : { hostToConfirm: HOST },
    }),
  };

  test('shows what the main process says', async () => {
    const { commands, messages, navigation } = await createPopup({
      openExplorer: () => ({ ok: true, value: { message: 'Opened in your browser.' } }),
    });
    await commands.openExplorer(account());
    expect(messages.status?.text).toBe('Opened in your browser.');
    expect(navigation.dialog).toBeUndefined();
  });

  test('on another host asks the user, by that host’s name', async () => {
    const { commands, messages, navigation } = await createPopup(elsewhere);
    await commands.openExplorer(account());
    expect(navigation.dialog).toEqual({ name: 'open-explorer', account: account(), host: HOST });
    expect(messages.status).toBeUndefined();
  });

  test('on a host that the user has confirmed names that host', async () => {
    const { commands, messages, bridge } = await createPopup(elsewhere);
    await commands.openExplorer(account(), HOST);
    expect(bridge.questions('openExplorer')).toEqual([{ id: 'a1', confirmedHost: HOST }]);
    expect(messages.status?.text).toBe('Opened.');
  });

  test('asks again if the explorer has moved to a third host since', async () => {
    const { commands, navigation } = await createPopup(elsewhere);
    await commands.openExplorer(account(), 'earlier.example.net');
    expect(navigation.dialog).toMatchObject({ name: 'open-explorer', host: HOST });
  });
});

test('turning on one thing for scripts changes nothing else', async () => {
  const { commands, bridge } = await createPopup({ setScriptAccess: () => undefined });
  const scripts = { mayUseCommand: false, localAddress: 'read' as const };
  await commands.setScriptAccess(account({ scripts }), { mayUseCommand: true });
  const changed = { mayUseCommand: true, localAddress: 'read' };
  expect(bridge.questions('setScriptAccess')).toEqual([{ id: 'a1', scripts: changed }]);
});

describe('the local address', () => {
  test('is copied like a key', async () => {
    const { commands, messages } = await createPopup({
      copyLocalAddress: () => ({ ok: true, value: { clearsInSeconds: 45 } }),
    });
    await commands.copyLocalAddress(account());
    expect(messages.status?.text).toBe('Copied “Plant” as local address. Clears in 45 s.');
  });

  test('is replaced, and the user is told that the old one has ended', async () => {
    const { commands, messages, bridge } = await createPopup({ renewLocalAddress: () => true });
    await commands.renewLocalAddress(account());
    expect(bridge.questions('renewLocalAddress')).toEqual([{ id: 'a1' }]);
    expect(messages.status?.text).toMatch(/old address no longer works/);
  });

  test('that could not be replaced is not called dead', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { commands, messages } = await createPopup({
      renewLocalAddress: () => Promise.reject(new Error('broken')),
    });
    await commands.renewLocalAddress(account());
    expect(messages.status).toBeUndefined();
    expect(messages.alert?.text).toBe(m.request_failed());
  });
});

describe('the report', () => {
  test('is copied, and the status says so', async () => {
    const { commands, messages, bridge } = await createPopup({ copyReport: () => true });
    await commands.copyReport(account());
    expect(bridge.questions('copyReport')).toEqual([{ id: 'a1' }]);
    expect(messages.status?.text).toBe('Report copied.');
  });

  test('that could not be copied gets no status', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { commands, messages } = await createPopup({
      copyReport: () => Promise.reject(new Error('broken')),
    });
    await commands.copyReport(account());
    expect(messages.status).toBeUndefined();
    expect(messages.alert?.text).toBe(m.request_failed());
  });
});

test('removing gives the focus to the neighbour', async () => {
  const two = [account(), account({ id: 'a2', name: 'Other' })];
  const { commands, navigation, bridge } = await createPopup(
    { removeAccount: () => undefined },
    { accounts: two },
  );
  await commands.remove(two[1]!);
  expect(bridge.questions('removeAccount')).toEqual([{ id: 'a2' }]);
  expect(navigation.focusedAccount).toBe('a1');
});

test('removing forgets the account’s sign-in: its end shows no form and no alert', async () => {
  const signIn = deferred<Answer<'signIn'>>();
  const { popup, bridge } = await createPopup({
    signIn: () => signIn.promise,
    removeAccount: () => signIn.resolve({ ok: false, error: { message: 'Cancelled.' } }),
  });
  void popup.signIns.start(account());
  await popup.commands.remove(account());
  bridge.sendSnapshot(snapshot({ accounts: [] }));
  await settle();
  expect(popup.navigation.screen.name).toBe('accounts');
  expect(popup.messages.alert).toBeUndefined();
});

test('removing can be undone for 10 s', async () => {
  const { commands, messages, navigation, bridge } = await createPopup({
    removeAccount: () => undefined,
    undoRemove: () => true,
  });
  await commands.remove(account());
  expect(messages.status?.text).toBe('Removed “Plant”.');
  vi.advanceTimersByTime(9999);
  messages.status!.action!.run();
  await settle();
  expect(bridge.questions('undoRemove')).toEqual([{ id: 'a1' }]);
  expect(messages.status?.text).toBe('“Plant” is back.');
  expect(navigation.focusedAccount).toBe('a1');
});

test('undoing too late does not say that the account is back', async () => {
  const { commands, messages } = await createPopup({
    removeAccount: () => undefined,
    undoRemove: () => false,
  });
  await commands.remove(account());
  messages.status!.action!.run();
  await settle();
  expect(messages.status).toBeUndefined();
  expect(messages.alert?.text).toContain('too late');
});

test.each<[string, Answers]>([
  ['a sign-out', { signOut: () => ({ ok: true, value: undefined }) }],
  ['a verification', { verify: () => ({ ok: true, value: { renewed: false } }) }],
  ['a failed verification', { verify: () => ({ ok: false, error: { message: 'Cancelled.' } }) }],
])(
  'the end of %s takes neither Undo away nor tells about a removed account',
  async (_name, all) => {
    const held = deferred<void>();
    const { signOut, verify } = all;
    const { commands, messages, bridge } = await createPopup({
      ...(signOut && { signOut: (question) => held.promise.then(() => signOut(question)) }),
      ...(verify && { verify: (question) => held.promise.then(() => verify(question)) }),
      removeAccount: () => undefined,
    });
    const command = signOut ? commands.signOut(account()) : commands.verify(account());
    await commands.remove(account());
    bridge.sendSnapshot(snapshot({ accounts: [] }));
    held.resolve();
    await command;
    expect(messages.status?.text).toBe('Removed “Plant”.');
    expect(messages.alert).toBeUndefined();
  },
);

test('a verification that a sign-out has cancelled is no problem', async () => {
  const verified = deferred<Answer<'verify'>>();
  const { commands, messages } = await createPopup({
    verify: () => verified.promise,
    signOut: () => ({ ok: true, value: undefined }),
  });
  const verifying = commands.verify(account());
  const signingOut = commands.signOut(account());
  verified.resolve({ ok: false, error: { message: m.cancelled() } });
  await Promise.all([verifying, signingOut]);
  expect(messages.alert).toBeUndefined();
  expect(messages.status?.text).toBe('Signed out of “Plant”.');
});
