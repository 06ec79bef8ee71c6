import type { Clock } from '../../main/clock.ts';

/** A clock on which days pass in milliseconds: timers fire in their order as it is moved, with time for promises in between. */
export class VirtualClock implements Clock {
  #now: number;
  /** How far the wall clock is ahead. */
  #wallAhead = 0;
  readonly #timers = new Set<{ at: number; action: () => void }>();

  constructor(start = Date.UTC(2026, 0, 5, 8)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallAhead;
  }

  setTimer(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + Math.max(delayMs, 0), action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass, and everything happen that happens in them. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** The machine sleeps: time passes, but timers, which count the monotonic clock, stand still. */
  sleep(ms: number): void {
    for (const timer of this.#timers) timer.at += ms;
    this.#now += ms;
  }

  /** The wall clock is set, this many milliseconds ahead; nothing else is. */
  setWallClock(byMs: number): void {
    this.#wallAhead += byMs;
  }

  #next(end: number) {
    let earliest: { at: number; action: () => void } | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (!earliest || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}

/** Returns when all that can happen without time passing, and without the network, has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
}
