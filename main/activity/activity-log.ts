import { DAY_MS, MINUTE_MS, type Clock } from '../clock.ts';
import type { Session } from '../sessions/session.ts';
import {
  addPause,
  append,
  happening,
  MAX_DAYS,
  maxEntries,
  recent,
  type Entry,
  type Pause,
} from './record.ts';
import { toSpans, type Timeline } from './timeline.ts';
import { addUse, localDay, usesOn, usesSince, type DailyUses } from './uses.ts';

export interface Activity {
  /** When Keyvigil last saved the log. Keyvigil may have run a little longer. */
  readonly until: number;
  readonly pauses: readonly Pause[];
  /** Entries by the account's id. */
  readonly accounts: ReadonlyMap<string, readonly Entry[]>;
  /** How often scripts used each account, by its id. */
  readonly uses: ReadonlyMap<string, readonly DailyUses[]>;
}

export interface ScriptUses {
  readonly today: number;
  /** The uses of the last 30 days. */
  readonly all: number;
}

/** Stored times are the wall clock's, so that they mean the same after a restart. */
export interface ActivityStore {
  /** Undefined if nothing is stored. */
  load(): Activity | undefined;
  save(activity: Activity): void;
}

export interface ActivityDeps {
  /** Called when the log is first used, so that the start does not wait for the file. */
  readonly open: () => ActivityStore;
  readonly clock: Clock;
  /** Called with an error if the log could not be saved. */
  readonly logError: (error: unknown) => void;
}

interface Observed {
  readonly saved: { readonly id: string };
  readonly session: Session;
}

const NO_ENTRIES: readonly Entry[] = [];
const SAVE_AFTER_MS = MINUTE_MS;

/**
 * Records what happened to each account. Saves a minute after a change, after a removal, and at the end. After a crash, the
 * time since the last save counts as time in which Keyvigil did not run.
 */
export class ActivityLog {
  readonly #deps: ActivityDeps;
  readonly #startedAt: number;
  #store: ActivityStore | undefined;
  #pauses: readonly Pause[] = [];
  readonly #accounts = new Map<string, readonly Entry[]>();
  readonly #uses = new Map<string, readonly DailyUses[]>();
  #cancelTimer: (() => void) | undefined;

  constructor(deps: ActivityDeps) {
    this.#deps = deps;
    this.#startedAt = deps.clock.now();
  }

  changed({ saved: { id }, session }: Observed, before: Session): void {
    const news = happening(before, session);
    if (news === undefined) return;
    this.#load();
    const resumedAt = this.#pauses.at(-1)?.to;
    const max = maxEntries(this.#accounts.size);
    const entries = this.#accounts.get(id) ?? [];
    this.#accounts.set(id, append(entries, news, this.#deps.clock.now(), { resumedAt, max }));
    this.#saveSoon();
  }

  slept(from: number, to: number): void {
    this.#load();
    this.#pauses = addPause(this.#pauses, { kind: 'asleep', from, to });
    this.#saveSoon();
  }

  /** A script used the account. */
  used(id: string): void {
    this.#load();
    this.#uses.set(id, addUse(this.#uses.get(id) ?? [], this.#today));
    this.#saveSoon();
  }

  removed(id: string): void {
    this.#load();
    const [hadUses, hadEntries] = [this.#uses.delete(id), this.#accounts.delete(id)];
    if (hadUses || hadEntries) this.#save();
  }

  usesOf(id: string): ScriptUses {
    this.#load();
    const uses = this.#uses.get(id) ?? [];
    const since = localDay(this.#deps.clock.wall() - MAX_DAYS * DAY_MS);
    return { today: usesOn(uses, this.#today), all: usesSince(uses, since) };
  }

  /** The account's entries and all pauses, in the clock's time. The lists stay the same objects until something changes. */
  recordOf(id: string): { readonly entries: readonly Entry[]; readonly pauses: readonly Pause[] } {
    this.#load();
    return { entries: this.#accounts.get(id) ?? NO_ENTRIES, pauses: this.#pauses };
  }

  timelineOf(id: string): Timeline {
    this.#load();
    const entries = this.#accounts.get(id) ?? [];
    const { until, pauses, accounts } = this.#inWallTime(new Map([[id, entries]]));
    return {
      until,
      spans: toSpans(accounts.get(id)!, pauses, until),
      isCut: entries.length >= maxEntries(this.#accounts.size),
    };
  }

  get #today(): string {
    return localDay(this.#deps.clock.wall());
  }

  stop(): void {
    if (this.#accounts.size > 0 || this.#uses.size > 0) this.#save();
  }

  #load(): void {
    if (this.#store) return;
    this.#store = this.#deps.open();
    const stored = this.#store.load();
    if (stored === undefined) return;
    // If the wall clock was set back, move the stored times back too, because none may lie in the future.
    const behind = Math.min(0, this.#startedAt - stored.until);
    const { until, pauses, accounts } = shift(stored, behind);
    const closed: Pause = { kind: 'closed', from: until, to: this.#startedAt };
    // A user may have edited the file. The code relies on the order, so sort again.
    this.#pauses = [...pauses, closed].reduce(addPause, []);
    for (const [id, entries] of accounts) {
      const inOrder = entries.toSorted((a, b) => a.from - b.from);
      this.#accounts.set(id, recent(inOrder, this.#startedAt, maxEntries(accounts.size)));
    }
    for (const [id, uses] of stored.uses) this.#uses.set(id, uses);
  }

  #saveSoon(): void {
    this.#cancelTimer ??= this.#deps.clock.setTimer(SAVE_AFTER_MS, () => this.#save());
  }

  #save(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    try {
      this.#store?.save(this.#inWallTime(this.#accounts));
    } catch (error) {
      this.#deps.logError(error);
    }
  }

  #inWallTime(accounts: Activity['accounts']): Activity {
    const { clock } = this.#deps;
    const until = clock.now();
    const activity = { until, pauses: this.#pauses, accounts, uses: this.#uses };
    return shift(activity, clock.wall() - until);
  }
}

/** The same activity, `by` milliseconds later. */
function shift({ until, pauses, accounts, uses }: Activity, by: number): Activity {
  const later = (entries: readonly Entry[]) =>
    entries.map((entry) => ({ ...entry, from: entry.from + by }));
  return {
    until: until + by,
    pauses: pauses.map(({ kind, from, to }) => ({ kind, from: from + by, to: to + by })),
    accounts: new Map([...accounts].map(([id, entries]) => [id, later(entries)])),
    uses,
  };
}
