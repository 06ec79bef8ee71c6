import * as v from 'valibot';
import { requests } from '../../main/bridge/contract.ts';
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
  WantedScreen,
} from '../../main/bridge/contract.ts';
import { PopupState } from '../../renderer/state/popup.svelte.ts';

export const SETTINGS = v.parse(requests.saveSettings.question, {});

export const systems: readonly SystemView[] = [
  {
    id: 'first',
    name: 'First system',
    addressExample: 'first.example.com',
    addressMark: 'first.dll',
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
    addressMark: 'second.example.com',
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

export const account = (overrides: Partial<AccountView> = {}): AccountView => ({
  id: 'a1',
  name: 'Plant',
  systemName: 'First system',
  methodLabel: 'User name and password',
  address: 'https://first.example.com',
  state: 'live',
  hasKey: true,
  isInsecure: false,
  canSignInAlone: true,
  isRemembered: true,
  keepAliveMinutes: 20,
  isResting: false,
  facts: [],
  pinned: false,
  isManaged: false,
  lastDay: [],
  user: 'engineer1',
  scripts: { mayUseCommand: false, localAddress: 'off' },
  copyFormats: [{ id: 'header', label: 'HTTP header' }],
  ...overrides,
});

export const activity = (overrides: Partial<ActivityView> = {}): ActivityView => ({
  until: 900_000,
  uptime: {},
  stretches: [],
  happenings: [],
  usesToday: 0,
  ...overrides,
});

export const snapshot = (overrides: Partial<Snapshot> = {}): Snapshot => ({
  accounts: [account()],
  notices: [],
  locale: 'en',
  prompts: [],
  settings: SETTINGS,
  canLaunchAtLogin: true,
  canUpdate: false,
  canRemember: true,
  version: '1.2.3',
  ...overrides,
});

export const prompt = (
  overrides: Partial<Extract<SignInPrompt, { kind: 'device-code' }>> = {},
) => ({
  kind: 'device-code' as const,
  id: 'a1',
  accountName: 'Plant',
  expiresAt: 900_000,
  code: 'ABC123',
  address: 'https://example.com/device',
  ...overrides,
});

export type Answers = {
  [N in RequestName]?: (question: Question<N>) => Answer<N> | Promise<Answer<N>>;
};

/** Gives the test's answers, and records the questions. Like the real bridge, accepts only values that can be cloned. */
export class FakeBridge implements Bridge {
  readonly asked: [RequestName, unknown][] = [];
  sendSnapshot: (snapshot: Snapshot) => void = () => {};
  askFor: (wanted: WantedScreen) => void = () => {};
  readonly #answers: Answers;

  constructor(answers: Answers = {}) {
    this.#answers = answers;
  }

  async request<N extends RequestName>(name: N, question: Question<N>): Promise<Answer<N>> {
    this.asked.push([name, structuredClone(question)]);
    const answer = this.#answers[name];
    if (!answer) throw new Error(`The test has no answer for ${name}.`);
    return answer(question);
  }

  onSnapshot(listener: (text: string) => void) {
    this.sendSnapshot = (snapshot) => listener(JSON.stringify(snapshot));
    return () => {};
  }

  onShow(listener: (wanted: WantedScreen) => void) {
    this.askFor = listener;
    return () => {};
  }

  questions(name: RequestName): unknown[] {
    return this.asked.filter(([asked]) => asked === name).map(([, question]) => question);
  }
}

/** Makes a popup in front of a fake main process, and waits for its first snapshot. */
export async function createPopup(answers: Answers = {}, overrides: Partial<Snapshot> = {}) {
  const bridge = new FakeBridge({
    snapshot: () => JSON.stringify(snapshot(overrides)),
    systems: () => [...systems],
    knownValues: () => ({}),
    cancelSignIn: () => undefined,
    closePopup: () => undefined,
    listing: () => undefined,
    activity: () => activity(),
    readAddress: ({ address }) => ({ ok: true, value: { address, isInsecure: false } }),
    editableAccount: () => ({
      form: {
        system: 'first',
        name: 'Plant',
        address: 'https://first.example.com',
        method: 'password',
        values: { user: 'engineer1' },
        remember: true,
        keepAliveMinutes: 20,
      },
      storedSecrets: [],
    }),
    ...answers,
  });
  const popup = new PopupState(bridge);
  popup.start();
  await settle();
  const { messages, main, navigation, signIns, commands } = popup;
  return { popup, messages, main, navigation, signIns, commands, bridge };
}

/** Makes a promise that the test resolves. */
export function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((resolvePromise) => (resolve = resolvePromise));
  return { promise, resolve };
}

export const never = () => new Promise<never>(() => {});

export const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
