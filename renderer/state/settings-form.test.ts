import { expect, test } from 'vitest';
import type { Answer } from '../../main/bridge/contract.ts';
import { FakeBridge, SETTINGS } from '../../test/support/fake-main-process.ts';
import { SettingsFormState } from './settings-form.svelte.ts';

function form(answer: Answer<'saveSettings'> = { ok: true, value: undefined }) {
  const bridge = new FakeBridge({ saveSettings: () => answer });
  const state = new SettingsFormState((name, question) => bridge.request(name, question), SETTINGS);
  return { state, bridge };
}

test('a change is saved', async () => {
  const { state, bridge } = form();
  state.values.clearClipboardSeconds = 20;
  await state.save();
  expect(bridge.questions('saveSettings')).toEqual([{ ...SETTINGS, clearClipboardSeconds: 20 }]);
});

test('a port that only administrators may use is not saved', async () => {
  const { state, bridge } = form();
  state.values.localAddressPort = 80;
  await state.save();
  expect(bridge.asked).toEqual([]);
  expect(state.problemOf('localAddressPort')).toMatch(/from 1024 to 65535/);
});

test.each([null, 4, 601])('%s seconds are not saved, and the problem is shown', async (seconds) => {
  const { state, bridge } = form();
  state.values.clearClipboardSeconds = seconds;
  await state.save();
  expect(bridge.asked).toEqual([]);
  expect(state.problemOf('clearClipboardSeconds')).toMatch(/from 5 to 600/);
});

test('a shortcut that another program has goes back to what it was, and says why', async () => {
  const error = { message: 'Another program uses it.', field: 'openShortcut' };
  const { state } = form({ ok: false, error });
  state.values.openShortcut = 'Control+K';
  await state.save();
  expect(state.values.openShortcut).toBe('');
  expect(state.problemOf('openShortcut')).toBe('Another program uses it.');
});
