/** How an account was, whatever the app believed. What hinders every app comes before what its session is. */
export type State =
  'live' | 'expired' | 'user needed' | 'offline' | 'resting' | 'app closed' | 'asleep';

export interface Stretch {
  readonly state: State | 'lapse';
  readonly from: number;
  readonly to: number;
}

/** Plain data: it crosses from a worker thread. */
export interface AccountTimeline {
  readonly account: string;
  readonly host: string;
  /** Without a gap. */
  readonly stretches: readonly Stretch[];
  readonly lapses: readonly Stretch[];
}

/** The time of one account in stretches without a gap, and the lapses in it. */
export class Timeline {
  readonly stretches: Stretch[] = [];
  readonly lapses: Stretch[] = [];
  #state: State = 'live';
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  enter(state: State, at: number): void {
    this.end(at);
    this.#state = state;
  }

  addLapse(from: number, to: number): void {
    this.lapses.push({ state: 'lapse', from, to });
  }

  end(at: number): void {
    if (at > this.#since) {
      this.stretches.push({ state: this.#state, from: this.#since, to: at });
    }
    this.#since = at;
  }
}
