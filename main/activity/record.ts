/** What happened to an account, as a list of entries. Times are milliseconds of the clock's `now()`. */
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import { cutText } from '../cut-text.ts';
import { sessionKeyOf, type Session } from '../sessions/session.ts';
import { redact } from '../systems/redact.ts';

export const MAX_DAYS = 30;
/** The limit for one account. Only a server that fails many times a day reaches it, in about two days. */
export const MAX_ENTRIES = 400;
/** The limit for all accounts together, because one file contains them all. */
const MAX_ENTRIES_OF_ALL = 50_000;
export const MAX_PAUSES = 500;
const MAX_REASON_LENGTH = 200;
/** One outage may have many reasons in a row. These must not push older entries out of the list. */
const MAX_REASONS_IN_A_ROW = 4;

/** What can happen to a session. An entry lasts until the next one begins. */
export const ENTRY_KINDS = [
  'signed-in',
  'kept-alive',
  'renewed',
  'expired',
  'offline',
  'user-needed',
  'signed-out',
] as const;
/** Why no session could be kept alive: the computer slept, or Keyvigil was not running. */
export const PAUSE_KINDS = ['asleep', 'closed'] as const;

export interface Happening {
  readonly kind: (typeof ENTRY_KINDS)[number];
  /** How many requests verified the session. Keep-alives in a row are one entry. */
  readonly times: number;
  /** A sentence without secrets. */
  readonly reason?: string | undefined;
}

export interface Entry extends Happening {
  readonly from: number;
}

/** A time in which no account could be kept alive. */
export interface Pause {
  readonly kind: (typeof PAUSE_KINDS)[number];
  readonly from: number;
  readonly to: number;
}

/** What to record about a change of the session; undefined for nothing. */
export function happening(before: Session, now: Session): Happening | undefined {
  const keyBefore = sessionKeyOf(before);
  switch (now.state) {
    case 'live': {
      const { key, since, verifiedAt } = now.sessionKey;
      if (keyBefore?.key === key && keyBefore.since === since) {
        return { kind: 'kept-alive', times: keyBefore.verifiedAt === verifiedAt ? 0 : 1 };
      }
      const isSilent = before.state === 'renewing' || before.state === 'offline';
      return { kind: isSilent ? 'renewed' : 'signed-in', times: 0 };
    }
    case 'renewing':
      return keyBefore && !now.sessionKey ? { kind: 'expired', times: 0 } : undefined;
    case 'offline':
      return withReason('offline', now.problem);
    case 'sign-in-needed':
      return withReason('user-needed', now.problem);
    case 'signed-out':
      return withReason('signed-out', now.problem);
    case 'signing-in':
      return undefined;
  }
}

function withReason(kind: Happening['kind'], problem: string | undefined): Happening {
  return { kind, times: 0, reason: problem && cutText(redact(problem), MAX_REASON_LENGTH) };
}

export const isLive = (kind: Entry['kind'] | Pause['kind']): boolean =>
  kind === 'signed-in' || kind === 'kept-alive' || kind === 'renewed';

/** How many entries each account may have. */
export const maxEntries = (accounts: number): number =>
  Math.min(MAX_ENTRIES, Math.ceil(MAX_ENTRIES_OF_ALL / Math.max(1, accounts)));

/**
 * Adds a happening to the entries of an account, which run from the oldest to the newest. Ignores what the last entry already says,
 * and counts a keep-alive in the last entry.
 * @param resumedAt the end of the last pause: keep-alives after it are counted in a new entry
 * @param max how many entries are kept
 */
export function append(
  entries: readonly Entry[],
  news: Happening,
  at: number,
  { resumedAt = -Infinity, max = MAX_ENTRIES } = {},
): readonly Entry[] {
  const last = entries.at(-1);
  if (last === undefined) return [{ ...news, from: at }];
  const { kind, times } = news;
  const isSame = last.kind === kind && last.reason === news.reason;
  if (isSame && !isLive(kind)) return entries;
  if (kind === 'kept-alive' && times === 0 && isLive(last.kind)) return entries;
  if (kind === 'kept-alive' && isSame && last.from >= resumedAt) {
    return entries.with(-1, { ...last, times: last.times + times });
  }
  const reasons = entries.slice(-MAX_REASONS_IN_A_ROW).filter((entry) => entry.kind === 'offline');
  if (kind === 'offline' && reasons.length === MAX_REASONS_IN_A_ROW) {
    return entries.with(-1, { ...news, from: last.from });
  }
  const from = Math.max(at, last.from);
  return recent([...entries, { ...news, from }], from, max);
}

/** Drops entries that ended too long ago, and the oldest if there are too many. */
export function recent(entries: readonly Entry[], now: number, max: number): readonly Entry[] {
  const oldest = entries.findLastIndex(({ from }) => from <= now - MAX_DAYS * DAY_MS);
  return entries.slice(Math.max(0, oldest)).slice(-max);
}

/** Adds a pause to the pauses, oldest first. */
export function addPause(pauses: readonly Pause[], { kind, from, to }: Pause): readonly Pause[] {
  const last = pauses.at(-1);
  const start = Math.max(from, last?.to ?? from);
  // A sleep of less than a minute ends no session.
  if (to <= start || (kind === 'asleep' && to - start < MINUTE_MS)) return pauses;
  // A sleeping computer sometimes wakes by itself for a few seconds. Count that as one sleep.
  if (kind === 'asleep' && last?.kind === 'asleep' && start - last.to < MINUTE_MS) {
    return pauses.with(-1, { ...last, to });
  }
  return [...pauses, { kind, from: start, to }]
    .slice(-MAX_PAUSES)
    .filter((pause) => pause.to > to - MAX_DAYS * DAY_MS);
}
