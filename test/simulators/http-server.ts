/**
 * What every simulator needs around its own routes: a socket on this machine, the same server
 * without a socket, faults, and a journal of what was asked. A simulator itself is one function
 * from Request to Response.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { page } from './answers.ts';
import { answerUnder, Faults, LOGIN_PAGE, LOGIN_PAGE_PATH, NoAnswer } from './faults.ts';

/** Milliseconds since 1970, by whatever clock the test runs on. */
export interface Clock {
  now(): number;
}

/** A clock that moves only when told to. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

export function movableClock(start = Date.UTC(2025, 0, 6, 8)): MovableClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

// ---- the journal -------------------------------------------------------------------------------

export interface JournalEntry<Route extends string> {
  method: string;
  /** As it was sent, without the query. */
  path: string;
  /** Session keys and tokens stand here in the clear, as they do in a real server's log. */
  query: URLSearchParams;
  headers: Headers;
  /** As text; empty where there was none. Passwords stand here in the clear. */
  body: string;
  /** The route it was for; undefined where the server has none. */
  route: Route | undefined;
  /** When it arrived, by the simulator's clock. */
  at: number;
  /** What was answered; undefined while there is no answer, and for ever if none was given. */
  status: number | undefined;
}

/** Every request in the order of arrival, and counts that outlive the entries. */
export class Journal<Route extends string> {
  readonly #entries: JournalEntry<Route>[] = [];
  readonly #counts = new Map<string, number>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The latest entries: at least as many as the limit, if there were so many. */
  get entries(): readonly JournalEntry<Route>[] {
    return this.#entries;
  }

  /** How many requests a route has had, in all or with one status. Never forgets. */
  count(route: Route, status?: number): number {
    return this.#counts.get(countKey(route, status)) ?? 0;
  }

  /** For the plumbing. */
  arrived(entry: JournalEntry<Route>): void {
    this.#entries.push(entry);
    // Trimmed rarely, so that a simulated month of requests stays quick.
    if (this.#entries.length >= 2 * this.#limit) this.#entries.splice(0, this.#limit);
    this.#add(countKey(entry.route));
  }

  /** For the plumbing. */
  answered(entry: JournalEntry<Route>, status: number): void {
    entry.status = status;
    this.#add(countKey(entry.route, status));
  }

  #add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}

function countKey(route: string | undefined, status?: number): string {
  return `${route ?? ''} ${status ?? 'all'}`;
}

// ---- the server --------------------------------------------------------------------------------

export interface ServerOptions {
  clock: Clock;
  /** Default: any that is free. `restart` takes the same one again. */
  port?: number;
  /** `false`: no socket at all, only `fetch`. */
  listen?: boolean;
  /**
   * Default false: each answer closes its connection, so that no test depends on which socket a
   * client happens to reuse. `true` is what IIS does.
   */
  keepAlive?: boolean;
  /** How many journal entries are kept at least; default 10 000. */
  journalLimit?: number;
}

export interface SimulatedServer<Route extends string> {
  /** `http://127.0.0.1:PORT`; without a socket, an address that leads nowhere. */
  readonly origin: string;
  readonly faults: Faults<Route>;
  readonly journal: Journal<Route>;
  /**
   * The same server without a socket, with the signature of the global fetch. Honours `signal` and
   * `redirect`, within this server; the host in the URL is not looked at.
   */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Drops every connection and refuses new ones. What the server knows stays. */
  stop(): Promise<void>;
  /** Serves again, at the same address. */
  restart(): Promise<void>;
}

export interface Routes<Route extends string> {
  /** The route a request is for, whatever its method. */
  routeOf(url: URL): Route | undefined;
  /** The server's answer. */
  answer(request: Request, url: URL, route: Route | undefined): Response | Promise<Response>;
}

export async function startServer<Route extends string>(
  routes: Routes<Route>,
  { clock, port = 0, listen = true, keepAlive = false, journalLimit = 10_000 }: ServerOptions,
): Promise<SimulatedServer<Route>> {
  const faults = new Faults<Route>();
  const journal = new Journal<Route>(journalLimit);
  /** Aborted by `stop`; a fresh one by `restart`. */
  let running = new AbortController();
  let http: Server | undefined;
  let origin = 'http://simulator.invalid';

  async function exchange(request: Request): Promise<Response> {
    if (running.signal.aborted) throw new NoAnswer('ECONNREFUSED');
    request.signal.throwIfAborted();

    const url = new URL(request.url);
    const route = routes.routeOf(url);
    const body = request.body ? await request.clone().text() : '';
    const entry = journalEntry(request, url, body, route, clock.now());
    journal.arrived(entry);

    const stopped = running.signal;
    const work = () =>
      url.pathname === LOGIN_PAGE_PATH ? page(LOGIN_PAGE) : routes.answer(request, url, route);
    try {
      const answer = await answerUnder(faults.take(route, request), work, () =>
        AbortSignal.any([request.signal, stopped]),
      );
      // By the simulator's clock, since a Retry-After in the form of a date is read against it.
      answer.headers.set('date', new Date(clock.now()).toUTCString());
      journal.answered(entry, answer.status);
      return answer;
    } catch (error) {
      request.signal.throwIfAborted();
      if (stopped.aborted) throw new NoAnswer('ECONNRESET');
      throw error;
    }
  }

  async function open(): Promise<void> {
    running = new AbortController();
    if (!listen) return;
    http = await listenOn(port, (incoming, outgoing) => {
      if (!keepAlive) outgoing.setHeader('connection', 'close');
      return serve(exchange, origin, incoming, outgoing);
    });
    port = (http.address() as AddressInfo).port;
    origin = `http://127.0.0.1:${port}`;
  }

  await open();
  return {
    origin,
    faults,
    journal,
    fetch: (input, init) => follow(exchange, new Request(input, init)),
    async stop() {
      running.abort();
      if (http) await close(http);
      http = undefined;
    },
    async restart() {
      if (running.signal.aborted) await open();
    },
  };
}

function journalEntry<Route extends string>(
  request: Request,
  url: URL,
  body: string,
  route: Route | undefined,
  at: number,
): JournalEntry<Route> {
  const { method, headers } = request;
  const { pathname: path, searchParams: query } = url;
  return { method, path, query, headers, body, route, at, status: undefined };
}

// ---- over a socket -----------------------------------------------------------------------------

type Exchange = (request: Request) => Promise<Response>;

function listenOn(
  port: number,
  onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((incoming, outgoing) => void onRequest(incoming, outgoing));
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function serve(
  exchange: Exchange,
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  // A client that hung up is no concern of the server's.
  outgoing.on('error', () => {});
  try {
    await send(await exchange(await toRequest(origin, incoming, outgoing)), outgoing);
  } catch (error) {
    if (outgoing.destroyed) return;
    if (error instanceof NoAnswer) outgoing.socket?.resetAndDestroy();
    // The simulator's own fault, or a fault that does not fit: said aloud, in the test that sees it.
    else if (!outgoing.headersSent) outgoing.writeHead(500).end(`Simulator: ${String(error)}`);
    else outgoing.destroy();
  }
}

async function toRequest(
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<Request> {
  const hungUp = new AbortController();
  outgoing.once('close', () => hungUp.abort());

  const { method = 'GET', url = '/' } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = method === 'GET' || method === 'HEAD' ? null : Buffer.concat(chunks);

  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Request(origin + url, { method, headers, body, signal: hungUp.signal });
}

async function send(answer: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  const reader = answer.body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read();
      if (!chunk || chunk.done) break;
      await written(outgoing, chunk.value);
    }
    outgoing.end();
  } catch {
    // The body broke off: what was written has left, and the connection closes under the rest.
    outgoing.destroy();
  }
}

function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

// ---- in process --------------------------------------------------------------------------------

/** As many as the Fetch standard allows. */
const MOST_REDIRECTS = 20;

/**
 * What a browser's or Node's fetch does with redirects, as far as they stay on this server; but a
 * body is not sent again after a 307 or 308.
 */
async function follow(exchange: Exchange, request: Request, hops = 0): Promise<Response> {
  const answer = await exchange(request);
  const location = answer.headers.get('location');
  const redirected = location !== null && answer.status >= 300 && answer.status < 400;
  if (!redirected || request.redirect === 'manual') return arrived(answer, request.url, hops);
  if (request.redirect === 'error' || hops === MOST_REDIRECTS) throw new TypeError('fetch failed');

  const target = new URL(location, request.url);
  if (target.origin !== new URL(request.url).origin) throw new NoAnswer('ECONNREFUSED');
  return follow(exchange, redirectedTo(target, request, answer.status), hops + 1);
}

function redirectedTo(target: URL, request: Request, status: number): Request {
  const keepsMethod = status === 307 || status === 308;
  const { headers, signal } = request;
  return new Request(target, { headers, signal, method: keepsMethod ? request.method : 'GET' });
}

/** Gives an answer the two fields that only a fetch can set. */
function arrived(answer: Response, url: string, hops: number): Response {
  return Object.defineProperties(answer, {
    url: { value: url },
    redirected: { value: hops > 0 },
  });
}
