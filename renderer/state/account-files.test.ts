import { expect, test } from 'vitest';
import type { Answer } from '../../main/bridge/contract.ts';
import { createPopup, deferred } from '../../test/support/fake-main-process.ts';

const NEW = { name: 'Plant', address: 'https://plant.example.com', change: 'new' } as const;

test('a chosen file is shown before anything changes', async () => {
  const { popup, navigation, bridge } = await createPopup({
    chooseImport: () => ({ ok: true, value: [NEW] }),
  });
  await popup.files.choose();
  expect(navigation.screen).toEqual({ name: 'import', accounts: [NEW] });
  expect(bridge.questions('importAccounts')).toEqual([]);
});

test('the popup stays in memory while the user looks for a file, however long', async () => {
  const chosen = deferred<Answer<'chooseImport'>>();
  const { popup, bridge } = await createPopup({ chooseImport: () => chosen.promise });
  expect(popup.mustStayInMemory).toBe(false);
  const choosing = popup.files.choose();
  expect(popup.mustStayInMemory).toBe(true);
  await popup.files.choose();
  expect(popup.mustStayInMemory).toBe(true);
  expect(bridge.questions('chooseImport')).toHaveLength(1);
  chosen.resolve({ ok: true, value: [NEW] });
  await choosing;
  expect(popup.mustStayInMemory).toBe(false);
});

test('what is wrong with a file is told, and a cancelled choice changes nothing', async () => {
  const wrong = await createPopup({
    chooseImport: () => ({ ok: false, error: { message: 'Not an export.' } }),
  });
  await wrong.popup.files.choose();
  expect(wrong.messages.alert?.text).toBe('Not an export.');
  const cancelled = await createPopup({ chooseImport: () => ({ ok: true, value: [] }) });
  await cancelled.popup.files.choose();
  expect(cancelled.navigation.screen.name).toBe('accounts');
});

test('an import says how many accounts it has added', async () => {
  const { popup, messages, navigation } = await createPopup({ importAccounts: () => 1 });
  navigation.showImport([NEW]);
  await popup.files.import();
  expect(navigation.screen.name).toBe('accounts');
  expect(messages.status?.text).toBe('Added 1 account. Sign in to each once.');
});
