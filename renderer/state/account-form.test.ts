import { describe, expect, test } from 'vitest';
import type { Answer } from '../../main/bridge/contract.ts';
import { AccountFormState } from './account-form.svelte.ts';
import { FakeBridge, pending, settle, systems } from './fakes.ts';

type Answers = ConstructorParameters<typeof FakeBridge>[0];
type Given = ConstructorParameters<typeof AccountFormState>[0];

const reads: Answers = {
  readAddress: ({ address }) => ({
    ok: true,
    value: { address: `https://${address}`, insecure: address.startsWith('plain') },
  }),
};

function form(answers: Answers = {}, given: Partial<Given> = {}) {
  const bridge = new FakeBridge({ ...reads, ...answers });
  const ends: string[] = [];
  const state = new AccountFormState({
    ask: (name, question) => bridge.request(name, question),
    systems,
    canRemember: true,
    takenNames: [],
    done: (id) => ends.push(`done ${id}`),
    close: () => ends.push('closed'),
    ...given,
  });
  return { state, bridge, ends };
}

const edited: NonNullable<Given['edited']> = {
  id: 'a1',
  form: {
    system: 'first',
    name: 'Plant',
    address: 'first.example.com',
    method: 'password',
    values: { user: 'engineer1' },
    remember: true,
    keepAliveMinutes: 20,
  },
  storedSecrets: ['password'],
};

const addedIds = (bridge: FakeBridge) =>
  (bridge.questions('addAccount') as { id: string }[]).map(({ id }) => id);

function filled(answers: Answers = {}) {
  const made = form(answers);
  made.state.address = ' first.example.com ';
  made.state.values = { user: 'engineer1', password: ' secret ', key: 'of another method' };
  return made;
}

test('a new form begins with the first system, its first method and its keep-alive', () => {
  const { state } = form();
  expect([state.system.id, state.method.id, state.keepAliveMinutes, state.remember]).toEqual([
    'first',
    'password',
    20,
    true,
  ]);
});

test('another system brings its own methods and keep-alive', () => {
  const { state } = form();
  state.chooseSystem('second');
  expect([state.method.id, state.keepAliveMinutes]).toEqual(['browser', 10]);
});

test('a keep-alive that was typed stays when the system is changed', () => {
  const { state } = form();
  state.keepAliveMinutes = 7;
  state.chooseSystem('second');
  expect(state.keepAliveMinutes).toBe(7);
});

test('the values of the chosen method alone are sent, secrets to the letter', async () => {
  const { state, bridge, ends } = filled({
    addAccount: () => ({ ok: true, value: undefined }),
  });
  await state.submit();
  const id = expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(bridge.questions('addAccount')).toEqual([
    {
      id,
      form: {
        system: 'first',
        name: 'first.example.com',
        address: 'first.example.com',
        method: 'password',
        values: { user: 'engineer1', password: ' secret ' },
        remember: true,
        keepAliveMinutes: 20,
      },
    },
  ]);
  expect(ends).toEqual([`done ${addedIds(bridge)[0]}`]);
});

test('a success drops the secrets from the form', async () => {
  const { state } = filled({ addAccount: () => ({ ok: true, value: undefined }) });
  await state.submit();
  expect(state.values).toEqual({ user: 'engineer1' });
});

test('a problem stands beside its field, and nothing typed is lost', async () => {
  const { state, ends } = filled({
    addAccount: () => ({ ok: false, error: { message: 'Refused.', field: 'password' } }),
  });
  await state.submit();
  expect(state.problemOf('password')).toBe('Refused.');
  expect(state.generalProblem).toBeUndefined();
  expect(state.valueOf('password')).toBe(' secret ');
  expect(ends).toEqual([]);
});

test.each([undefined, 'no such field'])(
  'a problem of field %s stands above the buttons',
  async (field) => {
    const { state } = filled({
      addAccount: () => ({
        ok: false,
        error: field === undefined ? { message: 'Down.' } : { message: 'Down.', field },
      }),
    });
    await state.submit();
    expect(state.generalProblem).toBe('Down.');
  },
);

test('a keep-alive out of bounds is said before anything is asked', async () => {
  const { state, bridge } = filled();
  state.keepAliveMinutes = 90;
  await state.submit();
  expect(state.problemOf('keepAliveMinutes')).toMatch(/from 1 to 55/);
  expect(bridge.questions('addAccount')).toEqual([]);
});

describe('cancelling', () => {
  test('stops a sign-in at once and keeps the form', () => {
    const answer = pending<Answer<'addAccount'>>();
    const { state, bridge, ends } = filled({
      addAccount: () => answer.promise,
      cancelSignIn: () => undefined,
    });
    void state.submit();
    expect(state.attempt.isBusy).toBe(true);
    state.cancel();
    expect(state.attempt.isBusy).toBe(false);
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: addedIds(bridge)[0] }]);
    expect(state.valueOf('password')).toBe(' secret ');
    expect(ends).toEqual([]);
  });

  test('a second try gets an id of its own, so that the cancelled one cannot be taken for it', () => {
    const { state, bridge } = filled({
      addAccount: () => new Promise(() => {}),
      cancelSignIn: () => undefined,
    });
    void state.submit();
    state.cancel();
    void state.submit();
    const [first, second] = addedIds(bridge);
    expect(second).not.toBe(first);
    state.cancel();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: first }, { id: second }]);
  });

  test('of an edited account names that account', () => {
    const { state, bridge } = form(
      { saveAccount: () => new Promise(() => {}), cancelSignIn: () => undefined },
      { edited },
    );
    void state.submit();
    state.cancel();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
  });

  test('closes a form that waits for nothing', () => {
    const { state, ends } = form();
    state.cancel();
    expect(ends).toEqual(['closed']);
  });
});

describe('the address', () => {
  test('is read once for what was typed', async () => {
    const { state, bridge } = form();
    state.address = 'plain.example.com';
    await state.readAddress();
    await state.readAddress();
    expect(bridge.questions('readAddress')).toEqual([
      { system: 'first', address: 'plain.example.com' },
    ]);
    expect(state.reading?.insecure).toBe(true);
  });

  test('is read again for another system', async () => {
    const { state, bridge } = form();
    state.address = 'plain.example.com';
    await state.readAddress();
    state.chooseSystem('second');
    await settle();
    expect(bridge.questions('readAddress')).toHaveLength(2);
  });

  test('is complained of beside its input', async () => {
    const { state } = form({
      readAddress: () => ({ ok: false, error: { message: 'Not an address.' } }),
    });
    state.address = 'no good';
    await state.readAddress();
    expect(state.problemOf('address')).toBe('Not an address.');
  });

  test('typed anew outruns the answer for the one before', async () => {
    const first = pending<Answer<'readAddress'>>();
    const { state } = form({
      readAddress: ({ address }) =>
        address === 'slow' ? first.promise : reads.readAddress!({ system: 'first', address }),
    });
    state.address = 'slow';
    const slow = state.readAddress();
    state.address = 'quick';
    await state.readAddress();
    first.keep({ ok: true, value: { address: 'https://slow', insecure: true } });
    await slow;
    expect(state.reading).toEqual({ address: 'https://quick', insecure: false });
  });
});

describe('the account name', () => {
  test.each([
    ['nexus.example.com/icweb.dll', 'nexus.example.com'],
    ['https://nexus.example.com:8443/x', 'nexus.example.com'],
    ['nexus', 'nexus'],
  ])('is suggested from %s as %s', async (address, name) => {
    const { state } = form();
    state.address = address;
    await state.readAddress();
    expect(state.name).toBe(name);
  });

  test('is suggested with a number where it is taken', async () => {
    const { state } = form({}, { takenNames: ['nexus', 'nexus 2'] });
    state.address = 'nexus';
    await state.readAddress();
    expect(state.name).toBe('nexus 3');
  });

  test('follows the address until one is typed', async () => {
    const { state } = form();
    state.address = 'one';
    await state.readAddress();
    state.address = 'two';
    await state.readAddress();
    expect(state.name).toBe('two');
    state.name = 'Plant';
    state.typeName();
    state.address = 'three';
    await state.readAddress();
    expect(state.name).toBe('Plant');
  });
});

describe('an account that is edited', () => {
  const edit = (answers: Answers = {}) => form(answers, { edited });

  test('is shown as it is, with its secrets only said to be stored', () => {
    const { state } = edit();
    expect(state.name).toBe('Plant');
    expect(state.valueOf('password')).toBe('');
    expect(state.isStored('password')).toBe(true);
    expect(state.isStored('user')).toBe(false);
  });

  test('is saved without signing in while only its name changed', () => {
    const { state } = edit();
    state.name = 'Other';
    state.remember = false;
    state.keepAliveMinutes = 5;
    expect(state.signsIn).toBe(false);
  });

  test.each<[string, (state: AccountFormState) => void]>([
    ['address', (state) => (state.address = 'other')],
    ['method', (state) => (state.methodId = 'api-key')],
    ['user name', (state) => (state.values['user'] = 'other')],
    ['password', (state) => (state.values['password'] = 'new')],
  ])('signs in when its %s changed', (_what, change) => {
    const { state } = edit();
    change(state);
    expect(state.signsIn).toBe(true);
  });

  test('sends a secret that was left as it is as an empty one', async () => {
    const { state, bridge, ends } = edit({ saveAccount: () => ({ ok: true, value: undefined }) });
    await state.submit();
    expect(bridge.questions('saveAccount')).toMatchObject([
      { id: 'a1', form: { values: { user: 'engineer1', password: '' } } },
    ]);
    expect(ends).toEqual(['done a1']);
  });
});

describe('a method with choices', () => {
  const choosing = (given: Partial<Given> = {}) => {
    const made = form({ addAccount: () => ({ ok: true, value: undefined }) }, given);
    if (made.state.isNew) {
      made.state.chooseSystem('second');
      made.state.methodId = 'choices';
    }
    return made;
  };
  const ids = (fields: readonly { id: string }[]) => fields.map(({ id }) => id);
  const kept = (values: Record<string, string>) =>
    choosing({
      edited: {
        ...edited,
        form: { ...edited.form, system: 'second', method: 'choices', values },
      },
    }).state;

  test('begins with what a new account begins with, or the first of what it can be', async () => {
    const { state, bridge } = choosing();
    state.address = 'second.example.com';
    await state.submit();
    expect(bridge.questions('addAccount')).toMatchObject([
      {
        form: {
          values: {
            tenant: 'common',
            style: 'page',
            return: 'https://back',
            cloud: 'global',
            note: 'x',
            explorer: '',
          },
        },
      },
    ]);
  });

  test('keeps what was typed, an emptied field too, over a change of method', () => {
    const { state } = choosing();
    state.values['tenant'] = '';
    state.values['style'] = 'window';
    state.methodId = 'browser';
    state.methodId = 'choices';
    expect([state.valueOf('tenant'), state.valueOf('style')]).toEqual(['', 'window']);
  });

  test('parts the fields that few change from the others', () => {
    const { state } = choosing();
    expect(ids(state.mainFields)).toEqual(['tenant', 'style']);
    expect(ids(state.advancedFields)).toEqual(['cloud', 'note', 'explorer']);
    expect(
      ['cloud', 'keepAliveMinutes', 'tenant', undefined].map((id) => state.isAdvanced(id)),
    ).toEqual([true, true, false, false]);
  });

  test('shows a field only with the choice that it counts for', () => {
    const { state } = choosing();
    state.values['style'] = 'window';
    expect(ids(state.mainFields)).toEqual(['tenant', 'style', 'return']);
  });

  test('says above the buttons what is wrong with a field that is not shown', () => {
    const { state } = choosing();
    state.attempt.fail({ message: 'Not an address.', field: 'return' });
    expect(state.generalProblem).toBe('Not an address.');
    state.values['style'] = 'window';
    expect(state.generalProblem).toBeUndefined();
  });

  test('of a kept account leaves empty what may be, and fills in what did not count', () => {
    const state = kept({ tenant: 'ours', style: 'page', cloud: 'other' });
    expect(['tenant', 'return', 'cloud', 'note'].map((id) => state.valueOf(id))).toEqual([
      'ours',
      'https://back',
      'other',
      '',
    ]);
    expect(state.signsIn).toBe(false);
  });

  test('signs in when a choice was changed', () => {
    const state = kept({ tenant: 'ours', style: 'page', cloud: 'other' });
    state.values['cloud'] = 'global';
    expect(state.signsIn).toBe(true);
  });

  test('is saved without signing in when only what its server never sees was changed', () => {
    const state = kept({ tenant: 'ours', style: 'page', cloud: 'other' });
    state.values['explorer'] = 'https://explorer.example.com';
    state.name = 'Other';
    state.keepAliveMinutes = 5;
    expect(state.signsIn).toBe(false);
  });
});

describe('More options', () => {
  const refusing = (field?: string): Answers => ({
    addAccount: () => ({ ok: false, error: { message: 'Refused.', ...(field && { field }) } }),
  });

  test('stay closed for a refused password, which is shown beside the password', async () => {
    const { state } = filled(refusing('password'));
    await state.submit();
    expect(state.problemOf('password')).toBe('Refused.');
    expect(state.showsMoreOptions).toBe(false);
  });

  test('open for a problem of one of their fields', async () => {
    const { state } = form(refusing('cloud'));
    state.chooseSystem('second');
    state.methodId = 'choices';
    await state.submit();
    expect(state.showsMoreOptions).toBe(true);
  });

  test('open for a keep-alive out of bounds', async () => {
    const { state } = filled();
    state.keepAliveMinutes = 90;
    await state.submit();
    expect(state.showsMoreOptions).toBe(true);
  });

  test('stay open when the user opened them and the next try fails elsewhere', async () => {
    const { state } = filled(refusing());
    state.showsMoreOptions = true;
    await state.submit();
    expect(state.showsMoreOptions).toBe(true);
  });
});
