import type { Clock } from '../../main/clock.ts';

/** The clock of one machine, which may sleep while other machines are awake. */
export class MachineClock implements Clock {
  readonly #clock: Clock;
  readonly #timers = new Set<{ at: number; readonly action: () => void; cancel: () => void }>();
  #asleepSince: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  wall(): number {
    return this.#clock.wall();
  }

  setTimer(delayMs: number, action: () => void): () => void {
    const timer = {
      at: this.now() + delayMs,
      action: () => {
        this.#timers.delete(timer);
        action();
      },
      cancel: () => {},
    };
    this.#timers.add(timer);
    timer.cancel = this.#clock.setTimer(delayMs, timer.action);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Stops the machine's timers, until `resume`. */
  sleep(): void {
    this.#asleepSince = this.now();
    for (const { cancel } of this.#timers) cancel();
  }

  resume(): void {
    const sleptMs = this.now() - (this.#asleepSince ?? this.now());
    this.#asleepSince = undefined;
    for (const timer of this.#timers) {
      timer.at += sleptMs;
      timer.cancel = this.#clock.setTimer(timer.at - this.now(), timer.action);
    }
  }
}
