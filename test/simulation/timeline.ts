/** The real state of an account, which the app may not know. A state that stops every app, such as `asleep`, comes first. */
export type State =
  'live' | 'expired' | 'user needed' | 'offline' | 'resting' | 'app closed' | 'asleep';

export interface Stretch {
  readonly state: State | 'lapse';
  readonly from: number;
  readonly to: number;
}

/** A timeline is plain data, because a worker thread sends it to the main thread. */
export interface AccountTimeline {
  readonly account: string;
  readonly host: string;
  /** The stretches follow each other without a gap. */
  readonly stretches: readonly Stretch[];
  readonly lapses: readonly Stretch[];
}

/** Records the time of one account in stretches without a gap, and the lapses in this time. */
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
