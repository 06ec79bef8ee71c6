/**
 * Everything that passes between the renderer and the main process: each request with the schemas of its question and its
 * answer, and the snapshot that is sent whenever something changed. No session key and no stored secret is in any answer.
 */
import * as v from 'valibot';

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Text = v.pipe(v.string(), v.maxLength(10_000));
const Values = v.record(v.pipe(v.string(), v.maxLength(64)), Text);
const Fact = v.object({ label: v.string(), value: v.string() });
const Option = v.object({ id: v.string(), label: v.string() });
const Nothing = v.void();

/** What a session can be. The words on screen are in the renderer's `words.ts`. */
export const SessionState = v.picklist([
  'signed-out',
  'signing-in',
  'live',
  'renewing',
  'offline',
  'sign-in-needed',
]);

export const AccountView = v.object({
  id: Id,
  name: v.string(),
  systemName: v.string(),
  methodLabel: v.string(),
  address: v.string(),
  state: SessionState,
  /** Why it is so, where the state's word does not say enough: "The server refused this user name and password." */
  problem: v.optional(v.string()),
  /** A key is held, and can be copied. */
  hasKey: v.boolean(),
  /** The server is spoken to without encryption. */
  insecure: v.boolean(),
  /** When the server last accepted the key, and when the session began; milliseconds since 1970. */
  verifiedAt: v.optional(v.number()),
  since: v.optional(v.number()),
  /** When the server is tried again; only while offline. */
  retryAt: v.optional(v.number()),
  /** Signing in needs nothing typed. */
  canSignInAlone: v.boolean(),
  remembered: v.boolean(),
  keepAliveMinutes: v.number(),
  facts: v.array(Fact),
  copyFormats: v.array(Option),
});

export const Notice = v.object({
  id: Id,
  text: v.string(),
  /** A notice that cannot be dismissed stays as long as what it says is so. */
  dismissible: v.boolean(),
});

/** What a sign-in waits for that its user does elsewhere. */
export const SignInPrompt = v.variant('kind', [
  v.object({
    kind: v.literal('browser'),
    accountName: v.string(),
    /** When it ends by itself; milliseconds since 1970. */
    expiresAt: v.number(),
  }),
  v.object({ kind: v.literal('window'), accountName: v.string(), expiresAt: v.number() }),
  v.object({
    kind: v.literal('device-code'),
    accountName: v.string(),
    expiresAt: v.number(),
    /** What the user types, and where. */
    code: v.string(),
    address: v.string(),
  }),
]);

export const Settings = v.object({
  /** After how many seconds a copied key is taken off the clipboard. */
  clearClipboardSeconds: v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(600)),
  /** How long one request may take, in seconds. */
  requestSeconds: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(120)),
  launchAtLogin: v.boolean(),
});

export const Snapshot = v.object({
  accounts: v.array(AccountView),
  notices: v.array(Notice),
  /** The sign-in that is waiting for its user. */
  prompt: v.optional(SignInPrompt),
  settings: Settings,
  /** Whether this computer offers launching at login; where it does not, the setting is not shown. */
  canLaunchAtLogin: v.boolean(),
  /** False without a keyring: then "Remember on this computer" cannot be had. */
  canRemember: v.boolean(),
  version: v.string(),
});

const FieldView = v.object({
  id: v.string(),
  label: v.string(),
  secret: v.boolean(),
  hint: v.optional(v.string()),
  /** What a new account begins with. */
  initial: v.optional(v.string()),
  /** What it can be, where that is a choice of few. */
  options: v.optional(v.array(Option)),
  /** It may stay empty. */
  optional: v.optional(v.boolean()),
  /** Few change it: it stands with the keep-alive, out of the way. */
  advanced: v.optional(v.boolean()),
  /** It counts only where another field has this value. */
  onlyWith: v.optional(v.object({ field: v.string(), value: v.string() })),
});

export const SystemView = v.object({
  id: v.string(),
  name: v.string(),
  addressExample: v.string(),
  keepAliveMinutes: v.number(),
  methods: v.array(v.object({ id: v.string(), label: v.string(), fields: v.array(FieldView) })),
});

/** What can happen to a session, and the times in which it could not be kept alive. */
export const HappeningKind = v.picklist([
  'signed-in',
  'kept-alive',
  'renewed',
  'lost',
  'offline',
  'user-needed',
  'signed-out',
  'asleep',
  'closed',
]);

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What happened to an account in the last 30 days. Times are in milliseconds since 1970. */
export const ActivityView = v.object({
  /** Until when it is told. */
  until: v.number(),
  /** Which share of the time it was live; undefined where it was not to be. */
  uptime: v.object({
    day: v.optional(Share),
    week: v.optional(Share),
    month: v.optional(Share),
  }),
  /** For a picture, oldest first. Where there is none, nothing was to be kept alive. */
  stretches: v.array(
    v.object({
      condition: v.picklist(['live', 'offline', 'user-needed']),
      from: v.number(),
      to: v.number(),
    }),
  ),
  /** The last of what happened, newest first. */
  happenings: v.array(
    v.object({
      kind: HappeningKind,
      from: v.number(),
      to: v.number(),
      /** How many requests have kept it alive. */
      times: v.number(),
      reason: v.optional(v.string()),
    }),
  ),
});

/** What the form holds. When an account is edited, a secret left empty means "as stored". */
export const AccountForm = v.object({
  system: Id,
  name: v.pipe(v.string(), v.maxLength(200)),
  address: v.pipe(v.string(), v.maxLength(2000)),
  method: Id,
  values: Values,
  remember: v.boolean(),
  keepAliveMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(55)),
});

/** An account as the form shows it for editing: never with a secret. */
const EditableAccount = v.object({
  form: AccountForm,
  /** The ids of the secret fields for which something is stored. */
  storedSecrets: v.array(v.string()),
});

/** What went wrong, and beside which input it is to be said: a field's id, or one of `name`, `address`. */
const Problem = v.object({ message: v.string(), field: v.optional(v.string()) });

/** A result that the user can do something about; anything else is a rejected promise. */
const result = <T extends v.GenericSchema>(value: T) =>
  v.variant('ok', [
    v.object({ ok: v.literal(true), value }),
    v.object({ ok: v.literal(false), problem: Problem }),
  ]);

const request = <Q extends v.GenericSchema, A extends v.GenericSchema>(question: Q, answer: A) => ({
  question,
  answer,
});

export const requests = {
  snapshot: request(Nothing, Snapshot),
  systems: request(Nothing, v.array(SystemView)),
  /** Reads an address as typed, without any network: how it was understood, and whether it is unencrypted. */
  readAddress: request(
    v.object({ system: Id, address: Text }),
    result(v.object({ address: v.string(), insecure: v.boolean() })),
  ),

  /** What is wrong with a value that is not secret, while it is being typed. */
  checkField: request(
    v.object({ system: Id, method: Id, field: Id, value: Text }),
    v.optional(v.string()),
  ),

  /** Signs in; the account is kept only when that worked. */
  addAccount: request(AccountForm, result(v.object({ id: Id }))),
  /** Cancels the sign-in that `addAccount`, `saveAccount` or `signIn` is waiting for. */
  cancelSignIn: request(Nothing, Nothing),
  editableAccount: request(v.object({ id: Id }), EditableAccount),
  /** Saves the form, and signs in anew where what it takes to sign in was changed. */
  saveAccount: request(v.object({ id: Id, form: AccountForm }), result(Nothing)),
  removeAccount: request(v.object({ id: Id }), Nothing),

  /** With the stored credentials, where nothing is given. */
  signIn: request(v.object({ id: Id, values: v.optional(Values) }), result(Nothing)),
  signOut: request(v.object({ id: Id }), result(Nothing)),
  /** `renewed`: the session was gone, and there is another key now. */
  verify: request(v.object({ id: Id }), result(v.object({ renewed: v.boolean() }))),
  /** Puts the key on the clipboard, in one of the account's formats where one is named. */
  copy: request(
    v.object({ id: Id, format: v.optional(Id) }),
    result(v.object({ clearsInSeconds: v.number(), warning: v.optional(v.string()) })),
  ),
  /** What the account's key gives access to, by name; undefined where the system has no such list, or it was not asked for yet. */
  listing: request(
    v.object({ id: Id }),
    v.optional(v.object({ label: v.string(), items: v.array(v.string()) })),
  ),
  activity: request(v.object({ id: Id }), ActivityView),
  /** Puts what happened to an account on the clipboard, as a text for a support mail. */
  copyReport: request(v.object({ id: Id }), Nothing),
  /** Opens the page of the prompt in the browser. */
  openPromptPage: request(Nothing, Nothing),
  /** Puts the prompt's code on the clipboard. */
  copyPromptCode: request(Nothing, Nothing),
  openExplorer: request(v.object({ id: Id }), result(v.object({ message: v.string() }))),

  saveSettings: request(Settings, Nothing),
  dismissNotice: request(v.object({ id: Id }), Nothing),
  /** The height that the content needs, in CSS pixels. */
  fitPopup: request(
    v.object({ height: v.pipe(v.number(), v.minValue(1), v.maxValue(5000)) }),
    Nothing,
  ),
  /** While something typed is on screen, a closed popup is not dropped: whoever left to fetch a key finds the form as it was. */
  holdPopup: request(v.object({ hold: v.boolean() }), Nothing),
  closePopup: request(Nothing, Nothing),
  quit: request(Nothing, Nothing),
} as const;

/** What the main process asks the popup to show, beside snapshots. */
export const View = v.picklist(['accounts', 'add-account', 'settings']);

type Requests = typeof requests;
export type RequestName = keyof Requests;
export type Question<N extends RequestName> = v.InferOutput<Requests[N]['question']>;
export type Answer<N extends RequestName> = v.InferOutput<Requests[N]['answer']>;
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export type SessionState = v.InferOutput<typeof SessionState>;
export type AccountView = v.InferOutput<typeof AccountView>;
/** As much of an account as the tray shows. */
export type AccountBrief = Pick<AccountView, 'id' | 'name' | 'state' | 'hasKey'>;
export type HappeningKind = v.InferOutput<typeof HappeningKind>;
export type ActivityView = v.InferOutput<typeof ActivityView>;
export type Notice = v.InferOutput<typeof Notice>;
export type SignInPrompt = v.InferOutput<typeof SignInPrompt>;
export type Settings = v.InferOutput<typeof Settings>;
export type Snapshot = v.InferOutput<typeof Snapshot>;
export type SystemView = v.InferOutput<typeof SystemView>;
export type AccountForm = v.InferOutput<typeof AccountForm>;
export type EditableAccount = v.InferOutput<typeof EditableAccount>;
export type Problem = v.InferOutput<typeof Problem>;
export type View = v.InferOutput<typeof View>;

/** What the preload puts on `window.keyvigil`. */
export interface Bridge {
  request<N extends RequestName>(name: N, question: Question<N>): Promise<Answer<N>>;
  /** Calls `listener` with each new snapshot; the function it returns ends that. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  onView(listener: (view: View) => void): () => void;
}
