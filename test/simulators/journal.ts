/** The requests that reached a simulator. */

export interface JournalEntry<Route extends string> {
  method: string;
  /** Without the query. */
  path: string;
  /** Session keys and tokens are here in the clear, as in a real server's log. */
  query: URLSearchParams;
  headers: Headers;
  /** As text. Passwords are here in the clear. */
  body: string;
  /** Undefined if the server has no such route. */
  route: Route | undefined;
  /** When it arrived, by the simulator's clock. */
  at: number;
  /** Undefined until there is an answer. */
  status: number | undefined;
}

export class Journal<Route extends string> {
  readonly #entries: JournalEntry<Route>[] = [];
  readonly #counts = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The latest requests, in the order of arrival. */
  get entries(): readonly JournalEntry<Route>[] {
    return this.#entries;
  }

  /** How many requests for a route ever arrived, or how many were answered with `status`. */
  count(route: Route, status?: number): number {
    return this.#counts.get(routeKey(route, status)) ?? 0;
  }

  /** How many requests for a path ever arrived, in any case. */
  countPath(path: string): number {
    return this.#counts.get(path.toLowerCase()) ?? 0;
  }

  /** Called by the server. */
  add(entry: JournalEntry<Route>): JournalEntry<Route> {
    this.#entries.push(entry);
    // Trims rarely, so that a simulated month of requests stays quick.
    if (this.#entries.length >= 2 * this.#limit) this.#entries.splice(0, this.#limit);
    this.#increment(entry.path.toLowerCase());
    this.#increment(routeKey(entry.route));
    return entry;
  }

  /** Called by the server. */
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
