import { expect, test } from 'vitest';
import {
  account,
  FakeBridge,
  never,
  systems,
  type Answers,
} from '../../test/support/fake-main-process.ts';
import { SignInFormState } from './sign-in-form.svelte.ts';

function form(storedSecrets: string[], method = 'password', answers: Answers = {}) {
  const bridge = new FakeBridge({ signIn: () => ({ ok: true, value: undefined }), ...answers });
  const ends: string[] = [];
  const state = new SignInFormState({
    ask: (name, question) => bridge.request(name, question),
    account: account(),
    editable: {
      form: {
        system: method === 'password' ? 'first' : 'second',
        name: 'Plant',
        address: 'first.example.com',
        method,
        values: { user: 'engineer1', tenant: 'ours', style: 'window', cloud: 'other' },
        remember: false,
        keepAliveMinutes: 20,
      },
      storedSecrets,
    },
    systems,
    onDone: () => ends.push('done'),
    onClose: () => ends.push('closed'),
  });
  return { state, bridge, ends };
}

test('asks only for the missing secrets', () => {
  expect(form([]).state.fields.map(({ id }) => id)).toEqual(['password']);
});

test('offers to replace the secrets if all are stored', async () => {
  const { state, bridge } = form(['password']);
  expect(state.fields.map(({ id }) => id)).toEqual(['password']);
  await state.submit();
  expect(bridge.questions('signIn')).toEqual([{ id: 'a1' }]);
});

test('asks for nothing if the method needs nothing', () => {
  expect(form([], 'browser').state.fields).toEqual([]);
});

test.each([
  ['password', 'engineer1'],
  ['choices', 'ours · A window'],
])('shows the stored values of the method %s as “%s”', (method, plain) => {
  expect(form([], method).state.storedValues).toBe(plain);
});

test('signs in with the typed secrets, and clears them', async () => {
  const { state, bridge, ends } = form([]);
  state.values['password'] = 'secret';
  await state.submit();
  expect(bridge.questions('signIn')).toEqual([{ id: 'a1', values: { password: 'secret' } }]);
  expect(state.values).toEqual({});
  expect(ends).toEqual(['done']);
});

test('keeps the typed secrets if they are refused', async () => {
  const { state } = form([], 'password', {
    signIn: () => ({ ok: false, error: { message: 'Refused.', field: 'user' } }),
  });
  state.values['password'] = 'secret';
  await state.submit();
  expect(state.values['password']).toBe('secret');
  expect(state.generalProblem).toBe('Refused.');
});

test('cancelling a sign-in names its account and leaves the form open', () => {
  const { state, bridge, ends } = form([], 'password', {
    signIn: never,
    cancelSignIn: () => undefined,
  });
  void state.submit();
  state.cancel();
  expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
  expect(ends).toEqual([]);
});
