import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Answer, Question } from '../../main/bridge/contract.ts';
import { AccountFormState } from './account-form.svelte.ts';
import type { FormDeps } from './form-deps.ts';
import {
  deferred,
  FakeBridge,
  never,
  settle,
  systems,
  type Answers,
} from '../../test/support/fake-main-process.ts';

const reads: Answers = {
  readAddress: ({ address }) => ({
    ok: true,
    value: { address: `https://${address}`, isInsecure: address.startsWith('plain') },
  }),
};

function createForm(answers: Answers = {}, overrides: Partial<FormDeps> = {}) {
  const bridge = new FakeBridge({ ...reads, ...answers });
  const ends: string[] = [];
  const state = new AccountFormState({
    ask: (name, question) => bridge.request(name, question),
    systems,
    canRemember: true,
    takenNames: [],
    knownValues: {},
    onDone: (id) => ends.push(`done ${id}`),
    onClose: () => ends.push('closed'),
    ...overrides,
  });
  return { state, bridge, ends };
}

const edited: NonNullable<FormDeps['edited']> = {
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
  const created = createForm(answers);
  created.state.address.typed = ' first.example.com ';
  created.state.values = { user: 'engineer1', password: ' secret ', key: 'of another method' };
  return created;
}

test('a new form starts with the first system, its first method and its keep-alive', () => {
  const { state } = createForm();
  expect([state.system.id, state.method.id, state.keepAliveMinutes, state.remember]).toEqual([
    'first',
    'password',
    20,
    true,
  ]);
});

test('without a keyring, an edited account is still remembered, so that its stored password is not deleted', () => {
  const { state } = createForm({}, { canRemember: false, edited });
  expect(state.remember).toBe(true);
  expect(createForm({}, { canRemember: false }).state.remember).toBe(false);
});

test('another system brings its own methods and keep-alive', () => {
  const { state } = createForm();
  state.chooseSystem('second');
  expect([state.method.id, state.keepAliveMinutes]).toEqual(['browser', 10]);
});

test('a typed keep-alive stays when the system changes', () => {
  const { state } = createForm();
  state.keepAliveMinutes = 7;
  state.chooseSystem('second');
  expect(state.keepAliveMinutes).toBe(7);
});

test('only the values of the chosen method are sent, and secrets keep their blanks', async () => {
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

test('success clears the secrets from the form', async () => {
  const { state } = filled({ addAccount: () => ({ ok: true, value: undefined }) });
  await state.submit();
  expect(state.values).toEqual({ user: 'engineer1' });
});

test('a problem is shown beside its field, and nothing typed is lost', async () => {
  const { state, ends } = filled({
    addAccount: () => ({ ok: false, error: { message: 'Refused.', field: 'password' } }),
  });
  await state.submit();
  expect(state.problemOf('password')).toBe('Refused.');
  expect(state.generalProblem).toBeUndefined();
  expect(state.getValue('password')).toBe(' secret ');
  expect(ends).toEqual([]);
});

test('a problem of the last try disappears when its field is corrected', async () => {
  let field = 'user';
  const { state } = filled({
    addAccount: () => ({ ok: false, error: { message: 'Type it.', field } }),
  });
  await state.submit();
  state.setValue('password', 'p');
  expect(state.problemOf('user')).toBe('Type it.');
  state.setValue('user', 'e');
  expect(state.problemOf('user')).toBeUndefined();

  field = 'address';
  await state.submit();
  state.address.typed = 'first.example.com';
  state.addressTyped();
  state.leave();
  expect(state.problemOf('address')).toBeUndefined();
});

test.each([undefined, 'no such field'])(
  'a problem of field %s is shown above the buttons',
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

test('a keep-alive outside the limits is reported without a request', async () => {
  const { state, bridge } = filled();
  state.keepAliveMinutes = 90;
  await state.submit();
  expect(state.problemOf('keepAliveMinutes')).toMatch(/from 1 to 55/);
  expect(bridge.questions('addAccount')).toEqual([]);
});

describe('when it is kept alive', () => {
  const sent = async (change: (state: AccountFormState) => void) => {
    const { state, bridge } = filled({ addAccount: () => ({ ok: true, value: undefined }) });
    change(state);
    await state.submit();
    const [question] = bridge.questions('addAccount') as Question<'addAccount'>[];
    return question?.form.rest;
  };

  test('is always, unless the user chooses otherwise', async () => {
    expect(await sent(() => {})).toBeUndefined();
  });

  test('is while the computer is used', async () => {
    const rest = await sent(({ rest }) => {
      rest.when = 'away';
      rest.signOut = true;
    });
    expect(rest).toEqual({ when: 'away', afterMinutes: 15, signOut: true });
  });

  test('is in working hours', async () => {
    const rest = await sent(({ rest }) => {
      rest.when = 'off-hours';
      rest.to = '16:30';
    });
    expect(rest).toEqual({ when: 'off-hours', from: '08:00', to: '16:30', signOut: false });
  });

  test.each<[string, RegExp, (rest: AccountFormState['rest']) => void]>([
    ['afterMinutes', /from 1 to 240/, (rest) => (rest.afterMinutes = null)],
    ['workingHours', /end after they begin/, (rest) => (rest.to = '07:00')],
    ['workingHours', /end after they begin/, (rest) => (rest.from = '')],
  ])('is reported without a request if %s is wrong', async (field, problem, change) => {
    const { state, bridge } = filled();
    state.rest.when = field === 'afterMinutes' ? 'away' : 'off-hours';
    change(state.rest);
    await state.submit();
    expect(state.problemOf(field)).toMatch(problem);
    expect(state.showsMoreOptions).toBe(true);
    expect(bridge.questions('addAccount')).toEqual([]);
  });
});

describe('cancelling', () => {
  test('a sign-in frees the form at once and keeps what was typed', () => {
    const answer = deferred<Answer<'addAccount'>>();
    const { state, bridge, ends } = filled({
      addAccount: () => answer.promise,
      cancelSignIn: () => undefined,
    });
    void state.submit();
    expect(state.attempt.isBusy).toBe(true);
    state.cancel();
    expect(state.attempt.isBusy).toBe(false);
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: addedIds(bridge)[0] }]);
    expect(state.getValue('password')).toBe(' secret ');
    expect(ends).toEqual([]);
  });

  test('leaves the next try a new id, because the cancelled one may still be on its way', () => {
    const { state, bridge } = filled({
      addAccount: never,
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

  test('the sign-in of an edited account names that account', () => {
    const { state, bridge } = createForm(
      { saveAccount: never, cancelSignIn: () => undefined },
      { edited },
    );
    void state.submit();
    state.cancel();
    expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
  });

  test('without a sign-in closes the form', () => {
    const { state, ends } = createForm();
    state.cancel();
    expect(ends).toEqual(['closed']);
  });
});

describe('the address', () => {
  test('is read once as long as it stays the same', async () => {
    const { state, bridge } = createForm();
    state.address.typed = 'plain.example.com';
    await state.readAddress();
    await state.readAddress();
    expect(bridge.questions('readAddress')).toEqual([
      { system: 'first', method: 'password', address: 'plain.example.com' },
    ]);
    expect(state.address.reading?.isInsecure).toBe(true);
  });

  test.each<[string, (state: AccountFormState) => void]>([
    ['system', (state) => state.chooseSystem('second')],
    ['method', (state) => state.chooseMethod('api-key')],
  ])('is read again for another %s', async (_what, choose) => {
    const { state, bridge } = createForm();
    state.address.typed = 'plain.example.com';
    await state.readAddress();
    choose(state);
    await settle();
    expect(bridge.questions('readAddress')).toHaveLength(2);
  });

  test('shows its problem beside its input', async () => {
    const { state } = createForm({
      readAddress: () => ({ ok: false, error: { message: 'Not an address.' } }),
    });
    state.address.typed = 'no good';
    await state.readAddress();
    expect(state.problemOf('address')).toBe('Not an address.');
  });

  test('ignores the late answer to an earlier address', async () => {
    const first = deferred<Answer<'readAddress'>>();
    const { state } = createForm({
      readAddress: ({ address }) =>
        address === 'slow'
          ? first.promise
          : reads.readAddress!({ system: 'first', method: 'password', address }),
    });
    state.address.typed = 'slow';
    const slow = state.readAddress();
    state.address.typed = 'quick';
    await state.readAddress();
    first.resolve({ ok: true, value: { address: 'https://slow', isInsecure: true } });
    await slow;
    expect(state.address.reading).toEqual({ address: 'https://quick', isInsecure: false });
  });
});

describe('the account name', () => {
  test.each([
    ['nexus.example.com/icweb.dll', 'nexus.example.com'],
    ['https://nexus.example.com:8443/x', 'nexus.example.com'],
    ['nexus', 'nexus'],
    ['[fd00::1]:8080', '[fd00::1]'],
    ['https://[::1]/data/icweb.dll', '[::1]'],
  ])('is suggested from %s as %s', async (address, name) => {
    const { state } = createForm();
    state.address.typed = address;
    await state.readAddress();
    expect(state.name).toBe(name);
  });

  test('is suggested with a number if it is taken', async () => {
    const { state } = createForm({}, { takenNames: ['nexus', 'nexus 2'] });
    state.address.typed = 'nexus';
    await state.readAddress();
    expect(state.name).toBe('nexus 3');
  });

  test('follows the address until the user types one', async () => {
    const { state } = createForm();
    state.address.typed = 'one';
    await state.readAddress();
    state.address.typed = 'two';
    await state.readAddress();
    expect(state.name).toBe('two');
    state.name = 'Plant';
    state.address.typed = 'three';
    await state.readAddress();
    expect(state.name).toBe('Plant');
  });
});

describe('an edited account', () => {
  const edit = (answers: Answers = {}) => createForm(answers, { edited });

  test('is shown without its secrets, which are only marked as stored', () => {
    const { state } = edit();
    expect(state.name).toBe('Plant');
    expect(state.getValue('password')).toBe('');
    expect(state.isStored('password')).toBe(true);
    expect(state.isStored('user')).toBe(false);
  });

  test('has no stored secret for another system, even if the method has the same id', () => {
    const [first, second] = systems;
    const { state } = createForm(
      {},
      { edited, systems: [first!, { ...second!, methods: first!.methods }] },
    );
    state.chooseSystem('second');
    expect(state.isStored('password')).toBe(false);
  });

  test('is saved without a sign-in if only its name, interval or storage changed', () => {
    const { state } = edit();
    state.name = 'Other';
    state.remember = false;
    state.keepAliveMinutes = 5;
    expect(state.signsIn).toBe(false);
  });

  test.each<[string, (state: AccountFormState) => void]>([
    ['address', (state) => (state.address.typed = 'other')],
    ['method', (state) => (state.methodId = 'api-key')],
    ['user name', (state) => (state.values['user'] = 'other')],
    ['password', (state) => (state.values['password'] = 'new')],
  ])('signs in if its %s changed', (_what, change) => {
    const { state } = edit();
    change(state);
    expect(state.signsIn).toBe(true);
  });

  test('sends an empty value for an unchanged secret', async () => {
    const { state, bridge, ends } = edit({ saveAccount: () => ({ ok: true, value: undefined }) });
    await state.submit();
    expect(bridge.questions('saveAccount')).toMatchObject([
      { id: 'a1', form: { values: { user: 'engineer1', password: '' } } },
    ]);
    expect(ends).toEqual(['done a1']);
  });
});

describe('a method with choices', () => {
  const choosing = (overrides: Partial<FormDeps> = {}) => {
    const created = createForm({ addAccount: () => ({ ok: true, value: undefined }) }, overrides);
    if (created.state.isNew) {
      created.state.chooseSystem('second');
      created.state.methodId = 'choices';
    }
    return created;
  };
  const ids = (fields: readonly { id: string }[]) => fields.map(({ id }) => id);
  const saved = (values: Record<string, string>) =>
    choosing({
      edited: {
        ...edited,
        form: { ...edited.form, system: 'second', method: 'choices', values },
      },
    }).state;

  test('starts with the initial values, or with the first option', async () => {
    const { state, bridge } = choosing();
    state.address.typed = 'second.example.com';
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

  test('keeps typed values, even empty ones, when the method changes', () => {
    const { state } = choosing();
    state.values['tenant'] = '';
    state.values['style'] = 'window';
    state.methodId = 'browser';
    state.methodId = 'choices';
    expect([state.getValue('tenant'), state.getValue('style')]).toEqual(['', 'window']);
  });

  test('shows its advanced fields under More options', () => {
    const { state } = choosing();
    expect(ids(state.mainFields)).toEqual(['tenant', 'style']);
    expect(ids(state.advancedFields)).toEqual(['cloud', 'note', 'explorer']);
  });

  test('shows a field only with the option that it belongs to', () => {
    const { state } = choosing();
    state.values['style'] = 'window';
    expect(ids(state.mainFields)).toEqual(['tenant', 'style', 'return']);
  });

  test('shows the problem of a hidden field above the buttons', () => {
    const { state } = choosing();
    state.attempt.fail({ message: 'Not an address.', field: 'return' });
    expect(state.generalProblem).toBe('Not an address.');
    state.values['style'] = 'window';
    expect(state.generalProblem).toBeUndefined();
  });

  test('leaves the empty optional fields of a saved account empty, and fills in the others', () => {
    const state = saved({ tenant: 'ours', style: 'page', cloud: 'other' });
    expect(['tenant', 'return', 'cloud', 'note'].map((id) => state.getValue(id))).toEqual([
      'ours',
      'https://back',
      'other',
      '',
    ]);
    expect(state.signsIn).toBe(false);
  });

  test('signs in if an option changed', () => {
    const state = saved({ tenant: 'ours', style: 'page', cloud: 'other' });
    state.values['cloud'] = 'global';
    expect(state.signsIn).toBe(true);
  });

  test('is saved without a sign-in if only its localOnly field, its name and its interval changed', () => {
    const state = saved({ tenant: 'ours', style: 'page', cloud: 'other' });
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
    const { state } = createForm(refusing('cloud'));
    state.chooseSystem('second');
    state.methodId = 'choices';
    await state.submit();
    expect(state.showsMoreOptions).toBe(true);
  });

  test('open for a keep-alive outside the limits', async () => {
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

describe('while the address is typed', () => {
  afterEach(() => void vi.useRealTimers());

  function typing(answers: Answers = {}) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const created = createForm({ askServer: () => true, ...answers });
    const type = (text: string) => {
      created.state.address.typed = text;
      created.state.addressTyped();
    };
    return { ...created, type };
  }

  test('one that tells its system chooses it', () => {
    const { state, type } = typing();
    type('https://app.SECOND.example.com/page');
    expect(state.systemId).toBe('second');
  });

  test('the server is asked once, when the user pauses', async () => {
    const { state, bridge, type } = typing();
    for (const text of ['first.ex', 'first.example', 'first.example.com']) {
      type(text);
      vi.advanceTimersByTime(599);
    }
    expect(bridge.questions('askServer')).toEqual([]);
    vi.advanceTimersByTime(1);
    await settle();
    const asked = { system: 'first', address: 'first.example.com' };
    expect(bridge.questions('askServer')).toEqual([asked]);
    expect(state.address.doesAnswer).toBe(true);
  });

  test('the server is not asked any more once the form is sent or left', async () => {
    const { state, bridge, type } = typing({ addAccount: never, cancelSignIn: () => undefined });
    type('first.example.com');
    void state.submit();
    type('first.example.net');
    state.leave();
    vi.advanceTimersByTime(600);
    await settle();
    expect(bridge.questions('askServer')).toEqual([]);
  });

  test('an answer for another address is not shown', async () => {
    const answer = deferred<boolean>();
    const { state, type } = typing({ askServer: () => answer.promise });
    type('first.example.com');
    vi.advanceTimersByTime(600);
    type('first.example.net');
    vi.advanceTimersByTime(600);
    type('nothing');
    vi.advanceTimersByTime(600);
    answer.resolve(true);
    await settle();
    expect(state.address.doesAnswer).toBeUndefined();
  });

  test('an answer for another system is not shown, and the chosen system is asked', async () => {
    const { state, bridge, type } = typing({ askServer: ({ system }) => system === 'first' });
    type('first.example.com');
    vi.advanceTimersByTime(600);
    await settle();
    expect(state.address.doesAnswer).toBe(true);
    state.chooseSystem('second');
    expect(state.address.doesAnswer).toBeUndefined();
    vi.advanceTimersByTime(600);
    await settle();
    expect(bridge.questions('askServer')).toHaveLength(2);
    expect(state.address.doesAnswer).toBe(false);
  });
});

test('a duplicate begins as its account, with a name of its own and without secrets', () => {
  const { state } = createForm({}, { template: edited.form, takenNames: ['Plant'] });
  expect([state.isNew, state.name, state.address.typed, state.getValue('user')]).toEqual([
    true,
    'Plant 2',
    'first.example.com',
    'engineer1',
  ]);
  expect(state.isStored('password')).toBe(false);
});
