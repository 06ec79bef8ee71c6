import type { Conditions, Excuse, ServerConditions } from './conditions.ts';
import { FewestRequests } from './fewest.ts';
import { Lapses } from './lapses.ts';
import type { Account, Server } from './servers.ts';
import { Timeline, type State } from './timeline.ts';

/** What the ledger asks of whoever keeps the sessions, and of the world. */
export interface Witness {
  /** The key that a user would copy now. */
  keyOf(account: Account): string | undefined;
  /** Only a person can bring this session back: its password was changed, or two logins in a row were lost. */
  isLeftToPerson(account: Account): boolean;
}

/** How one session is, by its server's table. */
interface Entry {
  readonly account: Account;
  readonly timeline: Timeline;
  key: string | undefined;
  isAlive: boolean;
  /** Until when it lives if nobody uses it. */
  diesAt: number;
  /** It died although it could have been kept. */
  wasNeglected: boolean;
  /** Why it may be dead for a while, if it just died. */
  excuse: Excuse | undefined;
  state: State;
  deadSince: number | undefined;
  deadExcuse: Excuse | undefined;
  /** How long it has lived where it could be reached. */
  reachableMs: number;
}

interface Page {
  readonly server: Server;
  readonly conditions: ServerConditions;
  readonly entries: readonly Entry[];
  readonly fewest: FewestRequests;
  /** How long it may take until somebody asks the server again who was told of nothing. */
  readonly intervalMs: number;
  /** Up to when everything is written down. */
  at: number;
  wasForgotten: boolean;
}

/**
 * Writes down, for every session and to the millisecond, whether it lived, by the tables of the servers and never by what its keeper
 * believes. `pass` is to be called before anything changes, `read` after it.
 */
export class Ledger {
  readonly lapses = new Lapses();
  readonly #pages: readonly Page[];
  readonly #conditions: Conditions;
  readonly #witness: Witness;

  constructor(servers: readonly Server[], conditions: Conditions, witness: Witness, now: number) {
    this.#conditions = conditions;
    this.#witness = witness;
    this.#pages = servers.map((server) => ({
      server,
      conditions: conditions.servers[server.number]!,
      entries: server.accounts.map((account) => newEntry(account, now)),
      fewest: new FewestRequests(server.life),
      intervalMs: Math.min(server.life.sessionEveryMs, server.life.serverEveryMs),
      at: now,
      wasForgotten: false,
    }));
    this.readAll();
    // Signing in for the first time is what everybody has to do, and is counted for nobody.
    for (const { fewest } of this.#pages) fewest.logins = 0;
  }

  get timelines(): readonly { readonly account: Account; readonly timeline: Timeline }[] {
    return this.#pages.flatMap(({ entries }) => entries);
  }

  get fewestRequests(): number {
    return this.#pages.reduce((sum, { fewest }) => sum + fewest.total, 0);
  }

  /** Time has passed, and things have been as they are. */
  passAll(now: number): void {
    for (const page of this.#pages) this.#pass(page, now);
  }

  /** Something has changed. */
  readAll(): void {
    for (const page of this.#pages) this.#read(page);
  }

  /** Of one server, time has passed and something has changed. */
  update(server: Server, now: number): void {
    const page = this.#pages[server.number]!;
    this.#pass(page, now);
    this.#read(page);
  }

  /** A server is about to forget its sessions. */
  forgotten(server: Server): void {
    this.#pages[server.number]!.wasForgotten = true;
  }

  /** The end of the simulation. */
  close(now: number): void {
    this.passAll(now);
    for (const page of this.#pages) {
      for (const entry of page.entries) {
        this.#endDead(page, entry, now);
        if (entry.isAlive) page.fewest.sessionOver(entry.reachableMs);
        entry.timeline.end(now);
      }
      page.fewest.stretchOver();
    }
  }

  #pass(page: Page, now: number): void {
    const { askedUntil } = page.conditions;
    // What a server asked for ends by itself, between two happenings.
    if (page.at < askedUntil && askedUntil < now) this.#passOn(page, askedUntil);
    this.#passOn(page, now);
  }

  #passOn(page: Page, to: number): void {
    const from = page.at;
    if (to <= from) return;
    page.at = to;
    const obstacle = this.#obstacle(page, from);
    let livedUntil = from;
    let anyLives = false;
    for (const entry of page.entries) {
      const diesAt = Math.min(entry.diesAt, to);
      if (entry.isAlive && diesAt > from) {
        this.#enter(page, entry, obstacle ?? 'live', from);
        if (!obstacle) entry.reachableMs += diesAt - from;
        livedUntil = Math.max(livedUntil, diesAt);
      }
      if (entry.isAlive && entry.diesAt <= to) {
        this.#die(page, entry, entry.diesAt, obstacle === undefined);
      }
      if (!entry.isAlive && diesAt < to) {
        this.#enter(page, entry, obstacle ?? this.#whileDead(entry), Math.max(diesAt, from));
      }
      anyLives ||= entry.isAlive;
    }
    if (!obstacle) page.fewest.lived(livedUntil - from);
    if (!anyLives) page.fewest.stretchOver();
  }

  #obstacle({ conditions }: Page, at: number): State | undefined {
    if (!this.#conditions.awake) return 'asleep';
    if (!this.#conditions.appRuns) return 'closed';
    const isAway =
      this.#conditions.trouble !== undefined || conditions.isRefusing || at < conditions.askedUntil;
    return isAway ? 'offline' : undefined;
  }

  #whileDead({ account }: Entry): State {
    return this.#witness.isLeftToPerson(account) ? 'person' : 'dead';
  }

  #enter(page: Page, entry: Entry, state: State, at: number): void {
    if (entry.state === state) return;
    if (entry.state === 'dead') this.#endDead(page, entry, at);
    if (state === 'dead') {
      entry.deadSince = at;
      // What killed it may excuse it still, where something else was in the way meanwhile.
      entry.deadExcuse =
        entry.state === 'live' ? entry.excuse : later(entry.excuse, this.#excuseOf(page, at));
    }
    entry.state = state;
    entry.timeline.add(state, at);
  }

  /** What was in the way is over, just now or not long ago. */
  #excuseOf({ conditions }: Page, at: number): Excuse | undefined {
    if (at === conditions.askedUntil) return { cause: 'return', since: at };
    return conditions.excuse;
  }

  #endDead(page: Page, entry: Entry, to: number): void {
    if (entry.deadSince === undefined) return;
    const from = entry.deadSince;
    // The first that was lost while it was dead: those after it are for the backoff to bear.
    const since = page.conditions.struckAt.find((at) => at >= from);
    const excuse =
      since === undefined
        ? entry.deadExcuse
        : later(entry.deadExcuse, { cause: 'lost answer', since });
    const lapsedFrom = this.lapses.add({
      account: `${entry.account.name} on ${page.server.host}`,
      from,
      to,
      intervalMs: page.intervalMs,
      ...(excuse && { excuse }),
    });
    if (lapsedFrom !== undefined) entry.timeline.lapse(lapsedFrom, to);
    entry.deadSince = undefined;
  }

  /** @param isReachable it could have been kept alive */
  #die(page: Page, entry: Entry, at: number, isReachable: boolean): void {
    page.fewest.sessionOver(entry.reachableMs);
    entry.reachableMs = 0;
    entry.isAlive = false;
    entry.excuse = this.#excuseAtDeath(page, at);
    entry.wasNeglected = isReachable && entry.excuse === undefined;
  }

  #excuseAtDeath({ conditions, wasForgotten, intervalMs }: Page, at: number): Excuse | undefined {
    if (wasForgotten) return { cause: 'restart', since: at };
    const { excuse, isStruck, struckAt, askedUntil } = conditions;
    // Whoever backs off from a server that was away cannot know that it is back.
    if (excuse && at <= excuse.since + intervalMs) return excuse;
    if (askedUntil <= at && at <= askedUntil + intervalMs) {
      return { cause: 'return', since: askedUntil };
    }
    // Whoever asked in time, and got no answer, did not neglect it.
    return isStruck ? { cause: 'lost answer', since: struckAt.at(-1)! } : undefined;
  }

  /** Looks every session up in the server's own table. */
  #read(page: Page): void {
    const { server, entries, at, fewest, wasForgotten } = page;
    const table = server.sessions();
    let serverUsed = -Infinity;
    for (const { lastUsed } of table.values()) serverUsed = Math.max(serverUsed, lastUsed);
    const serverDiesAt = serverUsed + server.life.serverIdleMs;
    for (const entry of entries) {
      // What a program that does not run would say, only its files know; they will be read when it runs again.
      const key = this.#conditions.appRuns ? this.#witness.keyOf(entry.account) : entry.key;
      const session = key === undefined ? undefined : table.get(key);
      if (session) {
        if (!entry.isAlive && !entry.wasNeglected) fewest.logins++;
        entry.isAlive = true;
        entry.diesAt = Math.min(session.lastUsed + server.life.sessionIdleMs, serverDiesAt);
      } else if (entry.isAlive) {
        if (key === entry.key && !wasForgotten && entry.diesAt > at) {
          throw new Error(`${entry.account.name} died, and the ledger does not know why.`);
        }
        this.#die(page, entry, at, true);
        entry.diesAt = at;
      }
      entry.key = key;
    }
    page.wasForgotten = false;
  }
}

function later(one: Excuse | undefined, other: Excuse | undefined): Excuse | undefined {
  return (one?.since ?? -Infinity) > (other?.since ?? -Infinity) ? one : other;
}

function newEntry(account: Account, now: number): Entry {
  return {
    account,
    timeline: new Timeline(now),
    key: undefined,
    isAlive: false,
    diesAt: now,
    wasNeglected: false,
    excuse: undefined,
    state: 'live',
    deadSince: undefined,
    deadExcuse: undefined,
    reachableMs: 0,
  };
}
