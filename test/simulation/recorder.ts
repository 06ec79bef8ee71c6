import { Downtime } from './downtime.ts';
import { excuseAt, judge, type Span } from './judge.ts';
import { MinRequests } from './min-requests.ts';
import type { WorldAccount, WorldServer } from './world-server.ts';
import { Timeline, type AccountTimeline, type State } from './timeline.ts';
import type { ServerState, WorldState } from './world-state.ts';

/** Tells the recorder what the servers do not know. */
export interface SessionSource {
  /** @returns the key that the user would get by copying it now */
  keyOf(account: WorldAccount): string | undefined;
  /** @returns whether only the user can renew the session: the password was changed, or two logins in a row got no answer */
  needsUser(account: WorldAccount): boolean;
}

/** The record of one session, read from the server's table. */
interface SessionRecord {
  readonly account: WorldAccount;
  readonly timeline: Timeline;
  key: string | undefined;
  isLive: boolean;
  /** The time when the session expires unless it is used. */
  expiresAt: number;
  /** True if the session expired although a request was possible, and nothing excuses this. */
  wasNeglected: boolean;
  state: State;
  /** The current span, if the state is `expired`. */
  span: Omit<Span, 'to'> | undefined;
  /** For how long the session was live while requests were possible. */
  reachableMs: number;
}

interface ServerRecord {
  readonly server: WorldServer;
  readonly serverState: ServerState;
  readonly sessions: readonly SessionRecord[];
  readonly minRequests: MinRequests;
  /** The longest time between two requests to the server. */
  readonly intervalMs: number;
  /** The time until which everything is recorded. */
  until: number;
}

/**
 * Records to the millisecond when each session was live, from the servers' own tables. Call `passAll` before an event and
 * `readAll` after it, or `update` after a request.
 */
export class Recorder {
  readonly downtime = new Downtime();
  readonly #records: readonly ServerRecord[];
  readonly #state: WorldState;
  readonly #source: SessionSource;

  constructor(
    servers: readonly WorldServer[],
    state: WorldState,
    source: SessionSource,
    now: number,
  ) {
    this.#state = state;
    this.#source = source;
    this.#records = servers.map((server) => ({
      server,
      serverState: state.servers[server.number]!,
      sessions: server.accounts.map((account) => newSessionRecord(account, now)),
      minRequests: new MinRequests(server.life),
      intervalMs: Math.min(server.life.sessionEveryMs, server.life.serverEveryMs),
      until: now,
    }));
    this.readAll();
    // Do not count the first logins: the user signed in.
    for (const { minRequests } of this.#records) minRequests.logins = 0;
  }

  get timelines(): readonly AccountTimeline[] {
    return this.#records.flatMap(({ server: { host }, sessions }) =>
      sessions.map(({ account, timeline: { stretches, lapses } }) => ({
        account: account.name,
        host,
        stretches,
        lapses,
      })),
    );
  }

  get minRequests(): number {
    return this.#records.reduce((sum, { minRequests }) => sum + minRequests.total, 0);
  }

  /** Records the time until now. Nothing may have changed in this time. */
  passAll(now: number): void {
    for (const record of this.#records) this.#pass(record, now);
  }

  /** Reads from the servers what an event has just changed. */
  readAll(): void {
    for (const record of this.#records) this.#read(record);
  }

  /** Records the time until now, and reads what a request has changed on one server. */
  update(server: WorldServer, now: number): void {
    const record = this.#records[server.number]!;
    this.#pass(record, now);
    this.#read(record);
  }

  /** Must be called once, at the end of the simulation. */
  end(now: number): void {
    this.passAll(now);
    for (const record of this.#records) {
      for (const session of record.sessions) {
        this.#endSpan(record, session, now);
        if (session.isLive) record.minRequests.endSession(session.reachableMs);
        session.timeline.end(now);
      }
      record.minRequests.endStretch();
    }
  }

  #pass(record: ServerRecord, now: number): void {
    const { waitUntil } = record.serverState;
    record.serverState.endWait(now);
    // A wait ends by itself, perhaps between two events.
    if (record.until < waitUntil && waitUntil < now) this.#passTo(record, waitUntil);
    this.#passTo(record, now);
  }

  #passTo(record: ServerRecord, to: number): void {
    const from = record.until;
    if (to <= from) return;
    record.until = to;
    const obstacle = this.#obstacleAt(record, from);
    let lastLive = from;
    let isAnyLive = false;
    for (const session of record.sessions) {
      const liveUntil = Math.min(session.expiresAt, to);
      if (session.isLive && liveUntil > from) {
        this.#enter(record, session, obstacle ?? 'live', from);
        if (!obstacle) session.reachableMs += liveUntil - from;
        lastLive = Math.max(lastLive, liveUntil);
      }
      if (session.isLive && session.expiresAt <= to) {
        this.#expire(record, session, session.expiresAt, obstacle === undefined);
      }
      if (!session.isLive && liveUntil < to) {
        const needsUser = this.#source.needsUser(session.account);
        const state = obstacle ?? (needsUser ? 'user needed' : 'expired');
        this.#enter(record, session, state, Math.max(liveUntil, from));
      }
      isAnyLive ||= session.isLive;
    }
    if (!obstacle) record.minRequests.addLiveTime(lastLive - from);
    if (!isAnyLive) record.minRequests.endStretch();
  }

  /** @returns the state that makes requests impossible or needless, if there is one */
  #obstacleAt({ serverState }: ServerRecord, at: number): State | undefined {
    if (!this.#state.isAwake) return 'asleep';
    if (!this.#state.isAppRunning) return 'app closed';
    if (!this.#state.isWanted) return 'resting';
    const isOffline =
      this.#state.networkFault !== undefined || serverState.isAway || at < serverState.waitUntil;
    return isOffline ? 'offline' : undefined;
  }

  #enter(record: ServerRecord, session: SessionRecord, state: State, at: number): void {
    if (session.state === state) return;
    this.#endSpan(record, session, at);
    if (state === 'expired') session.span = { expiredAt: session.expiresAt, from: at };
    session.state = state;
    session.timeline.enter(state, at);
  }

  #endSpan({ server, serverState, intervalMs }: ServerRecord, session: SessionRecord, to: number) {
    if (!session.span) return;
    const { account, timeline } = session;
    const span = { ...session.span, to };
    const judgement = judge(span, serverState.history, intervalMs);
    this.downtime.add(`${account.name} on ${server.host}`, span, judgement);
    if (judgement.lapseMs > 0) timeline.addLapse(to - judgement.lapseMs, to);
    session.span = undefined;
  }

  #expire(record: ServerRecord, session: SessionRecord, at: number, isReachable: boolean): void {
    record.minRequests.endSession(session.reachableMs);
    session.reachableMs = 0;
    session.isLive = false;
    session.expiresAt = at;
    const { history } = record.serverState;
    session.wasNeglected = isReachable && !excuseAt(at, history, record.intervalMs);
  }

  #read(record: ServerRecord): void {
    const { server, serverState, sessions, until: now, minRequests } = record;
    const table = server.sessions();
    let serverUsed = -Infinity;
    for (const { lastUsed } of table.values()) serverUsed = Math.max(serverUsed, lastUsed);
    const serverExpiresAt = serverUsed + server.life.serverIdleMs;
    for (const session of sessions) {
      // While the app does not run, its keys are still in its files.
      const key = this.#state.isAppRunning ? this.#source.keyOf(session.account) : session.key;
      const entry = key === undefined ? undefined : table.get(key);
      if (entry) {
        if (!session.isLive && !session.wasNeglected) minRequests.logins++;
        session.isLive = true;
        session.expiresAt = Math.min(entry.lastUsed + server.life.sessionIdleMs, serverExpiresAt);
      } else if (session.isLive) {
        const restart = serverState.history.findLast(({ kind }) => kind === 'restart');
        if (key === session.key && restart?.at !== now && session.expiresAt > now) {
          throw new Error(`${session.account.name} expired, and the recorder does not know why.`);
        }
        if (!this.#state.isWanted && key === undefined) minRequests.logouts++;
        this.#expire(record, session, now, this.#state.isWanted);
      }
      session.key = key;
    }
  }
}

function newSessionRecord(account: WorldAccount, now: number): SessionRecord {
  return {
    account,
    timeline: new Timeline(now),
    key: undefined,
    isLive: false,
    expiresAt: now,
    wasNeglected: false,
    state: 'live',
    span: undefined,
    reachableMs: 0,
  };
}
