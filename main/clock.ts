import { uptime } from 'node:os';

/** Time, handed in, so that tests can let days pass in milliseconds. */
export interface Clock {
  /**
   * Milliseconds since 1970, by the wall clock at Keyvigil's start. Goes on while the machine sleeps, and does not jump when the
   * wall clock is set. Every deadline is in this time.
   */
  now(): number;
  /** Milliseconds since 1970, by the wall clock now: what people see, and may set. */
  wall(): number;
  /** Calls `action` once, after `delayMs` milliseconds without sleep, unless the returned function is called first. */
  setTimer(delayMs: number, action: () => void): () => void;
}

/** A source of random numbers in [0, 1), such as `Math.random`. */
export type Random = () => number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Resolves after `ms` milliseconds. The time for which the machine sleeps does not count. */
export const sleep = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.setTimer(ms, resolve));

/** What a computer knows about time, in milliseconds. */
export interface TimeSources {
  /** Since 1970. May be set at any time. */
  readonly wall: () => number;
  /** Since some moment. Stands still during sleep on Linux. */
  readonly monotonic: () => number;
  /** Since boot, sleep included. Whole seconds on some systems. */
  readonly uptime: () => number;
}

/** `uptime` is coarse, so it may be wrong by this much. A larger difference is sleep. */
const COARSE_MS = 2 * SECOND_MS;

/** Combines the sources: the result counts sleep as `uptime` does, is as fine as `monotonic`, and never jumps. */
export function steadyTime({ wall, monotonic, uptime }: TimeSources): () => number {
  let zero = wall() - monotonic();
  let behind = uptime() - monotonic();
  return () => {
    const slept = uptime() - monotonic() - behind;
    if (slept > COARSE_MS) {
      zero += slept;
      behind += slept;
    } else if (slept < 0) {
      // The two clocks drift apart. If the drift added up, it could hide a later sleep.
      behind += slept;
    }
    return zero + monotonic();
  };
}

const wall = () => Date.now();

export const systemClock: Clock = {
  now: steadyTime({
    wall,
    monotonic: () => performance.now(),
    uptime: () => uptime() * SECOND_MS,
  }),
  wall,
  setTimer(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
