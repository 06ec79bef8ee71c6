/** The schemas of requests, answers and snapshots, and types of the same names. No schema has a place for a session key. */
import * as v from 'valibot';
import { Span } from '../activity/timeline.ts';
import { KEEP_ALIVE_MINUTES } from '../limits.ts';
import { locales } from '../messages/index.ts';
import { wholeNumber } from '../schemas.ts';
import { ScriptAccess } from '../sessions/saved-account.ts';
import { Prompt } from '../sessions/prompts.ts';
import { Rest } from '../sessions/rest.ts';
import { Settings } from '../storage/settings.ts';

export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
export const Text = v.pipe(v.string(), v.maxLength(10_000));
/** A text of an account, in the form and in a file of accounts. */
export const ShortText = v.pipe(v.string(), v.maxLength(2000));
const MAX_VALUES = 50;
export const Values = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), Text),
  v.check((values) => Object.keys(values).length <= MAX_VALUES, 'Too many values.'),
);
export const Fact = v.object({ label: v.string(), value: v.string() });
export const Option = v.object({ id: v.string(), label: v.string() });
export const CopyFormat = v.object({
  ...Option.entries,
  /** The user must confirm this warning before the text is copied. */
  warning: v.optional(v.string()),
});
export const Nothing = v.void();

/** The words for these states are in `state-words.ts`. */
export const SessionState = v.picklist([
  'signed-out',
  'signing-in',
  'live',
  'renewing',
  'offline',
  'sign-in-needed',
]);

export const Stretch = v.object({
  condition: v.picklist(['live', 'offline', 'user-needed']),
  from: v.number(),
  to: v.number(),
});

export const AccountView = v.object({
  id: Id,
  name: v.string(),
  systemName: v.string(),
  methodLabel: v.string(),
  address: v.string(),
  state: SessionState,
  /** Why the account is in its state: "The server refused this user name and password." */
  problem: v.optional(v.string()),
  hasKey: v.boolean(),
  /** The connection is not encrypted. */
  isInsecure: v.boolean(),
  /** When the server last accepted the key, and when the session began; milliseconds since 1970. */
  verifiedAt: v.optional(v.number()),
  since: v.optional(v.number()),
  /** When Keyvigil sends the next request; only while offline. */
  retryAt: v.optional(v.number()),
  /** Every field that a sign-in needs has a value. */
  canSignInAlone: v.boolean(),
  isRemembered: v.boolean(),
  keepAliveMinutes: v.number(),
  /** When the session may rest; undefined for never. */
  rest: v.optional(Rest),
  /** The session is not kept alive, because nobody needs it now. */
  isResting: v.boolean(),
  scripts: ScriptAccess,
  pinned: v.boolean(),
  /** The account comes from the administrator's file, so the user cannot rename or remove it. */
  isManaged: v.boolean(),
  /** What *Copy* copies: one of `copyFormats`; undefined for the key itself. */
  copyFormat: v.optional(Id),
  /** Who signs in: a user name or an email. */
  user: v.string(),
  facts: v.array(Fact),
  /** The formats that can be copied now, other than the key itself. */
  copyFormats: v.array(CopyFormat),
  /** The last 24 hours, oldest first. A stretch that still lasts has no end. */
  lastDay: v.array(v.object({ ...Stretch.entries, to: v.optional(v.number()) })),
});

export const Notice = v.object({
  id: Id,
  text: v.string(),
  /** The user may close it. Other notices stay as long as they are true. */
  dismissible: v.boolean(),
});

export const Snapshot = v.object({
  accounts: v.array(AccountView),
  notices: v.array(Notice),
  /** At most one for each account. `expiresAt` is in milliseconds since 1970. */
  prompts: v.array(Prompt),
  settings: Settings,
  /** The language on screen. */
  locale: v.picklist(locales),
  /** This computer can launch Keyvigil at login. */
  canLaunchAtLogin: v.boolean(),
  /** This installation updates itself, if the user and the computer's administrator allow it. */
  canUpdate: v.boolean(),
  /** Secrets can be stored, so "Remember on this computer" is possible. */
  canRemember: v.boolean(),
  version: v.string(),
});

/** A `Field` of `systems/system.ts`, without what only the main process uses. */
export const FieldView = v.object({
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

export const KnownValues = v.record(Id, v.record(Id, v.array(v.string())));

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What happened to an account in the last 30 days. Times are in milliseconds since 1970. */
export const ActivityView = v.object({
  until: v.number(),
  /** The share of the time in which the session was live; undefined if it never had to be live. */
  uptime: v.object({
    day: v.optional(Share),
    week: v.optional(Share),
    month: v.optional(Share),
  }),
  /** For the picture, oldest first. Gaps are times in which no session had to be live. */
  stretches: v.array(Stretch),
  /** The last few things that happened, newest first. */
  happenings: v.array(Span),
  /** How often scripts used the account today. */
  usesToday: v.number(),
});

/** What the user fills in. When an account is edited, an empty secret means "as stored". */
export const AccountForm = v.object({
  system: Id,
  name: ShortText,
  address: ShortText,
  method: Id,
  values: Values,
  remember: v.boolean(),
  keepAliveMinutes: wholeNumber(KEEP_ALIVE_MINUTES),
  rest: v.optional(Rest),
});

/** An account for the form, without its secrets. */
export const EditableAccount = v.object({
  form: AccountForm,
  /** The ids of the secret fields that have a stored value. */
  storedSecrets: v.array(v.string()),
  /** The ids of the fields that the administrator has set; undefined for the user's own account. */
  managedFields: v.optional(v.array(v.string())),
});

/** What went wrong, and the input beside which to show it: a field's id, `name` or `address`. */
export const Problem = v.object({ message: v.string(), field: v.optional(v.string()) });

/** What the check of a copied key found, and what it did to the clipboard. */
export const CopyCheck = v.picklist([
  'works',
  /** The key had expired. The clipboard has the new key. */
  'replaced',
  /** The key had expired. There is a new key, but the clipboard no longer had the old one, so the new key was not copied. */
  'renewed',
  /** The key had expired, and there is no new key. The clipboard no longer has the old key. */
  'expired',
  /** The server does not respond. */
  'unknown',
]);

export const ImportedAccount = v.object({
  name: v.string(),
  address: v.string(),
  change: v.picklist(['new', 'known', 'unusable']),
  /** Why the account cannot be used. */
  reason: v.optional(v.string()),
});

export const About = v.object({
  version: v.string(),
  runtime: v.string(),
  platform: v.string(),
  /** The licences of the packages that ship. */
  licenses: v.array(v.object({ name: v.string(), text: v.string() })),
});

export const ProductPage = v.picklist(['homepage', 'documentation', 'problems']);

export type About = v.InferOutput<typeof About>;
export type SessionState = v.InferOutput<typeof SessionState>;
export type AccountView = v.InferOutput<typeof AccountView>;
/** What the tray shows of an account. */
export type AccountBrief = Pick<AccountView, 'id' | 'name' | 'state' | 'hasKey'>;
export type ActivityView = v.InferOutput<typeof ActivityView>;
export type Notice = v.InferOutput<typeof Notice>;
export type Snapshot = v.InferOutput<typeof Snapshot>;
export type SystemView = v.InferOutput<typeof SystemView>;
export type AccountForm = v.InferOutput<typeof AccountForm>;
export type EditableAccount = v.InferOutput<typeof EditableAccount>;
export type CopyCheck = v.InferOutput<typeof CopyCheck>;
export type ImportedAccount = v.InferOutput<typeof ImportedAccount>;
export type Problem = v.InferOutput<typeof Problem>;
export type { Prompt as SignInPrompt } from '../sessions/prompts.ts';
export type { ScriptAccess } from '../sessions/saved-account.ts';
export type { Settings } from '../storage/settings.ts';
