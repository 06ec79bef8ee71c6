import type { Clock } from '../../main/clock.ts';

interface Timer {
  /** The time by the monotonic clock. */
  readonly at: number;
  /** If two timers have the same time, the timer that was set first fires first. */
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/**
 * A clock on which days pass in milliseconds. As the test moves the clock, timers fire in their order, and promises run in
 * between.
 */
export class VirtualClock implements Clock {
  readonly #start: number;
  /** The time that timers count, which stands still while the machine sleeps. */
  #monotonic = 0;
  #slept = 0;
  /** The milliseconds by which the wall clock is ahead. */
  #wallAhead = 0;
  /** A binary heap, whose first timer is the earliest. A cancelled timer stays in the heap until it comes first. */
  readonly #timers: Timer[] = [];
  #set = 0;
  #pending = 0;
  /** The clock calls this function after each timer, as soon as everything that the timer caused at this time has happened. */
  settled: () => void = () => {};

  constructor(start = Date.UTC(2026, 0, 5, 8)) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#monotonic + this.#slept;
  }

  wall(): number {
    return this.now() + this.#wallAhead;
  }

  setTimer(delayMs: number, action: () => void): () => void {
    const at = this.#monotonic + Math.max(delayMs, 0);
    const timer: Timer = { at, order: this.#set++, action, cancelled: false };
    this.#add(timer);
    this.#pending++;
    return () => this.#end(timer);
  }

  get timers(): number {
    return this.#pending;
  }

  /** Lets `ms` milliseconds pass, with everything that happens in them. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#end(next);
      this.#monotonic = Math.max(this.#monotonic, next.at);
      next.action();
      await settle();
      this.settled();
    }
    this.#monotonic = end;
    await settle();
  }

  /** The machine sleeps: time passes, but timers stand still, because they count the monotonic clock. */
  sleep(ms: number): void {
    this.#slept += ms;
  }

  /** Sets only the wall clock ahead, by this many milliseconds. */
  setWallClock(byMs: number): void {
    this.#wallAhead += byMs;
  }

  #end(timer: Timer): void {
    if (timer.cancelled) return;
    timer.cancelled = true;
    this.#pending--;
  }

  #next(end: number): Timer | undefined {
    while (this.#timers[0]?.cancelled) this.#removeFirst();
    const first = this.#timers[0];
    return first && first.at <= end ? first : undefined;
  }

  #add(timer: Timer): void {
    const heap = this.#timers;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, timer)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #removeFirst(): void {
    const heap = this.#timers;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Waits until everything has happened that needs neither time nor the network. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
}
