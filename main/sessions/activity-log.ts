import { MINUTE_MS, type Clock } from '../clock.ts';
import {
  happening,
  mostEntries,
  noted,
  paused,
  recent,
  timeline,
  type Entry,
  type Pause,
  type Span,
} from './activity.ts';
import type { KeptAccount } from './kept-account.ts';
import type { Witness } from './keeper.ts';
import type { Session } from './session.ts';

/** All that is kept of what happened. */
export interface Activity {
  /** Until then, Keyvigil is known to have been running. */
  readonly until: number;
  readonly pauses: readonly Pause[];
  /** The entries of each account, by its id. */
  readonly accounts: ReadonlyMap<string, readonly Entry[]>;
}

/** Where it is stored; there, times are those of the wall clock. */
export interface ActivityStore {
  /** Undefined where nothing is stored. */
  load(): Activity | undefined;
  /** @param ahead how far the wall clock is ahead of the times given */
  save(activity: Activity, ahead: number): void;
}

/** What happened to an account, in times of the wall clock. */
export interface Told {
  /** Now. */
  readonly until: number;
  /** Oldest first. */
  readonly spans: readonly Span[];
  /** So much happened that the oldest of it is no longer kept. */
  readonly isCut: boolean;
}

export interface ActivityLogParts {
  /** Called when there is something to note, or to tell, for the first time: no start waits for it. */
  readonly open: () => ActivityStore;
  readonly clock: Clock;
  /** Told where it could not be stored. */
  readonly report: (error: unknown) => void;
}

/** News wait for so long, so that many are written at once. */
const SAVE_AFTER_MS = MINUTE_MS;
/** One write may have taken long for no reason of its own: the machine slept in it. */
const MOST_SAVE_AFTER_MS = 60 * MINUTE_MS;
/** A thousand accounts take long to write: that is not to take more than this part of the time. */
const MOST_TIME_SAVING = 1 / 500;

/**
 * Keeps what happened to each account. It is written whole, at most once a minute and at the end: a crash loses what happened in
 * the last minute, and the time since the last writing then counts as one in which Keyvigil was not running.
 */
export class ActivityLog implements Witness {
  readonly #parts: ActivityLogParts;
  readonly #startedAt: number;
  #store: ActivityStore | undefined;
  #pauses: readonly Pause[] = [];
  readonly #accounts = new Map<string, readonly Entry[]>();
  #saveAfterMs = SAVE_AFTER_MS;
  #cancelSaving: (() => void) | undefined;

  constructor(parts: ActivityLogParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
  }

  became({ account: { id }, session }: KeptAccount, before: Session): void {
    const news = happening(before, session);
    if (news === undefined) return;
    this.#load();
    const entries = this.#accounts.get(id) ?? [];
    const resumedAt = this.#pauses.at(-1)?.to;
    const most = mostEntries(this.#accounts.size);
    const at = this.#parts.clock.now();
    this.#accounts.set(id, noted(entries, news, at, { resumedAt, most }));
    this.#saveSoon();
  }

  slept(from: number, to: number): void {
    this.#load();
    this.#pauses = paused(this.#pauses, { kind: 'asleep', from, to });
    this.#saveSoon();
  }

  removed(id: string): void {
    this.#load();
    if (this.#accounts.delete(id)) this.#save();
  }

  of(id: string): Told {
    this.#load();
    const { clock } = this.#parts;
    const now = clock.now();
    const ahead = clock.wall() - now;
    const entries = this.#accounts.get(id) ?? [];
    const spans = timeline(entries, this.#pauses, now).map((span) => ({
      ...span,
      from: span.from + ahead,
      to: span.to + ahead,
    }));
    return { until: now + ahead, spans, isCut: entries.length >= mostEntries(this.#accounts.size) };
  }

  /** Keyvigil ends. */
  stop(): void {
    try {
      this.#load();
      if (this.#accounts.size > 0) this.#save();
    } catch (error) {
      this.#parts.report(error);
    }
  }

  #load(): void {
    if (this.#store) return;
    this.#store = this.#parts.open();
    const stored = this.#store.load();
    if (stored === undefined) return;
    // Where the wall clock was set back meanwhile, all that is stored lies before now nevertheless.
    const behind = Math.min(0, this.#startedAt - stored.until);
    const { until, pauses, accounts } = shifted(stored, behind);
    const closed: Pause = { kind: 'closed', from: until, to: this.#startedAt };
    // A file may hold anything that fits its schema: what follows relies on the order.
    this.#pauses = [...pauses, closed].reduce(paused, []);
    for (const [id, entries] of accounts) {
      const inOrder = entries.toSorted((a, b) => a.from - b.from);
      this.#accounts.set(id, recent(inOrder, this.#startedAt, mostEntries(accounts.size)));
    }
  }

  #saveSoon(): void {
    this.#cancelSaving ??= this.#parts.clock.setTimer(this.#saveAfterMs, () => this.#save());
  }

  #save(): void {
    this.#cancelSaving?.();
    this.#cancelSaving = undefined;
    const { clock, report } = this.#parts;
    const until = clock.now();
    const activity = { until, pauses: this.#pauses, accounts: this.#accounts };
    try {
      this.#store?.save(activity, clock.wall() - until);
    } catch (error) {
      report(error);
    }
    const saveAfterMs = (clock.now() - until) / MOST_TIME_SAVING;
    this.#saveAfterMs = Math.min(Math.max(SAVE_AFTER_MS, saveAfterMs), MOST_SAVE_AFTER_MS);
  }
}

/** The same, so many milliseconds later. */
export function shifted({ until, pauses, accounts }: Activity, by: number): Activity {
  const later = (entries: readonly Entry[]) =>
    entries.map((entry) => ({ ...entry, from: entry.from + by }));
  return {
    until: until + by,
    pauses: pauses.map((pause) => ({ ...pause, from: pause.from + by, to: pause.to + by })),
    accounts: new Map([...accounts].map(([id, entries]) => [id, later(entries)])),
  };
}
