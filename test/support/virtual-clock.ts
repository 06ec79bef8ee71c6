import type { Clock } from '../../main/clock.ts';

interface Timer {
  /** By the monotonic clock. */
  readonly at: number;
  /** Of timers for the same moment, the one that was set first fires first. */
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** A clock on which days pass in milliseconds: timers fire in their order as it is moved, with time for promises in between. */
export class VirtualClock implements Clock {
  readonly #start: number;
  /** What timers count: it stands still while the machine sleeps. */
  #monotonic = 0;
  #slept = 0;
  /** How far the wall clock is ahead. */
  #wallAhead = 0;
  /** A binary heap: the earliest is first. Those cancelled lie in it until they come to the top. */
  readonly #timers: Timer[] = [];
  #set = 0;
  #pending = 0;
  /** Called after each timer, when everything it caused without more time has happened. */
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

  /** Lets `ms` milliseconds pass, and everything happen that happens in them. */
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

  /** The machine sleeps: time passes, but timers, which count the monotonic clock, stand still. */
  sleep(ms: number): void {
    this.#slept += ms;
  }

  /** The wall clock is set, this many milliseconds ahead; nothing else is. */
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

/** Returns when all that can happen without time passing, and without the network, has happened. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
}
