/** How a session was, in truth. */
export type State = 'live' | 'dead' | 'person' | 'offline' | 'closed' | 'asleep';

export interface Stretch {
  readonly state: State | 'lapse';
  readonly from: number;
  readonly to: number;
}

/** One account's time, in stretches without a gap; and the lapses in it. */
export class Timeline {
  readonly stretches: Stretch[] = [];
  readonly lapses: Stretch[] = [];
  #state: State = 'live';
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  add(state: State, at: number): void {
    this.end(at);
    this.#state = state;
  }

  lapse(from: number, to: number): void {
    this.lapses.push({ state: 'lapse', from, to });
  }

  end(at: number): void {
    if (at > this.#since) {
      this.stretches.push({ state: this.#state, from: this.#since, to: at });
    }
    this.#since = at;
  }
}
