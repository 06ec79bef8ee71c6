/**
 * Everything that passes between the renderer and the main process: each request with the schemas of its question and its
 * answer, and the snapshot that follows every change. No answer holds a session key or a stored secret.
 */
import * as v from 'valibot';
import { Span } from '../activity/timeline.ts';
import { KEEP_ALIVE_MINUTES } from '../limits.ts';
import { wholeNumber } from '../schemas.ts';
import { ScriptAccess } from '../sessions/account.ts';
import { Prompt } from '../sessions/prompts.ts';
import { Rest } from '../sessions/rest.ts';
import { Settings } from '../storage/settings.ts';

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Text = v.pipe(v.string(), v.maxLength(10_000));
const MAX_VALUES = 50;
const Values = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), Text),
  v.check((values) => Object.keys(values).length <= MAX_VALUES, 'Too many values.'),
);
const Fact = v.object({ label: v.string(), value: v.string() });
const Option = v.object({ id: v.string(), label: v.string() });
const Nothing = v.void();

/** The words for these are in `state-words.ts`. */
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
  /** Why, if the state's word does not say enough: "The server refused this user name and password." */
  problem: v.optional(v.string()),
  /** There is a session key to copy. */
  hasKey: v.boolean(),
  /** The connection is not encrypted. */
  insecure: v.boolean(),
  /** When the server last accepted the key, and when the session began; milliseconds since 1970. */
  verifiedAt: v.optional(v.number()),
  since: v.optional(v.number()),
  /** When Keyvigil asks the server again; only while offline. */
  retryAt: v.optional(v.number()),
  /** Signing in needs nothing typed. */
  canSignInAlone: v.boolean(),
  remembered: v.boolean(),
  keepAliveMinutes: v.number(),
  /** When the session need not be kept alive; undefined for never. */
  rest: v.optional(Rest),
  /** It is not kept alive now. */
  isResting: v.boolean(),
  scripts: ScriptAccess,
  pinned: v.boolean(),
  /** What *Copy* copies, if not the key itself: one of `copyFormats`. */
  copyFormat: v.optional(Id),
  /** Who signs in: a user name or an email. */
  user: v.string(),
  facts: v.array(Fact),
  /** What can be copied now beside the key itself. */
  copyFormats: v.array(Option),
});

export const Notice = v.object({
  id: Id,
  text: v.string(),
  /** Other notices stay as long as they are true. */
  dismissible: v.boolean(),
});

export const Snapshot = v.object({
  accounts: v.array(AccountView),
  notices: v.array(Notice),
  /** At most one for each account. `expiresAt` is in milliseconds since 1970. */
  prompts: v.array(Prompt),
  settings: Settings,
  /** This computer can launch Keyvigil at login. */
  canLaunchAtLogin: v.boolean(),
  /** This installation updates itself, if its user and the computer's administrator let it. */
  canUpdate: v.boolean(),
  /** Secrets can be stored, so "Remember on this computer" is possible. */
  canRemember: v.boolean(),
  version: v.string(),
});

/** A `Field` of `systems/system.ts`, without what only the main process uses. */
const FieldView = v.object({
  id: v.string(),
  label: v.string(),
  secret: v.boolean(),
  hint: v.optional(v.string()),
  initial: v.optional(v.string()),
  options: v.optional(v.array(Option)),
  optional: v.optional(v.boolean()),
  advanced: v.optional(v.boolean()),
  localOnly: v.optional(v.boolean()),
  onlyWith: v.optional(v.object({ field: v.string(), value: v.string() })),
});

export const SystemView = v.object({
  id: v.string(),
  name: v.string(),
  addressExample: v.string(),
  addressMark: v.string(),
  keepAliveMinutes: v.number(),
  methods: v.array(v.object({ id: v.string(), label: v.string(), fields: v.array(FieldView) })),
});

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What happened to an account in the last 30 days. Times are in milliseconds since 1970. */
export const ActivityView = v.object({
  until: v.number(),
  /** The share of the time in which the session was live; undefined if it never had to be. */
  uptime: v.object({
    day: v.optional(Share),
    week: v.optional(Share),
    month: v.optional(Share),
  }),
  /** For the picture, oldest first. Gaps are times in which no session had to be live. */
  stretches: v.array(
    v.object({
      condition: v.picklist(['live', 'offline', 'user-needed']),
      from: v.number(),
      to: v.number(),
    }),
  ),
  /** The last few things that happened, newest first. */
  happenings: v.array(Span),
  /** How often scripts used the account today. */
  usesToday: v.number(),
});

/** What the user fills in. When an account is edited, an empty secret means "as stored". */
export const AccountForm = v.object({
  system: Id,
  name: v.pipe(v.string(), v.maxLength(200)),
  address: v.pipe(v.string(), v.maxLength(2000)),
  method: Id,
  values: Values,
  remember: v.boolean(),
  keepAliveMinutes: wholeNumber(KEEP_ALIVE_MINUTES),
  rest: v.optional(Rest),
});

/** An account for the form: never with a secret. */
const EditableAccount = v.object({
  form: AccountForm,
  /** The ids of the secret fields that have a stored value. */
  storedSecrets: v.array(v.string()),
});

/** What went wrong, and the input beside which to show it: a field's id, `name` or `address`. */
const Problem = v.object({ message: v.string(), field: v.optional(v.string()) });

/** What a check of a copied key found out, and did to the clipboard. */
const CopyCheck = v.picklist([
  'works',
  /** It had expired; the clipboard has the new key. */
  'replaced',
  /** It had expired; there is a new key, but something else was copied since. */
  'renewed',
  /** It had expired, there is no new key, and the clipboard no longer has the old one. */
  'expired',
  /** The server does not respond. */
  'unknown',
]);

/** An error here is one that the user can do something about; any other is a rejected promise. */
const result = <T extends v.GenericSchema>(value: T) =>
  v.variant('ok', [
    v.object({ ok: v.literal(true), value }),
    v.object({ ok: v.literal(false), error: Problem }),
  ]);

const request = <Q extends v.GenericSchema, A extends v.GenericSchema>(question: Q, answer: A) => ({
  question,
  answer,
});

const ImportedAccount = v.object({
  name: v.string(),
  address: v.string(),
  change: v.picklist(['new', 'known', 'unusable']),
  /** Why it cannot be used. */
  reason: v.optional(v.string()),
});

export const requests = {
  snapshot: request(Nothing, Snapshot),
  systems: request(Nothing, v.array(SystemView)),
  /** Reads an address as typed, without the network. */
  readAddress: request(
    v.object({ system: Id, method: Id, address: Text }),
    result(
      v.object({
        address: v.string(),
        insecure: v.boolean(),
        /** The method may sign in there only if the user trusts this host. */
        hostToTrust: v.optional(v.string()),
      }),
    ),
  ),
  /** Asks the server, without credentials, whether it is this system. */
  askServer: request(v.object({ system: Id, address: Text }), v.boolean()),
  /** What is wrong with a value that is not secret. */
  checkField: request(
    v.object({ system: Id, method: Id, field: Id, value: Text }),
    v.optional(v.string()),
  ),

  /** Signs in, and saves the account only if that works. The popup chooses the id, to be able to cancel. */
  addAccount: request(
    v.object({ id: v.pipe(v.string(), v.uuid()), form: AccountForm }),
    result(Nothing),
  ),
  /** Cancels the sign-in of this account that `addAccount`, `saveAccount` or `signIn` waits for. */
  cancelSignIn: request(v.object({ id: Id }), Nothing),
  editableAccount: request(v.object({ id: Id }), EditableAccount),
  /** Saves the form, after a new sign-in if the change needs one. */
  saveAccount: request(v.object({ id: Id, form: AccountForm }), result(Nothing)),
  /** Removes the account; for some seconds, `undoRemove` brings it back as it was. */
  removeAccount: request(v.object({ id: Id }), Nothing),
  undoRemove: request(v.object({ id: Id }), Nothing),
  /** Asks where, and writes all accounts into a file, without secrets. False if the user has cancelled. */
  exportAccounts: request(Nothing, v.boolean()),
  /** Asks for such a file, and says what it would add. No accounts if the user has cancelled. */
  chooseImport: request(Nothing, result(v.array(ImportedAccount))),
  /** Adds the new accounts of the file that was chosen last. @returns how many */
  importAccounts: request(Nothing, v.number()),

  /** Without `values`, with the stored credentials. */
  signIn: request(v.object({ id: Id, values: v.optional(Values) }), result(Nothing)),
  signOut: request(v.object({ id: Id }), result(Nothing)),
  /** `renewed`: the session had expired, and the key is a new one. */
  verify: request(v.object({ id: Id }), result(v.object({ renewed: v.boolean() }))),
  /** Copies the key, in the named format if there is one. `isChecking`: ask `copyCheck` whether it works. */
  copy: request(
    v.object({ id: Id, format: v.optional(Id) }),
    result(v.object({ clearsInSeconds: v.number(), isChecking: v.boolean() })),
  ),
  /** Answers when the last copied key of the account is checked. */
  copyCheck: request(v.object({ id: Id }), v.optional(CopyCheck)),
  /** What the account's key gives access to; undefined until *Verify now*, or if the system has no such list. */
  listing: request(
    v.object({ id: Id }),
    v.optional(v.object({ label: v.string(), items: v.array(v.string()) })),
  ),
  /** What *Copy* copies from now on; without a format, the key itself. */
  setCopyFormat: request(v.object({ id: Id, format: v.optional(Id) }), Nothing),
  pinAccount: request(v.object({ id: Id, pinned: v.boolean() }), Nothing),
  /** Moves an account before another one, or to the end. */
  moveAccount: request(v.object({ id: Id, before: v.optional(Id) }), Nothing),
  setScriptAccess: request(v.object({ id: Id, scripts: ScriptAccess }), Nothing),
  /** Copies the account's local address, which is a secret. */
  copyLocalAddress: request(
    v.object({ id: Id }),
    result(v.object({ clearsInSeconds: v.number() })),
  ),
  /** Replaces the account's local address. */
  renewLocalAddress: request(v.object({ id: Id }), Nothing),
  activity: request(v.object({ id: Id }), ActivityView),
  /** Copies what happened to an account, as text for a support mail; true if it did. */
  copyReport: request(v.object({ id: Id }), v.boolean()),
  /** Opens the page of the account's prompt again. */
  openPromptPage: request(v.object({ id: Id }), Nothing),
  copyPromptCode: request(v.object({ id: Id }), v.boolean()),
  /** `hostToConfirm`: nothing was opened or copied. Ask again with the user's word for this host. */
  openExplorer: request(
    v.object({ id: Id, confirmedHost: v.optional(v.string()) }),
    result(v.object({ message: v.optional(v.string()), hostToConfirm: v.optional(v.string()) })),
  ),

  /** Fails if this computer does not allow a change; then nothing has changed. */
  saveSettings: request(Settings, result(Nothing)),
  dismissNotice: request(v.object({ id: Id }), Nothing),
  /** Fits the window to its content, in CSS pixels. */
  fitPopup: request(
    v.object({ height: v.pipe(v.number(), v.minValue(1), v.maxValue(5000)) }),
    Nothing,
  ),
  /** Keeps the closed popup in memory, so that somebody who left to fetch an API key finds the form as it was. */
  keepPopupAlive: request(v.object({ keep: v.boolean() }), Nothing),
  closePopup: request(Nothing, Nothing),
  quit: request(Nothing, Nothing),
} as const;

type Requests = typeof requests;
export type RequestName = keyof Requests;
export type Question<N extends RequestName> = v.InferOutput<Requests[N]['question']>;
export type Answer<N extends RequestName> = v.InferOutput<Requests[N]['answer']>;
export type Result<T> = { ok: true; value: T } | { ok: false; error: Problem };

export type SessionState = v.InferOutput<typeof SessionState>;
export type AccountView = v.InferOutput<typeof AccountView>;
/** What the tray shows of an account. */
export type AccountBrief = Pick<AccountView, 'id' | 'name' | 'state' | 'hasKey'>;
export type ActivityView = v.InferOutput<typeof ActivityView>;
export type Notice = v.InferOutput<typeof Notice>;
export type { Prompt as SignInPrompt } from '../sessions/prompts.ts';
export type { ScriptAccess } from '../sessions/account.ts';
export type { Settings } from '../storage/settings.ts';
export type Snapshot = v.InferOutput<typeof Snapshot>;
export type SystemView = v.InferOutput<typeof SystemView>;
export type AccountForm = v.InferOutput<typeof AccountForm>;
export type EditableAccount = v.InferOutput<typeof EditableAccount>;
export type CopyCheck = v.InferOutput<typeof CopyCheck>;
export type ImportedAccount = v.InferOutput<typeof ImportedAccount>;
export type Problem = v.InferOutput<typeof Problem>;

/** *Add account* in the tray, or an account that the command `keyvigil open` named. */
export type WantedScreen =
  { readonly name: 'add-account' } | { readonly name: 'row' | 'details'; readonly id: string };

/** What the preload puts on `window.keyvigil`. */
export interface Bridge {
  request<N extends RequestName>(name: N, question: Question<N>): Promise<Answer<N>>;
  /** Calls `listener` with each new snapshot until the returned function is called. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Calls `listener` when something else than the user in the popup asks for a screen. */
  onShow(listener: (wanted: WantedScreen) => void): () => void;
}
