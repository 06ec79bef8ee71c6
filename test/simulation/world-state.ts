import { MINUTE_MS } from '../../main/clock.ts';
import type { NetworkFault, Outage, Throttle } from './events.ts';
import type { Incident } from './judge.ts';

/** An app never needs to wait longer than this, whatever a server asks for. */
const MAX_WAIT_MS = 60 * MINUTE_MS;

/** The state of one server, and the history of what happened to it. */
export class ServerState {
  outage: Outage | undefined;
  throttle: Throttle | undefined;
  hasBadConnection = false;
  /** The server asked this machine not to send anything before this time. */
  waitUntil = 0;
  readonly history: Incident[] = [];
  #isWaiting = false;

  get isAway(): boolean {
    return this.outage !== undefined || this.throttle !== undefined;
  }

  add(incident: Incident): void {
    this.endWait(incident.at);
    this.history.push(incident);
  }

  askToWait(at: number, waitMs: number): void {
    this.endWait(at);
    this.waitUntil = Math.max(this.waitUntil, at + Math.min(waitMs, MAX_WAIT_MS));
    this.#isWaiting = true;
  }

  /** If the wait is over, adds its end to the history. */
  endWait(now: number): void {
    if (!this.#isWaiting || this.waitUntil > now) return;
    this.#isWaiting = false;
    this.history.push({ at: this.waitUntil, kind: 'return' });
  }
}

/** The real state of the world, which the app may not know. */
export class WorldState {
  isAwake = true;
  isAppRunning = true;
  isWanted = true;
  /** The time when the user left the computer, and whether the screen was locked then. */
  absence: { readonly since: number; readonly locks: boolean } | undefined;
  readonly networkFaults: NetworkFault[] = [];
  readonly servers: readonly ServerState[];

  constructor(servers: number) {
    this.servers = Array.from({ length: servers }, () => new ServerState());
  }

  /** If there are several faults, a request meets the fault that began first. */
  get networkFault(): NetworkFault | undefined {
    return this.networkFaults[0];
  }

  /** Adds an incident that concerns every server. */
  add(incident: Incident): void {
    for (const server of this.servers) server.add(incident);
  }
}
