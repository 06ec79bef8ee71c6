import type { Clock } from './http-server.ts';

/** Sessions by their key, each of which ends some time after its last use. */
export class IdleSessions<Session extends { readonly lastUsed: number }> {
  readonly #byKey = new Map<string, Session>();
  readonly #clock: Clock;
  readonly #idleMs: number;

  /** A session is over once `idleMs` has passed, to the millisecond. */
  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  open(key: string, session: Session): void {
    this.#byKey.set(key, session);
  }

  /** The session, its life extended; undefined where it is not valid, or no longer. */
  use(key: string): Session | undefined {
    const session = this.#find(key);
    if (!session) return undefined;
    const used = { ...session, lastUsed: this.#clock.now() };
    this.#byKey.set(key, used);
    return used;
  }

  close(key: string): boolean {
    return this.#find(key) !== undefined && this.#byKey.delete(key);
  }

  forget(): void {
    this.#byKey.clear();
  }

  live(): ReadonlyMap<string, Session> {
    return new Map([...this.#byKey].filter(([key]) => this.#find(key) !== undefined));
  }

  #find(key: string): Session | undefined {
    const session = this.#byKey.get(key);
    if (!session || this.#clock.now() - session.lastUsed < this.#idleMs) return session;
    this.#byKey.delete(key);
    return undefined;
  }
}
