/** Time, handed in, so that tests can let days pass in milliseconds. */
export interface Clock {
  /** Milliseconds since 1970, by the wall clock. */
  now(): number;
  /** Calls `action` once, `delayMs` milliseconds from now; the function it returns cancels that. */
  setTimer(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A source of random numbers in [0, 1), as `Math.random` is. */
export type Random = () => number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
