/** The HTTP server behind the local addresses. Loaded only when an account has one. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { MINUTE_MS, SECOND_MS, sleep, type Clock } from '../../clock.ts';
import { failed, success, type Result } from '../../result.ts';
import type { Account } from '../../sessions/account.ts';
import { LOCAL_HOST } from './address.ts';
import { readBody } from './body.ts';
import { Connections } from './connections.ts';
import { Forwarder, type ForwarderDeps } from './forwarder.ts';
import { admit, checkMethod, isRead, plainPath, type Admitted } from './gate.ts';
import { toClient } from './headers.ts';
import { problem, problemJson, type ProblemDetails } from './problem.ts';
import { relay } from './relay.ts';
import { RequestQueue } from './request-queue.ts';
import { findByToken, WrongTokenDelay } from './tokens.ts';

const MAX_HEADER_BYTES = 16 * 1024;
/** How long a client may take to send a request's head. Programs on this computer need milliseconds. */
const MAX_HEAD_MS = 10 * SECOND_MS;
/** How long an idle connection stays open for the client's next request. */
const KEEP_CONNECTION_MS = MINUTE_MS;
/** How long a connection may be silent. Longer than the forwarder waits for a server. */
const MAX_SILENCE_MS = 6 * MINUTE_MS;

export interface ServerDeps extends ForwarderDeps {
  readonly clock: Clock;
  /** The accounts that have a local address now. */
  readonly accounts: () => readonly Account[];
  /** Called for each admitted request to an account's server. */
  readonly onUse: (accountId: string) => void;
  readonly logError: (error: unknown) => void;
}

interface Exchange {
  readonly accountId: string;
  readonly token: string;
  readonly abort: AbortController;
}

export class LocalServer {
  readonly #deps: ServerDeps;
  readonly #http: Server;
  readonly #connections: Connections;
  readonly #forwarder: Forwarder;
  readonly #queue = new RequestQueue();
  readonly #wrongTokens: WrongTokenDelay;
  readonly #exchanges = new Set<Exchange>();
  #host = '';

  constructor(deps: ServerDeps) {
    this.#deps = deps;
    this.#forwarder = new Forwarder(deps);
    this.#wrongTokens = new WrongTokenDelay(deps.clock);
    this.#http = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: MAX_HEAD_MS,
      // No limit, because a long body may take minutes.
      requestTimeout: 0,
      connectionsCheckingInterval: SECOND_MS,
      keepAliveTimeout: KEEP_CONNECTION_MS,
      insecureHTTPParser: false,
    });
    this.#http.timeout = MAX_SILENCE_MS;
    // No limit: Node would drop all headers after the 2,000th, and the gate would not see them.
    this.#http.maxHeadersCount = 0;
    this.#connections = new Connections(this.#http);
    const serve = (incoming: IncomingMessage, outgoing: ServerResponse) =>
      void this.#serve(incoming, outgoing).catch(deps.logError);
    this.#http.on('request', serve);
    // Without this listener, Node would ask for the body before the gate has checked the head.
    this.#http.on('checkContinue', serve);
    // Nothing listens for `connect`, so Node closes tunnels without an answer.
  }

  /** @throws if the port cannot be opened, for example EADDRINUSE */
  listen(port: number): Promise<void> {
    this.#host = `${LOCAL_HOST}:${port}`;
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen({ host: LOCAL_HOST, port, exclusive: true }, () => {
        this.#http.off('error', reject).on('error', this.#deps.logError);
        resolve();
      });
    });
  }

  close(): Promise<void> {
    for (const { abort } of this.#exchanges) abort.abort();
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  /** Ends the requests to local addresses that are no longer valid. */
  endRevoked(): void {
    const accounts = this.#deps.accounts();
    for (const { accountId, token, abort } of this.#exchanges) {
      const isValid = accounts.some(
        ({ saved: { id }, localToken }) => id === accountId && localToken === token,
      );
      if (!isValid) abort.abort();
    }
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { socket } = incoming;
    // The client disconnected. The listeners of `close` handle this.
    for (const stream of [incoming, outgoing]) stream.on('error', () => undefined);
    if (!this.#connections.begin(socket)) return void socket.destroy();
    outgoing.once('close', () => this.#connections.ended(socket));

    const admitted = admit(incoming, this.#host);
    if (!admitted.ok) return refuse(outgoing, admitted.error);
    const { token } = admitted.value;
    const account = findByToken(token, this.#deps.accounts());
    if (!account) {
      await sleep(this.#deps.clock, this.#wrongTokens.next());
      return refuse(outgoing, UNKNOWN);
    }
    this.#connections.trust(socket);
    const refusal = check(incoming.method, admitted.value, account);
    if (refusal) return refuse(outgoing, refusal);

    const exchange = { accountId: account.saved.id, token, abort: new AbortController() };
    const { abort } = exchange;
    this.#exchanges.add(exchange);
    outgoing.once('close', () => {
      // Abort only an unfinished request, because creating an error for each abort took a tenth of the time.
      if (!outgoing.writableFinished || !incoming.complete) abort.abort();
    });
    abort.signal.addEventListener('abort', () => outgoing.destroy());
    try {
      await this.#exchange(account, admitted.value, { incoming, outgoing, signal: abort.signal });
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    } finally {
      this.#exchanges.delete(exchange);
      if (!outgoing.writableEnded) outgoing.destroy();
    }
  }

  async #exchange(
    { saved, server }: Account,
    admitted: Admitted,
    { incoming, outgoing, signal }: Wire,
  ): Promise<void> {
    const { path, query } = admitted;
    const { method = '', rawHeaders } = incoming;
    if (incoming.headers.expect !== undefined) outgoing.writeContinue();
    const body = isRead(method) ? undefined : await readBody(incoming);
    const account = (): Result<Account, ProblemDetails> => {
      const found = findByToken(admitted.token, this.#deps.accounts());
      if (!found) return failed(UNKNOWN);
      const refusal = check(method, admitted, found);
      return refusal ? failed(refusal) : success(found);
    };
    const request = { account, method, path, query, rawHeaders, body, signal };
    const hasRun = await this.#queue.run(server, signal, async () => {
      this.#deps.onUse(saved.id);
      const forwarded = await this.#forwarder.forward(request);
      if (!forwarded.ok) return refuse(outgoing, forwarded.error);
      const { answer, key } = forwarded.value;
      outgoing.writeHead(answer.status, toClient(answer.headers, key));
      if (answer.body && method !== 'HEAD') {
        return relay(answer.body, outgoing, { key, signal });
      }
      answer.body?.destroy();
      outgoing.end();
    });
    if (!hasRun) refuse(outgoing, BUSY);
  }
}

interface Wire {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly signal: AbortSignal;
}

const UNKNOWN = problem(
  404,
  'Keyvigil does not know this local address. Copy it again in the details of the account.',
);
const BUSY = problem(429, 'Too many requests wait for this server already. Send fewer at once.', {
  'Retry-After': '1',
});

/** @returns why the account's local address does not allow the request */
function check(method: string | undefined, admitted: Admitted, account: Account) {
  const access = account.saved.scripts.localAddress === 'write' ? 'write' : 'read';
  return checkMethod(method, access) ?? checkPath(admitted, account);
}

/** Programs must not sign in or out, because they could end a session that others use. */
function checkPath({ path }: Admitted, { system }: Account): ProblemDetails | undefined {
  const plain = plainPath(path).toLowerCase();
  const isReserved = system.signInPaths.some((prefix) => plain.startsWith(prefix));
  return isReserved
    ? problem(403, 'Keyvigil signs in and out itself. Leave this request out.')
    : undefined;
}

function refuse(outgoing: ServerResponse, refusal: ProblemDetails): void {
  const text = problemJson(refusal);
  outgoing.writeHead(refusal.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    // Close the connection, so that an unread body is not parsed as the next request.
    ...(!outgoing.req.complete && { Connection: 'close' }),
    ...refusal.headers,
  });
  outgoing.end(outgoing.req.method === 'HEAD' ? undefined : text);
}
