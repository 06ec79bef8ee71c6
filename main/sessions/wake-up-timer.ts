import { MINUTE_MS, SECOND_MS, type Clock } from '../clock.ts';

/** Timers stop during sleep, and the operating system may not report the wake-up. A short timer notices it soon. */
const MAX_TIMER_MS = MINUTE_MS;
/** A timer that fires this much too late means that the machine slept. */
const MAX_LATE_MS = 30 * SECOND_MS;

export interface WakeUpTimerDeps {
  readonly clock: Clock;
  /** The next deadline, in the clock's milliseconds; infinite if there is none. */
  readonly dueAt: () => number;
  readonly onDue: () => void;
  /** Called at the start and after a wake-up. `sleptFrom`: when the machine fell asleep; undefined if it did not sleep. */
  readonly onResume: (sleptFrom: number | undefined) => void;
}

/** One timer for all deadlines. It also notices a sleep that the operating system did not report. */
export class WakeUpTimer {
  readonly #deps: WakeUpTimerDeps;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  #asleepSince: number | undefined;
  #isRunning = false;
  #isUpdating = false;

  constructor(deps: WakeUpTimerDeps) {
    this.#deps = deps;
  }

  /** Treats a start like a wake-up, because everything may be overdue. */
  start(): void {
    this.#isRunning = true;
    this.resume();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancel();
  }

  /** Call this when a deadline may have changed. Many calls at once cost one calculation. */
  update(): void {
    if (this.#isUpdating) return;
    this.#isUpdating = true;
    queueMicrotask(() => {
      this.#isUpdating = false;
      if (this.#isRunning) this.#set();
    });
  }

  suspend(): void {
    this.#asleepSince ??= this.#deps.clock.now();
  }

  resume(): void {
    if (this.#isLate()) this.#asleepSince ??= this.#timer?.at;
    const sleptFrom = this.#asleepSince;
    this.#asleepSince = undefined;
    this.#cancel();
    this.#deps.onResume(sleptFrom);
    this.update();
  }

  #set(): void {
    if (this.#isLate()) return this.resume();
    const now = this.#deps.clock.now();
    const at = Math.max(now, Math.min(this.#deps.dueAt(), now + MAX_TIMER_MS));
    // An earlier timer may stay. When it fires, nothing is due, and the timer is set again.
    if (this.#timer && this.#timer.at <= at) return;
    this.#cancel();
    this.#timer = { at, cancel: this.#deps.clock.setTimer(at - now, () => this.#fire()) };
  }

  #fire(): void {
    if (this.#isLate()) return this.resume();
    this.#timer = undefined;
    this.#deps.onDue();
    this.update();
  }

  #isLate(): boolean {
    return this.#timer !== undefined && this.#deps.clock.now() > this.#timer.at + MAX_LATE_MS;
  }

  #cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
