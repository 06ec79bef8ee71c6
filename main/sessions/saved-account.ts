import * as v from 'valibot';
import { KEEP_ALIVE_MINUTES } from '../limits.ts';
import { wholeNumber } from '../schemas.ts';
import type { Target } from '../systems/system.ts';
import { Rest } from './rest.ts';

const Values = v.record(v.string(), v.string());

/** What scripts may do with an account's session. Nothing until the user allows it. */
export const ScriptAccess = v.object({
  mayUseCommand: v.boolean(),
  /** `write`: requests may change data. */
  localAddress: v.picklist(['off', 'read', 'write']),
});
export type ScriptAccess = v.InferOutput<typeof ScriptAccess>;
export const NO_SCRIPTS: ScriptAccess = { mayUseCommand: false, localAddress: 'off' };

/** One saved way to sign in to one server. It is stored in the clear, so it contains no secret. */
export const SavedAccount = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  name: v.string(),
  system: v.string(),
  method: v.string(),
  /** As returned by the system's `readAddress`. */
  address: v.pipe(v.string(), v.url()),
  /** The method's fields that are not secret. */
  values: Values,
  /** What the last sign-in found out about the server. */
  learned: Values,
  remember: v.boolean(),
  keepAliveMinutes: wholeNumber(KEEP_ALIVE_MINUTES),
  /** When the session may rest; undefined for never. */
  rest: v.optional(Rest),
  /** Whether the user wants a session. False from a sign-out until the next sign-in. */
  wanted: v.boolean(),
  scripts: v.optional(ScriptAccess, NO_SCRIPTS),
  /** Shown before the other accounts. */
  pinned: v.optional(v.boolean(), false),
  /** What *Copy* copies, by the format's id; empty for the key itself. */
  copyFormat: v.optional(v.string(), ''),
  /** Milliseconds since 1970. */
  lastCopiedAt: v.optional(v.number(), 0),
  /** Set if the account comes from the administrator's file. */
  managed: v.optional(
    v.object({
      /** The ids of the fields that the administrator has set. */
      fields: v.array(v.string()),
      /** Since when the account is no longer in the file; milliseconds since 1970. */
      goneSince: v.optional(v.number()),
    }),
  ),
});
export type SavedAccount = v.InferOutput<typeof SavedAccount>;

/** The parts of an account that its form does not contain. */
type Choices = Pick<SavedAccount, 'scripts' | 'pinned' | 'copyFormat' | 'lastCopiedAt' | 'managed'>;
export const NO_CHOICES: Choices = {
  scripts: NO_SCRIPTS,
  pinned: false,
  copyFormat: '',
  lastCopiedAt: 0,
};

export function choicesOf(account: SavedAccount): Choices {
  const { scripts, pinned, copyFormat, lastCopiedAt, managed } = account;
  return { scripts, pinned, copyFormat, lastCopiedAt, ...(managed && { managed }) };
}

/** A session key and what is known about it. Times are in the clock's milliseconds. */
export const SessionKey = v.object({
  /** Only characters that the services use in keys, because keys are pasted into commands and addresses. */
  key: v.pipe(v.string(), v.regex(/^[\w\-.~+/=]+$/), v.maxLength(10_000)),
  since: v.number(),
  /** When the server last accepted the key. */
  verifiedAt: v.number(),
  facts: v.array(v.object({ label: v.string(), value: v.string() })),
});
export type SessionKey = v.InferOutput<typeof SessionKey>;

/** What the vault stores for one account. */
export const Secrets = v.object({
  /** The account that these secrets belong to, from `ownerOf`. They are never used for another. */
  owner: v.string(),
  /** The method's secret fields. */
  values: Values,
  /** The server refused these values. Keyvigil never sends them again, so the user must type them. */
  isRefused: v.boolean(),
  /** Logins in a row whose answer never came. */
  unansweredLogins: v.number(),
  sessionKey: v.optional(SessionKey),
  /** The secret part of the account's local address. */
  localToken: v.optional(v.string()),
});
export type Secrets = v.InferOutput<typeof Secrets>;

/** What a client must know of an account. */
export const targetOf = ({ address, method, values, learned }: SavedAccount): Target => ({
  address,
  methodId: method,
  values,
  learned,
});
