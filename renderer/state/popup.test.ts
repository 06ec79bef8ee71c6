import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AccountFormState } from './account-form.svelte.ts';
import { account, createPopup } from '../../test/support/fake-main-process.ts';
import type { Navigation } from './navigation.svelte.ts';
import { SignInFormState } from './sign-in-form.svelte.ts';

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

async function openForm(navigation: Navigation): Promise<AccountFormState> {
  await navigation.addAccount();
  const { form } = navigation;
  if (!(form instanceof AccountFormState)) throw new Error('The account form is not on screen.');
  form.name = 'Plant';
  form.address.typed = 'first.example.com';
  form.values = { user: 'engineer1', password: 'secret' };
  return form;
}

describe('a popup that was closed for a minute', () => {
  test('has no typed password, and everything else', async () => {
    const { popup, navigation } = await createPopup();
    const form = await openForm(navigation);
    popup.setVisible(false);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(form.values).toEqual({ user: 'engineer1' });
    expect([form.name, form.address.typed]).toEqual(['Plant', 'first.example.com']);
    expect(navigation.form).toBe(form);
  });

  test('has no password of a form that only asks for it', async () => {
    const { popup, navigation } = await createPopup();
    await navigation.showSignIn(account());
    const { form } = navigation;
    if (!(form instanceof SignInFormState)) return expect.unreachable();
    form.setValue('password', 'secret');
    popup.setVisible(false);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(form.values).toEqual({});
  });
});

test('a popup that is shown again within a minute has lost nothing', async () => {
  const { popup, navigation } = await createPopup();
  const form = await openForm(navigation);
  for (let times = 0; times < 3; times += 1) {
    popup.setVisible(false);
    vi.advanceTimersByTime(MINUTE_MS - 1);
    popup.setVisible(true);
  }
  vi.advanceTimersByTime(10 * MINUTE_MS);
  expect(form.values).toEqual({ user: 'engineer1', password: 'secret' });
});
