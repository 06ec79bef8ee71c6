/**
 * The parts of a simulator besides its routes: a socket on this machine, the same server without a socket, faults, and a
 * journal.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerUnder, Faults, NoAnswer } from './faults.ts';
import { Journal } from './journal.ts';

/** Tells the time in milliseconds since 1970. */
export interface Clock {
  now(): number;
}

export interface ServerOptions {
  clock: Clock;
  /** If false, the simulator has no socket, only `fetch`. */
  listen?: boolean;
  /**
   * False by default: each answer closes its connection, so that no test depends on which connection a client reuses.
   * IIS keeps connections open.
   */
  keepAlive?: boolean;
  /** The journal keeps at least this many entries. The default is 10,000. */
  journalLimit?: number;
}

export interface SimulatedServer<Route extends string> {
  /** The address `http://127.0.0.1:PORT`, or an address that leads nowhere if there is no socket. */
  readonly origin: string;
  readonly faults: Faults<Route>;
  readonly journal: Journal<Route>;
  /** Calls the same server without a socket. This `fetch` ignores the host and follows no redirects. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Breaks every connection and refuses new ones. The server keeps its sessions. */
  stop(): Promise<void>;
  /** Serves again at the same address. */
  restart(): Promise<void>;
}

export interface Routes<Route extends string> {
  /** @returns the route of a request with any method */
  routeOf(url: URL): Route | undefined;
  answer(request: Request, url: URL, route: Route | undefined): Response | Promise<Response>;
}

export async function startServer<Route extends string>(
  routes: Routes<Route>,
  { clock, listen = true, keepAlive = false, journalLimit = 10_000 }: ServerOptions,
): Promise<SimulatedServer<Route>> {
  const faults = new Faults<Route>();
  const journal = new Journal<Route>(journalLimit);
  /** `stop` aborts this controller, and `restart` replaces it. */
  let running = new AbortController();
  let http: Server | undefined;
  let port = 0;
  let origin = 'http://simulator.invalid';

  async function exchange(request: Request): Promise<Response> {
    if (running.signal.aborted) throw new NoAnswer('ECONNREFUSED');
    request.signal.throwIfAborted();

    const url = new URL(request.url);
    const route = routes.routeOf(url);
    const { method, headers } = request;
    const entry = journal.add({
      method,
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: request.body ? await request.clone().text() : '',
      route,
      at: clock.now(),
      status: undefined,
    });

    const stopped = running.signal;
    try {
      const answer = await answerUnder(
        faults.take(route, request),
        () => routes.answer(request, url, route),
        () => AbortSignal.any([request.signal, stopped]),
      );
      // Use the simulator's clock: a client compares a Retry-After date with this date.
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
    fetch: (input, init) => fetchInProcess(exchange, new Request(input, init)),
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

type Exchange = (request: Request) => Promise<Response>;

// ---- in process --------------------------------------------------------------------------------

async function fetchInProcess(exchange: Exchange, request: Request): Promise<Response> {
  const answer = await exchange(request);
  const isRedirect = answer.status >= 300 && answer.status < 400;
  if (isRedirect && request.redirect !== 'manual') throw new TypeError('unexpected redirect');
  // Without a real fetch, a response has no URL, so set the URL here.
  return Object.defineProperty(answer, 'url', { value: request.url });
}

// ---- over a socket -----------------------------------------------------------------------------

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
  // A client may hang up, which is no error here.
  outgoing.on('error', () => {});
  try {
    await send(await exchange(await toRequest(origin, incoming, outgoing)), outgoing);
  } catch (error) {
    if (outgoing.destroyed) return;
    if (error instanceof NoAnswer) outgoing.socket?.resetAndDestroy();
    // The simulator has a bug, or the fault does not fit the answer. The test must see this error.
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
    // The body broke. Node sends what was written, and then the connection closes.
    outgoing.destroy();
  }
}

function written(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
