/** What happened to a session, as people are told later: pure data and rules. */
import { MINUTE_MS } from '../clock.ts';
import { redact } from '../systems/redact.ts';
import { heldBy, type Session } from './session.ts';

export const DAY_MS = 24 * 60 * MINUTE_MS;
export const KEPT_DAYS = 30;
/** For each account. A server that comes and goes all day fills this in two days; most never do in thirty. */
export const MOST_ENTRIES = 400;
/** For all accounts: they are written together. */
const MOST_ENTRIES_OF_ALL = 50_000;
/** For all accounts together. */
export const MOST_PAUSES = 500;
const MOST_REASON_LENGTH = 200;
/** An outage may have one reason after another, but is not to push out all that was before it. */
const MOST_REASONS_IN_A_ROW = 4;

/** Each lasts until the next. */
export const ENTRY_KINDS = [
  'signed-in',
  'kept-alive',
  'renewed',
  'lost',
  'offline',
  'user-needed',
  'signed-out',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Times in which no session could be kept alive: the machine slept, or Keyvigil was not running. */
export const PAUSE_KINDS = ['asleep', 'closed'] as const;
export type PauseKind = (typeof PAUSE_KINDS)[number];

export interface Happening {
  readonly kind: EntryKind;
  /** How many requests have proved the session; keep-alives in a row are one entry. */
  readonly times: number;
  /** In a sentence, without secrets. */
  readonly reason?: string;
}

/** Times are those of the clock's `now()`, in milliseconds. */
export interface Entry extends Happening {
  readonly from: number;
}

/** Of all accounts alike, and so not among the entries of each. */
export interface Pause {
  readonly kind: PauseKind;
  readonly from: number;
  readonly to: number;
}

/** A part of an account's timeline: they follow one another without gaps. */
export interface Span {
  readonly kind: EntryKind | PauseKind;
  readonly from: number;
  readonly to: number;
  readonly times: number;
  readonly reason?: string;
}

/** What it means that a session has become another, if it means anything to people. */
export function happening(before: Session, now: Session): Happening | undefined {
  const held = heldBy(before);
  switch (now.state) {
    case 'live': {
      if (held?.since !== now.held.since || held.key !== now.held.key) {
        const isSilent = before.state === 'renewing' || before.state === 'offline';
        return { kind: isSilent ? 'renewed' : 'signed-in', times: 0 };
      }
      return { kind: 'kept-alive', times: held.verifiedAt === now.held.verifiedAt ? 0 : 1 };
    }
    case 'renewing': {
      const wasHeld = held && (before.state === 'live' || before.state === 'offline');
      const isDropped = held && before.state === 'renewing' && !now.held;
      return wasHeld || isDropped ? { kind: 'lost', times: 0 } : undefined;
    }
    case 'offline':
      return because('offline', now.problem);
    case 'sign-in-needed':
      return because('user-needed', now.problem);
    case 'signed-out':
      return because('signed-out', now.problem);
    case 'signing-in':
      return undefined;
  }
}

function because(kind: EntryKind, problem: string | undefined): Happening {
  if (problem === undefined) return { kind, times: 0 };
  return { kind, times: 0, reason: redact(problem).slice(0, MOST_REASON_LENGTH) };
}

/** How many entries each of so many accounts may have. */
export function mostEntries(accounts: number): number {
  return Math.min(MOST_ENTRIES, Math.ceil(MOST_ENTRIES_OF_ALL / Math.max(1, accounts)));
}

/**
 * The entries of an account after something more has happened, oldest first.
 * @param resumedAt when the last pause ended: what is counted is counted anew from there
 * @param most how many there may be
 */
export function noted(
  entries: readonly Entry[],
  news: Happening,
  at: number,
  { resumedAt = -Infinity, most = MOST_ENTRIES } = {},
): readonly Entry[] {
  const last = entries.at(-1);
  if (last === undefined) return [{ ...news, from: at }];
  const from = Math.max(at, last.from);
  switch (news.kind) {
    case 'kept-alive':
      if (news.times === 0 && isLive(last.kind)) return entries;
      if (last.kind === 'kept-alive' && last.from >= resumedAt) {
        return entries.with(-1, { ...last, times: last.times + news.times });
      }
      break;
    case 'offline':
      if (last.kind === 'offline' && last.reason === news.reason) return entries;
      if (
        entries.findLastIndex(({ kind }) => kind !== 'offline') + MOST_REASONS_IN_A_ROW <
        entries.length
      ) {
        return entries.with(-1, { ...news, from: last.from });
      }
      break;
    case 'lost':
    case 'user-needed':
    case 'signed-out':
      if (last.kind === news.kind && last.reason === news.reason) return entries;
      break;
    case 'signed-in':
    case 'renewed':
      break;
  }
  return recent([...entries, { ...news, from }], from, most);
}

/** Without what is too old or too much, the oldest first; what began long ago and still lasts stays. */
export function recent(entries: readonly Entry[], now: number, most: number): readonly Entry[] {
  const old = now - KEPT_DAYS * DAY_MS;
  let first = Math.max(0, entries.length - most);
  while (first + 1 < entries.length && entries[first + 1]!.from <= old) first++;
  return first === 0 ? entries : entries.slice(first);
}

/** The pauses with one more. Naps too short for any session to notice are none. */
export function paused(pauses: readonly Pause[], news: Pause): readonly Pause[] {
  const last = pauses.at(-1);
  const from = Math.max(news.from, last?.to ?? news.from);
  const { kind, to } = news;
  if (to <= from || (kind === 'asleep' && to - from < MINUTE_MS)) return pauses;
  // A machine that wakes up for a few seconds, and by itself, sleeps on.
  if (last?.kind === kind && kind === 'asleep' && from - last.to < MINUTE_MS) {
    return pauses.with(-1, { ...last, to });
  }
  const old = to - KEPT_DAYS * DAY_MS;
  return [...pauses, { kind, from, to }].slice(-MOST_PAUSES).filter((pause) => pause.to > old);
}

export function isLive(kind: Span['kind']): boolean {
  return kind === 'signed-in' || kind === 'kept-alive' || kind === 'renewed';
}

/** All that happened to an account until `now`, oldest first: its entries, with the pauses in their places. */
export function timeline(
  entries: readonly Entry[],
  pauses: readonly Pause[],
  now: number,
): readonly Span[] {
  const spans: Span[] = [];
  /** Goes on after a pause as it was before. */
  const add = (span: Span, goesOn: boolean) => {
    const last = spans.at(-1);
    if (goesOn && span.from === span.to) return;
    if (span.kind === 'kept-alive' && last?.kind === 'kept-alive') {
      spans[spans.length - 1] = { ...span, from: last.from, times: last.times + span.times };
    } else {
      spans.push(span);
    }
  };
  const starts = startsOf(entries, pauses, now);
  let next = pauses.findIndex(({ to }) => to > (starts[0] ?? Infinity));
  if (next < 0) next = pauses.length;
  entries.forEach(({ from: _from, ...entry }, index) => {
    const end = starts[index + 1] ?? now;
    let from = starts[index]!;
    let piece: Happening = entry;
    let goesOn = false;
    for (let pause = pauses[next]; pause && pause.to <= end; pause = pauses[++next]) {
      // Whoever has signed out misses nothing while the machine sleeps.
      if (entry.kind === 'signed-out') continue;
      add({ ...piece, from, to: pause.from }, goesOn);
      spans.push({ ...pause, times: 0 });
      from = pause.to;
      goesOn = true;
      piece = { ...entry, times: 0, kind: isLive(entry.kind) ? 'kept-alive' : entry.kind };
    }
    add({ ...piece, from, to: end }, goesOn);
  });
  return spans;
}

/** When each entry began to count: what was found in the middle of a pause counts from its end. */
function startsOf(entries: readonly Entry[], pauses: readonly Pause[], now: number): number[] {
  let next = 0;
  return entries.map(({ from }) => {
    while (next < pauses.length && pauses[next]!.to <= from) next++;
    const pause = pauses[next];
    return Math.min(pause && pause.from < from ? pause.to : from, now);
  });
}

/**
 * How much of the time from `from` to `to` the session was live: of that time alone in which Keyvigil was running, the machine
 * awake, and the user not signed out. Undefined where that is none.
 */
export function uptime(spans: readonly Span[], from: number, to: number): number | undefined {
  let live = 0;
  let all = 0;
  for (const span of spans) {
    if (span.kind === 'asleep' || span.kind === 'closed' || span.kind === 'signed-out') continue;
    const lasted = Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
    all += lasted;
    if (isLive(span.kind)) live += lasted;
  }
  return all > 0 ? live / all : undefined;
}
