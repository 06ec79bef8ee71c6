/** Records the requests that reached a simulator. */

export interface JournalEntry<Route extends string> {
  method: string;
  /** The path without the query. */
  path: string;
  /** The query holds session keys and tokens in the clear, as a real server's log does. */
  query: URLSearchParams;
  headers: Headers;
  /** The body as text, which may hold a password in the clear. */
  body: string;
  /** The route, or undefined if the server has no such route. */
  route: Route | undefined;
  /** The time when the request arrived, by the simulator's clock. */
  at: number;
  /** The status of the answer, or undefined until there is an answer. */
  status: number | undefined;
}

export class Journal<Route extends string> {
  readonly #entries: JournalEntry<Route>[] = [];
  readonly #counts = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The latest requests, in the order of their arrival. */
  get entries(): readonly JournalEntry<Route>[] {
    return this.#entries;
  }

  /** @returns how many requests for a route ever arrived; with `status`, how many of them had this answer */
  count(route: Route, status?: number): number {
    return this.#counts.get(routeKey(route, status)) ?? 0;
  }

  /** @returns how many requests for a path ever arrived, in upper or lower case */
  countPath(path: string): number {
    return this.#counts.get(path.toLowerCase()) ?? 0;
  }

  add(entry: JournalEntry<Route>): JournalEntry<Route> {
    this.#entries.push(entry);
    // Trim rarely, so that a simulated month of requests stays fast.
    if (this.#entries.length >= 2 * this.#limit) this.#entries.splice(0, this.#limit);
    this.#increment(entry.path.toLowerCase());
    this.#increment(routeKey(entry.route));
    return entry;
  }

  answered(entry: JournalEntry<Route>, status: number): void {
    entry.status = status;
    this.#increment(routeKey(entry.route, status));
  }

  #increment(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

function routeKey(route: string | undefined, status?: number): string {
  return `${route ?? ''} ${status ?? 'all'}`;
}
