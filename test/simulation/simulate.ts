import { DAY_MS, MINUTE_MS } from '../../main/clock.ts';
import type { Rest } from '../../main/sessions/rest.ts';
import { settle, VirtualClock } from '../support/virtual-clock.ts';
import type { App, AppDeps } from './app.ts';
import type { Downtime } from './downtime.ts';
import { drawEvents } from './draw-events.ts';
import type { WorldEvent } from './events.ts';
import { KeyvigilApp } from './keyvigil-app.ts';
import { SeededRandom } from './random.ts';
import { Recorder } from './recorder.ts';
import { startServers } from './servers.ts';
import type { AccountTimeline } from './timeline.ts';
import { World } from './world.ts';
import type { WorldServer } from './world-server.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly accounts: number;
  readonly days: number;
  /** The times in which no session is needed. */
  readonly rest?: Rest | undefined;
  /** Makes the app, which is Keyvigil by default. */
  readonly createApp?: (deps: AppDeps) => App;
  /** Chooses which of the drawn events happen. By default, all events happen. */
  readonly isWanted?: (event: WorldEvent) => boolean;
  /** If true, as by default, single answers are lost or slow. */
  readonly hasAnswerFaults?: boolean;
  /** The simulation calls this function after each day. */
  readonly onDay?: (day: number) => void;
}

/** The result is plain data, because a worker thread sends it to the main thread. */
export interface Result {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly servers: number;
  readonly events: number;
  readonly downtime: Readonly<Omit<Downtime, 'add'>>;
  /** The requests that left the machine. */
  readonly requests: number;
  /** The requests that reached a server which could answer. */
  readonly answerable: number;
  /** The requests that could not leave the machine. */
  readonly unsent: number;
  readonly minRequests: number;
  readonly logins: number;
  readonly loginsAfterRefusal: number;
  readonly loginsAfterTwoUnanswered: number;
  readonly maxConcurrent: number;
  /** The most timers at any moment when no request was on its way. */
  readonly maxTimers: number;
  readonly bugs: readonly string[];
  readonly timelines: readonly AccountTimeline[];
}

/** The world starts on a Monday, at 08:00 UTC. */
const START = Date.UTC(2026, 0, 5, 8);
/** In this time, the user signs in everywhere and nothing else happens. */
const CALM_MS = 30 * MINUTE_MS;

/** Runs an app in a world of events, and measures. The same seed gives the same result each time. */
export async function simulate({
  seed,
  accounts,
  days,
  rest,
  createApp = (deps) => new KeyvigilApp(deps, rest),
  isWanted = () => true,
  hasAnswerFaults = true,
  onDay = () => {},
}: SimulationOptions): Promise<Result> {
  const random = (name: string) => new SeededRandom(seed, name);
  const clock = new VirtualClock(START);
  const servers = await startServers(accounts, clock, random('servers'));
  const world = new World(servers, clock, random, createApp);
  const { app, logins, network, state } = world;
  await world.signInAll(CALM_MS);
  network.hasAnswerFaults = hasAnswerFaults;

  const from = clock.now();
  const to = from + days * DAY_MS;
  const withPassword = servers
    .flatMap((server) => server.accounts)
    .filter(({ password }) => password !== undefined)
    .map(({ number }) => number);
  const events = drawEvents({ from, to }, servers.length, withPassword, random, rest).filter(
    isWanted,
  );

  const recorder = new Recorder(servers, state, world, from);
  /** The servers to which a request has ended since their last record. */
  const changed = new Set<WorldServer>();
  network.onRequestEnded = (server) => changed.add(server);
  clock.settled = () => {
    for (const server of changed) recorder.update(server, clock.now());
    changed.clear();
  };
  const count = () => {
    const { requests, answerable, unsent } = network;
    return { requests, answerable, unsent, logins: logins.logins };
  };
  const before = count();
  let maxTimers = 0;
  let day = 0;
  for (const event of events) {
    await world.advanceTo(event.at);
    if (network.isIdle) maxTimers = Math.max(maxTimers, clock.timers);
    recorder.passAll(clock.now());
    world.apply(event);
    await settle();
    recorder.readAll();
    for (; clock.now() - from >= (day + 1) * DAY_MS; day++) onDay(day + 1);
  }
  await world.advanceTo(to);
  recorder.end(to);
  clock.settled = () => {};
  app.quit();
  await settle();

  const after = count();
  return {
    seed,
    from,
    to,
    servers: servers.length,
    events: events.length,
    downtime: recorder.downtime,
    requests: after.requests - before.requests,
    answerable: after.answerable - before.answerable,
    unsent: after.unsent - before.unsent,
    minRequests: recorder.minRequests,
    logins: after.logins - before.logins,
    loginsAfterRefusal: logins.afterRefusal,
    loginsAfterTwoUnanswered: logins.afterTwoUnanswered,
    maxConcurrent: network.maxConcurrent,
    maxTimers,
    bugs: app.bugs.map((bug) => (bug instanceof Error ? (bug.stack ?? String(bug)) : String(bug))),
    timelines: recorder.timelines,
  };
}
