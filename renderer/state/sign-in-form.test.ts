import { expect, test } from 'vitest';
import { FakeBridge, account, systems } from './fakes.ts';
import { SignInFormState } from './sign-in-form.svelte.ts';

type Answers = ConstructorParameters<typeof FakeBridge>[0];

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
    done: () => ends.push('done'),
    close: () => ends.push('closed'),
  });
  return { state, bridge, ends };
}

test('asks for the secrets that are missing, and for nothing else', () => {
  expect(form([]).state.fields.map(({ id }) => id)).toEqual(['password']);
});

test('offers to replace the secrets where all are stored', async () => {
  const { state, bridge } = form(['password']);
  expect(state.fields.map(({ id }) => id)).toEqual(['password']);
  await state.submit();
  expect(bridge.questions('signIn')).toEqual([{ id: 'a1' }]);
});

test('asks for nothing where the method needs nothing', () => {
  expect(form([], 'browser').state.fields).toEqual([]);
});

test.each([
  ['password', 'engineer1'],
  ['choices', 'ours · A window'],
])('tells of the method %s what is stored in the clear as “%s”', (method, plain) => {
  expect(form([], method).state.plain).toBe(plain);
});

test('signs in with what was typed, and drops it', async () => {
  const { state, bridge, ends } = form([]);
  state.values['password'] = 'secret';
  await state.submit();
  expect(bridge.questions('signIn')).toEqual([{ id: 'a1', values: { password: 'secret' } }]);
  expect(state.values).toEqual({});
  expect(ends).toEqual(['done']);
});

test('keeps what was typed when it is refused', async () => {
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
    signIn: () => new Promise(() => {}),
    cancelSignIn: () => undefined,
  });
  void state.submit();
  state.cancel();
  expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
  expect(ends).toEqual([]);
});
