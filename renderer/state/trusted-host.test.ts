/** Tests the checkbox with which the user allows a host to get a Microsoft token. */
import { describe, expect, test } from 'vitest';
import { AccountFormState } from './account-form.svelte.ts';
import type { FormDeps } from './form-deps.ts';
import { FakeBridge, settle, systems, type Answers } from '../../test/support/fake-main-process.ts';

/** Only the method `browser` asks for trust. The main process refuses every form. */
const answers: Answers = {
  readAddress: ({ method, address }) => ({
    ok: true,
    value: {
      address: `https://${address}`,
      isInsecure: false,
      ...(method === 'browser' && { hostToTrust: address }),
    },
  }),
  addAccount: () => ({ ok: false, error: { message: 'Say it.', field: 'trustedHost' } }),
};

function createForm(edited?: FormDeps['edited']) {
  const bridge = new FakeBridge(answers);
  const state = new AccountFormState({
    ask: (name, question) => bridge.request(name, question),
    systems,
    canRemember: true,
    takenNames: [],
    knownValues: {},
    onDone: () => {},
    onClose: () => {},
    ...(edited && { edited }),
  });
  return { state, bridge };
}

async function visit(state: AccountFormState, address: string): Promise<void> {
  state.address.typed = address;
  await state.readAddress();
}

async function at(address: string) {
  const created = createForm();
  created.state.chooseSystem('second');
  await visit(created.state, address);
  return created;
}

const sentValues = (bridge: FakeBridge) =>
  (bridge.questions('addAccount') as { form: { values: unknown } }[]).map(
    ({ form }) => form.values,
  );

test('the host is named, and is not trusted unasked', async () => {
  const { state, bridge } = await at('other.example.com');
  expect(state.hostToTrust).toBe('other.example.com');
  expect(state.trustsHost).toBe(false);
  await state.submit();
  expect(sentValues(bridge)).toEqual([{}]);
});

test('the host is not asked about for a method that sends it no token', async () => {
  const { state } = await at('other.example.com');
  state.chooseMethod('choices');
  await settle();
  expect(state.hostToTrust).toBeUndefined();
});

test('the host is sent once the user has said so, until the user takes it back', async () => {
  const { state, bridge } = await at('other.example.com');
  state.trustHost(true);
  expect(state.trustsHost).toBe(true);
  await state.submit();
  state.trustHost(false);
  expect(state.trustsHost).toBe(false);
  await state.submit();
  expect(sentValues(bridge)).toEqual([{ trustedHost: 'other.example.com' }, {}]);
});

test('the host loses the trust when the address changes to another host', async () => {
  const { state } = await at('other.example.com');
  state.trustHost(true);
  await visit(state, 'evil.example.com');
  expect(state.hostToTrust).toBe('evil.example.com');
  expect(state.trustsHost).toBe(false);
});

test('the host keeps the trust when the form forgets its secrets', async () => {
  const { state } = await at('other.example.com');
  state.trustHost(true);
  state.clearSecrets();
  expect(state.trustsHost).toBe(true);
});

test('the host shows its problem beside the checkbox until it is ticked', async () => {
  const { state } = await at('other.example.com');
  await state.submit();
  expect(state.problemOf('trustedHost')).toBe('Say it.');
  expect(state.generalProblem).toBeUndefined();
  state.trustHost(true);
  expect(state.problemOf('trustedHost')).toBeUndefined();
});

test('the host shows no problem of an earlier host', async () => {
  const { state } = await at('other.example.com');
  await state.submit();
  await visit(state, 'third.example.com');
  expect(state.problemOf('trustedHost')).toBeUndefined();
});

test('the host shows its problem above the buttons while there is no checkbox', async () => {
  const { state } = createForm();
  await state.submit();
  expect(state.generalProblem).toBe('Say it.');
});

describe('the trusted host of an edited account', () => {
  const stored = async (values: Record<string, string>) => {
    const { state } = createForm({
      id: 'a1',
      form: {
        system: 'second',
        name: 'Plant',
        address: 'other.example.com',
        method: 'browser',
        values,
        remember: true,
        keepAliveMinutes: 20,
      },
      storedSecrets: [],
    });
    await settle();
    return state;
  };

  test('is trusted as before', async () => {
    const state = await stored({ trustedHost: 'other.example.com' });
    expect([state.trustsHost, state.signsIn]).toEqual([true, false]);
  });

  test('needs a sign-in when the user trusts it now', async () => {
    const state = await stored({});
    expect([state.trustsHost, state.signsIn]).toEqual([false, false]);
    state.trustHost(true);
    expect(state.signsIn).toBe(true);
  });
});
