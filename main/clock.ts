import { uptime } from 'node:os';

/** Time, handed in, so that tests can let days pass in milliseconds. */
export interface Clock {
  /**
   * Milliseconds since 1970 by the wall clock as it stood when Keyvigil started, counted on from there: this goes on while the
   * machine sleeps, and does not jump when the wall clock is set. Every deadline is in this time.
   */
  now(): number;
  /** Milliseconds since 1970 by the wall clock as it stands now: what people see, and may set. */
  wall(): number;
  /** Calls `action` once, `delayMs` milliseconds from now, or after a sleep later; the function it returns cancels that. */
  setTimer(delayMs: number, action: () => void): () => void;
}

/** A source of random numbers in [0, 1), as `Math.random` is. */
export type Random = () => number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;

/** What a computer knows of time, in milliseconds. */
export interface TimeSources {
  /** Since 1970; may be set at any time. */
  readonly wall: () => number;
  /** Since whenever; may stand still while the machine sleeps, and does on Linux. */
  readonly monotonic: () => number;
  /** Since the machine was booted, its sleep included; to a second, on some systems. */
  readonly uptime: () => number;
}

/** How far `uptime` may be off by being coarse: what is more than that is sleep. */
const COARSE_MS = 2 * SECOND_MS;

/** A time that goes on in sleep, as `uptime` does, is as fine as `monotonic` is, and jumps with neither. */
export function steadyTime({ wall, monotonic, uptime }: TimeSources): () => number {
  let zero = wall() - monotonic();
  let behind = uptime() - monotonic();
  return () => {
    const slept = uptime() - monotonic() - behind;
    if (slept > COARSE_MS) {
      zero += slept;
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
