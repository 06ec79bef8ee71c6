import type { Clock } from './http-server.ts';

/** Keeps sessions by their key. Each session expires `idleMs` after its last use. */
export class IdleSessions<Session extends { readonly lastUsed: number }> {
  readonly #byKey = new Map<string, Session>();
  readonly #clock: Clock;
  readonly #idleMs: number;

  constructor(clock: Clock, idleMs: number) {
    this.#clock = clock;
    this.#idleMs = idleMs;
  }

  open(key: string, session: Session): void {
    this.#byKey.set(key, session);
  }

  /**
   * Extends a session.
   * @returns false if the session does not exist or has expired
   */
  use(key: string): boolean {
    const session = this.#find(key);
    if (session) this.#byKey.set(key, { ...session, lastUsed: this.#clock.now() });
    return session !== undefined;
  }

  close(key: string): boolean {
    return this.#find(key) !== undefined && this.#byKey.delete(key);
  }

  clear(): void {
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
