/** Lets in so many at once and keeps the others in line, in their order. */
export class Gate {
  readonly #most: number;
  readonly #line: (() => void)[] = [];
  #inside = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Resolves, when it is one's turn or `signal` was aborted, with what is to be called on the way out. */
  async enter(signal: AbortSignal): Promise<() => void> {
    if (this.#inside < this.#most) {
      this.#inside++;
      return () => this.#leave();
    }
    return new Promise((resolve) => {
      const admit = () => {
        signal.removeEventListener('abort', giveUp);
        resolve(() => this.#leave());
      };
      const giveUp = () => {
        this.#line.splice(this.#line.indexOf(admit), 1);
        resolve(() => undefined);
      };
      this.#line.push(admit);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Whoever is next takes over the place. */
  #leave(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#inside--;
  }
}

/** A gate for each server, by its origin. */
export class Gates {
  readonly #gates = new Map<string, Gate>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  enter(url: string, signal: AbortSignal): Promise<() => void> {
    const { origin } = new URL(url);
    const gate = this.#gates.get(origin) ?? new Gate(this.#most);
    this.#gates.set(origin, gate);
    return gate.enter(signal);
  }
}
