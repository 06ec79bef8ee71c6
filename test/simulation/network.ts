import { SECOND_MS } from '../../main/clock.ts';
import { HTML, page } from '../simulators/answers.ts';
import { LOGIN_PAGE, NoAnswer } from '../simulators/faults.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { NetworkFault, Outage, Throttle } from './events.ts';
import type { LoginAudit, SentLogin } from './login-audit.ts';
import type { SeededRandom } from './random.ts';
import type { WorldServer } from './world-server.ts';
import type { ServerState, WorldState } from './world-state.ts';

const MIN_LATENCY_MS = 20;
const MAX_LATENCY_MS = 120;
/** Some slow answers take longer than the time limit of 15 s. */
const SLOW_MS = [2 * SECOND_MS, 60 * SECOND_MS] as const;

/** The probability of one of these faults, for each request. */
const ANSWER_FAULT_CHANCE = { usual: 0.003, badConnection: 0.3 };

const ANSWER_FAULTS = ['request lost', 'answer lost', 'answer cut off', 'slow'] as const;
type AnswerFault = (typeof ANSWER_FAULTS)[number];

/**
 * The network between the machine and its servers, as a `fetch`. It has a latency on the virtual clock, and every kind of fault.
 */
export class Network {
  /** Counts the requests that left the machine. */
  requests = 0;
  /** Counts the requests that reached a server which could answer. */
  answerable = 0;
  /** Counts the requests that could not leave the machine. */
  unsent = 0;
  maxConcurrent = 0;
  /** If true, single answers are lost or slow. */
  hasAnswerFaults = false;
  /** The network calls this function when a request has ended, also after an error. */
  onRequestEnded: (server: WorldServer) => void = () => {};

  readonly #clock: VirtualClock;
  readonly #state: WorldState;
  readonly #random: SeededRandom;
  readonly #logins: LoginAudit;
  readonly #servers: ReadonlyMap<string, WorldServer>;
  readonly #concurrent = new Map<WorldServer, number>();
  /** Each function breaks one connection. */
  readonly #connections = new Set<(error: Error) => void>();
  #inFlight = 0;

  constructor(
    servers: readonly WorldServer[],
    clock: VirtualClock,
    state: WorldState,
    random: SeededRandom,
    logins: LoginAudit,
  ) {
    this.#servers = new Map(servers.map((server) => [server.host, server]));
    this.#clock = clock;
    this.#state = state;
    this.#random = random;
    this.#logins = logins;
  }

  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const host = url.slice('https://'.length, url.indexOf('/', 'https://'.length));
    const server = this.#servers.get(host);
    if (!server) throw new Error(`There is no server ${host} in this world.`);
    const concurrent = (this.#concurrent.get(server) ?? 0) + 1;
    this.#concurrent.set(server, concurrent);
    this.maxConcurrent = Math.max(this.maxConcurrent, concurrent);
    this.#inFlight++;
    try {
      return await this.#exchange(server, url, init);
    } finally {
      this.#inFlight--;
      this.#concurrent.set(server, this.#concurrent.get(server)! - 1);
      this.onRequestEnded(server);
    }
  };

  /** Breaks all connections, because none survives when the machine falls asleep. */
  breakConnections(): void {
    for (const fail of [...this.#connections]) fail(networkError('ERR_NETWORK_IO_SUSPENDED'));
  }

  async #exchange(server: WorldServer, url: string, init: RequestInit): Promise<Response> {
    const { networkFault } = this.#state;
    if (networkFault === 'disconnected' || networkFault === 'no such name') {
      this.unsent++;
      const isDisconnected = networkFault === 'disconnected';
      throw networkError(isDisconnected ? 'ERR_INTERNET_DISCONNECTED' : 'ERR_NAME_NOT_RESOLVED');
    }
    this.requests++;
    const login = server.loginIn(url, init);
    const sent = login && this.#logins.send(server, login);
    const signal = init.signal ?? undefined;
    try {
      await this.#wait(this.#random.between(MIN_LATENCY_MS, MAX_LATENCY_MS), signal);
      const answer = await this.#answer(server, url, init, signal, sent);
      sent?.answered();
      return answer;
    } catch (error) {
      if (isKnownUnsent(error)) sent?.answered();
      else sent?.unanswered();
      throw error;
    }
  }

  async #answer(
    server: WorldServer,
    url: string,
    init: RequestInit,
    signal: AbortSignal | undefined,
    login: SentLogin | undefined,
  ): Promise<Response> {
    const { networkFault } = this.#state;
    if (networkFault) return this.#answerUnderFault(networkFault, signal);
    const serverState = this.#state.servers[server.number]!;
    if (serverState.outage) return this.#answerInOutage(serverState.outage, signal);
    if (serverState.throttle) return this.#askToWait(serverState, serverState.throttle);

    this.answerable++;
    const fault = this.#drawAnswerFault(serverState);
    if (fault === 'request lost') throw new NoAnswer('ECONNRESET');
    // The server goes on working even if the client hangs up.
    const { signal: _signal, ...request } = init;
    const answer = await server.fetch(url, request);
    login?.decided(answer.status, await answer.clone().text());
    if (fault === 'answer lost') throw new NoAnswer('ECONNRESET');
    if (fault === 'answer cut off') {
      login?.unanswered();
      return cutOff(answer);
    }
    if (fault === 'slow') await this.#wait(this.#random.between(...SLOW_MS), signal);
    return answer;
  }

  #drawAnswerFault(serverState: ServerState): AnswerFault | undefined {
    const chance = serverState.hasBadConnection
      ? ANSWER_FAULT_CHANCE.badConnection
      : ANSWER_FAULT_CHANCE.usual;
    if (!this.hasAnswerFaults || !this.#random.chance(chance)) return undefined;
    serverState.add({ at: this.#clock.now(), kind: 'lost answer' });
    return this.#random.pick(ANSWER_FAULTS);
  }

  #answerUnderFault(
    fault: NetworkFault,
    signal: AbortSignal | undefined,
  ): Response | Promise<Response> {
    switch (fault) {
      case 'disconnected':
      case 'no such name':
        throw networkError('ERR_NETWORK_CHANGED');
      case 'no answer':
        return this.#neverAnswer(signal);
      case 'portal page':
        return page(LOGIN_PAGE);
      case 'portal redirect':
        throw new TypeError('fetch failed', { cause: REDIRECT });
      case 'proxy sign-in':
        return new Response(null, { status: 407 });
      case 'bad certificate':
        throw networkError('ERR_CERT_AUTHORITY_INVALID');
    }
  }

  #answerInOutage(outage: Outage, signal: AbortSignal | undefined): Response | Promise<Response> {
    switch (outage) {
      case 'refused':
        throw new NoAnswer('ECONNREFUSED');
      case 'no answer':
        return this.#neverAnswer(signal);
      case 'error 500':
        return new Response('Internal Server Error', { status: 500 });
      case 'error 502':
        return new Response('<html>Bad Gateway</html>', { status: 502, headers: HTML });
      case 'error 503':
        return new Response('Service Unavailable', { status: 503 });
    }
  }

  #askToWait(serverState: ServerState, { status, form, waitMs }: Throttle): Response {
    const now = this.#clock.now();
    serverState.askToWait(now, waitMs);
    const retryAfter =
      form === 'seconds'
        ? String(waitMs / SECOND_MS)
        : form === 'date'
          ? new Date(now + waitMs).toUTCString()
          : form.absurd;
    const date = new Date(now).toUTCString();
    return new Response(null, { status, headers: { 'retry-after': retryAfter, date } });
  }

  async #neverAnswer(signal: AbortSignal | undefined): Promise<never> {
    await this.#wait(Infinity, signal);
    throw new Error('An infinite wait has ended.');
  }

  /** Waits, but rejects if the client aborts or the connection breaks. */
  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        cancelTimer();
        signal?.removeEventListener('abort', abort);
        this.#connections.delete(fail);
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const abort = () => fail(new DOMException('The client aborted the request.', 'AbortError'));
      const cancelTimer =
        ms === Infinity
          ? () => {}
          : this.#clock.setTimer(ms, () => {
              end();
              resolve();
            });
      this.#connections.add(fail);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort);
    });
  }
}

/** A fetch with `redirect: 'error'` rejects with this error when it meets a redirect. */
const REDIRECT = new Error('unexpected redirect');

/** Electron's `net.fetch` rejects with errors of this form. */
function networkError(code: string): Error {
  return new Error(`net::${code}`);
}

/** @returns whether this error tells the client that the server never saw the request */
function isKnownUnsent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause, message } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || cause === REDIRECT || message.includes('ERR_CERT');
}

/** The head of the answer arrives, but nothing of its body. */
function cutOff({ status, headers }: Response): Response {
  const body = new ReadableStream({
    pull: (controller) =>
      controller.error(new TypeError('terminated', { cause: new NoAnswer('ECONNRESET') })),
  });
  return new Response(body, { status, headers });
}
