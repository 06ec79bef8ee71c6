import type {
  AccountView,
  ActivityView,
  Answer,
  Bridge,
  Question,
  RequestName,
  Snapshot,
  SignInPrompt,
  SystemView,
  View,
} from '../../main/bridge/contract.ts';

export const systems: readonly SystemView[] = [
  {
    id: 'first',
    name: 'First system',
    addressExample: 'first.example.com',
    keepAliveMinutes: 20,
    methods: [
      {
        id: 'password',
        label: 'User name and password',
        fields: [
          { id: 'user', label: 'User name', secret: false },
          { id: 'password', label: 'Password', secret: true },
        ],
      },
      { id: 'api-key', label: 'API key', fields: [{ id: 'key', label: 'API key', secret: true }] },
    ],
  },
  {
    id: 'second',
    name: 'Second system',
    addressExample: 'second.example.com',
    keepAliveMinutes: 10,
    methods: [
      { id: 'browser', label: 'Browser', fields: [] },
      {
        id: 'choices',
        label: 'Choices',
        fields: [
          { id: 'tenant', label: 'Tenant', secret: false, initial: 'common' },
          {
            id: 'style',
            label: 'Style',
            secret: false,
            initial: 'page',
            options: [
              { id: 'page', label: 'A page' },
              { id: 'window', label: 'A window' },
            ],
          },
          {
            id: 'return',
            label: 'Return',
            secret: false,
            initial: 'https://back',
            onlyWith: { field: 'style', value: 'window' },
          },
          {
            id: 'cloud',
            label: 'Cloud',
            secret: false,
            advanced: true,
            options: [
              { id: 'global', label: 'Global' },
              { id: 'other', label: 'Other' },
            ],
          },
          {
            id: 'note',
            label: 'Note',
            secret: false,
            advanced: true,
            optional: true,
            initial: 'x',
          },
          {
            id: 'explorer',
            label: 'Explorer',
            secret: false,
            advanced: true,
            optional: true,
            localOnly: true,
          },
        ],
      },
    ],
  },
];

export const account = (given: Partial<AccountView> = {}): AccountView => ({
  id: 'a1',
  name: 'Plant',
  systemName: 'First system',
  methodLabel: 'User name and password',
  address: 'https://first.example.com',
  state: 'live',
  hasKey: true,
  insecure: false,
  canSignInAlone: true,
  remembered: true,
  keepAliveMinutes: 20,
  facts: [],
  copyFormats: [{ id: 'header', label: 'HTTP header' }],
  ...given,
});

export const activity = (given: Partial<ActivityView> = {}): ActivityView => ({
  until: 900_000,
  uptime: {},
  stretches: [],
  happenings: [],
  ...given,
});

export const snapshot = (given: Partial<Snapshot> = {}): Snapshot => ({
  accounts: [account()],
  notices: [],
  prompts: [],
  settings: { clearClipboardSeconds: 45, requestSeconds: 30, launchAtLogin: false },
  canLaunchAtLogin: true,
  canRemember: true,
  version: '1.2.3',
  ...given,
});

export const prompt = (given: Partial<Extract<SignInPrompt, { kind: 'device-code' }>> = {}) => ({
  kind: 'device-code' as const,
  id: 'a1',
  accountName: 'Plant',
  expiresAt: 900_000,
  code: 'ABC123',
  address: 'https://example.com/device',
  ...given,
});

type Answers = {
  [N in RequestName]?: (question: Question<N>) => Answer<N> | Promise<Answer<N>>;
};

/** Answers as told, and remembers what it was asked; like the real one, it takes only what can be cloned. */
export class FakeBridge implements Bridge {
  readonly asked: [RequestName, unknown][] = [];
  sendSnapshot: (snapshot: Snapshot) => void = () => {};
  sendView: (view: View) => void = () => {};
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  async request<N extends RequestName>(name: N, question: Question<N>): Promise<Answer<N>> {
    this.asked.push([name, structuredClone(question)]);
    const answer = this.#answers[name];
    if (!answer) throw new Error(`Nobody said what ${name} answers`);
    return answer(question);
  }

  onSnapshot(listener: (snapshot: Snapshot) => void) {
    this.sendSnapshot = listener;
    return () => {};
  }

  onView(listener: (view: View) => void) {
    this.sendView = listener;
    return () => {};
  }

  questions(name: RequestName): unknown[] {
    return this.asked.filter(([asked]) => asked === name).map(([, question]) => question);
  }
}

/** A promise that is kept when the test says so. */
export function pending<T>() {
  let keep!: (value: T) => void;
  const promise = new Promise<T>((resolve) => (keep = resolve));
  return { promise, keep };
}

/** Lets everything run that waits for nothing but its turn. */
export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
