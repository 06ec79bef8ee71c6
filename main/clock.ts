import { uptime } from 'node:os';

/** The time. Tests use their own clock, in which days pass in milliseconds. */
export interface Clock {
  /**
   * Milliseconds since 1970. Starts with the wall clock's time at Keyvigil's start, then goes on during sleep, and does not
   * jump when the wall clock is set. Every deadline is in this time.
   */
  now(): number;
  /** Milliseconds since 1970, by the wall clock, which users see and may set. */
  wall(): number;
  /** Calls `action` once after `delayMs` milliseconds, not counting sleep. The returned function cancels the call. */
  setTimer(delayMs: number, action: () => void): () => void;
}

/** @returns a function that converts a time of `now()` to the wall clock's time */
export function toWallTime(clock: Clock): (time: number) => number {
  const ahead = clock.wall() - clock.now();
  return (time) => time + ahead;
}

/** A source of random numbers in [0, 1), such as `Math.random`. */
export type Random = () => number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Resolves after `ms` milliseconds, not counting sleep. */
export const sleep = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => clock.setTimer(ms, resolve));

/**
 * Calls `action` once after `delayMs` milliseconds, counting sleep. After a sleep in which the time ended, the call comes within
 * `maxLateMs`. The returned function cancels the call.
 */
export function setAlarm(
  clock: Clock,
  delayMs: number,
  action: () => void,
  maxLateMs = MINUTE_MS,
): () => void {
  const at = clock.now() + delayMs;
  let cancel = () => {};
  const look = () => {
    const left = at - clock.now();
    if (left > 0) cancel = clock.setTimer(Math.min(left, maxLateMs), look);
    else action();
  };
  look();
  return () => cancel();
}

/** The clocks of a computer, in milliseconds. */
export interface TimeSources {
  /** Since 1970. May be set at any time. */
  readonly wall: () => number;
  /** Since an unknown moment. Stops during sleep on Linux. */
  readonly monotonic: () => number;
  /** Since boot, including sleep. Whole seconds on some systems. */
  readonly uptime: () => number;
}

/** `uptime` may be wrong by this much, because it is coarse. A larger difference is sleep. */
const COARSE_MS = 2 * SECOND_MS;

/** Combines the clocks. The result counts sleep like `uptime`, is as precise as `monotonic`, and ignores a set wall clock. */
export function steadyTime({ wall, monotonic, uptime }: TimeSources): () => number {
  let zero = wall() - monotonic();
  let behind = uptime() - monotonic();
  return () => {
    const slept = uptime() - monotonic() - behind;
    if (slept > COARSE_MS) {
      zero += slept;
      behind += slept;
    } else if (slept < 0) {
      // `monotonic` and `uptime` drift apart. If the drift added up, it could hide a later sleep.
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
