import { expect, test } from 'vitest';
import { FakeBridge } from './fakes.ts';
import { SettingsFormState } from './settings-form.svelte.ts';

function form() {
  const bridge = new FakeBridge({ saveSettings: () => undefined });
  const state = new SettingsFormState((name, question) => bridge.request(name, question), {
    clearClipboardSeconds: 45,
    requestSeconds: 30,
    launchAtLogin: false,
    checkForUpdates: true,
  });
  return { state, bridge };
}

test('a change is saved', async () => {
  const { state, bridge } = form();
  state.clearClipboardSeconds = 20;
  await state.save();
  expect(bridge.questions('saveSettings')).toEqual([
    { clearClipboardSeconds: 20, requestSeconds: 30, launchAtLogin: false, checkForUpdates: true },
  ]);
});

test.each([null, 4, 601])('%s seconds are not saved, and the problem is shown', async (seconds) => {
  const { state, bridge } = form();
  state.clearClipboardSeconds = seconds;
  await state.save();
  expect(bridge.asked).toEqual([]);
  expect(state.clearClipboardProblem).toMatch(/from 5 to 600/);
});
