import { MINUTE_MS } from '../../main/clock.ts';
import type { Rest } from '../../main/sessions/rest.ts';
import { settle, VirtualClock } from '../support/virtual-clock.ts';
import type { App, AppDeps } from './app.ts';
import type { Downtime } from './downtime.ts';
import { drawEvents } from './draw-events.ts';
import type { WorldEvent } from './events.ts';
import { KeyvigilApp } from './keyvigil-app.ts';
import { DAY_MS } from './periods.ts';
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
  /** When no session is wanted. */
  readonly rest?: Rest | undefined;
  /** Default: Keyvigil. */
  readonly createApp?: (deps: AppDeps) => App;
  /** Which of the drawn events happen. Default: all. */
  readonly isWanted?: (event: WorldEvent) => boolean;
  /** Single answers are lost or slow. Default: true. */
  readonly hasAnswerFaults?: boolean;
  /** Called after each day. */
  readonly onDay?: (day: number) => void;
}

/** Plain data: it crosses from a worker thread. */
export interface Result {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly servers: number;
  readonly events: number;
  readonly downtime: Readonly<Omit<Downtime, 'add'>>;
  /** Requests that left the machine. */
  readonly requests: number;
  /** Requests that reached a server which could answer. */
  readonly answerable: number;
  /** Requests that could not leave the machine. */
  readonly unsent: number;
  readonly minRequests: number;
  readonly logins: number;
  readonly loginsAfterRefusal: number;
  readonly loginsAfterTwoUnanswered: number;
  readonly maxConcurrent: number;
  /** While no request was on its way. */
  readonly maxTimers: number;
  readonly bugs: readonly string[];
  readonly timelines: readonly AccountTimeline[];
}

/** A Monday, 08:00 UTC. */
const START = Date.UTC(2026, 0, 5, 8);
/** For this long nothing happens, and the user signs in everywhere. */
const CALM_MS = 30 * MINUTE_MS;

/** Runs an app in a world of events, and measures. A seed gives the same result each time. */
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
  /** A request to these has ended since they were recorded. */
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
