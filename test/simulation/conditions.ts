import { MINUTE_MS } from '../../main/clock.ts';
import type { NetworkTrouble, Outage, Throttle } from './weather.ts';

/** Why a session may be dead for up to one keep-alive interval without anybody's fault. */
export interface Excuse {
  readonly cause: ExcuseCause;
  /** From when on the interval counts. */
  readonly since: number;
}

export type ExcuseCause =
  /** The server forgot its sessions, and told nobody. */
  | 'restart'
  /** The server, or the way to it, came back without anybody being told. */
  | 'return'
  /** An answer was lost, or came too late: the server was away for that one request. */
  | 'lost answer'
  /** The machine woke up, and the operating system said nothing. */
  | 'untold resume';

/** A client need not wait longer, whatever a server asks for. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

/** How one server is doing, in truth. */
export class ServerConditions {
  outage: Outage | undefined;
  throttle: Throttle | undefined;
  badLine = false;
  /** It asked this machine to be left alone until then. */
  askedUntil = 0;
  /** What is to be said for whoever finds a session dead now. */
  excuse: Excuse | undefined;
  /** When answers were lost or late. */
  readonly struckAt: number[] = [];
  /** The latest request was one of those. */
  isStruck = false;

  get isRefusing(): boolean {
    return this.outage !== undefined || this.throttle !== undefined;
  }

  ask(now: number, waitMs: number): void {
    const until = now + Math.min(waitMs, LONGEST_WAIT_MS);
    this.askedUntil = Math.max(this.askedUntil, until);
  }
}

/** How the world is, in truth: what a session can be blamed for is judged by this alone. */
export class Conditions {
  awake = true;
  appRuns = true;
  readonly troubles: NetworkTrouble[] = [];
  readonly servers: readonly ServerConditions[];

  constructor(servers: number) {
    this.servers = Array.from({ length: servers }, () => new ServerConditions());
  }

  get trouble(): NetworkTrouble | undefined {
    return this.troubles[0];
  }

  /** Something is over that stood in the way to every server. */
  excuseAll(excuse: Excuse | undefined): void {
    for (const server of this.servers) server.excuse = excuse;
  }
}
