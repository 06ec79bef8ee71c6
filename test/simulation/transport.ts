import { SECOND_MS } from '../../main/clock.ts';
import { HTML, page } from '../simulators/answers.ts';
import { LOGIN_PAGE, NoAnswer } from '../simulators/faults.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { Conditions, ServerConditions } from './conditions.ts';
import type { Dice } from './dice.ts';
import type { LoginBook, SentLogin } from './login-book.ts';
import type { Server } from './servers.ts';
import type { NetworkTrouble, Outage, Throttle } from './weather.ts';

/** What a request takes on a day without trouble. */
const QUICKEST_MS = 20;
const USUAL_MS = 120;
/** Some of these are beyond the time limit of 15 s. */
const SLOW_MS = [2 * SECOND_MS, 60 * SECOND_MS] as const;

/** How often an answer is lost, or slow: on most days, and on a bad line. */
const MISHAP = { usually: 0.003, onBadLine: 0.3 };

type Mishap = 'lost on the way there' | 'lost on the way back' | 'cut off' | 'slow';
const MISHAPS = ['lost on the way there', 'lost on the way back', 'cut off', 'slow'] as const;

/**
 * The way from the machine to its servers, as `fetch` sees it: with the time that it takes, on the virtual clock, and everything that
 * can stand in between.
 */
export class Transport {
  /** Requests that left the machine, whatever became of them. */
  requests = 0;
  /** Of those, the ones that reached a server which could answer. */
  answerable = 0;
  /** Requests that could not even leave it. */
  unsent = 0;
  mostAtOnce = 0;
  /** Answers are lost now and then, as on every network. */
  hasMishaps = false;
  /** Called when a request is over, whatever came of it. */
  onOver: (server: Server) => void = () => {};

  readonly #clock: VirtualClock;
  readonly #conditions: Conditions;
  readonly #dice: Dice;
  readonly #logins: LoginBook;
  readonly #servers: ReadonlyMap<string, Server>;
  readonly #atOnce = new Map<Server, number>();
  /** What is under way, to be broken off. */
  readonly #underWay = new Set<(reason: Error) => void>();
  #inFlight = 0;

  constructor(
    servers: readonly Server[],
    clock: VirtualClock,
    conditions: Conditions,
    dice: Dice,
    logins: LoginBook,
  ) {
    this.#servers = new Map(servers.map((server) => [server.host, server]));
    this.#clock = clock;
    this.#conditions = conditions;
    this.#dice = dice;
    this.#logins = logins;
  }

  get isIdle(): boolean {
    return this.#inFlight === 0;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const host = url.slice('https://'.length, url.indexOf('/', 'https://'.length));
    const server = this.#servers.get(host);
    if (!server) throw new Error(`There is no ${host} in this world.`);
    const atOnce = (this.#atOnce.get(server) ?? 0) + 1;
    this.#atOnce.set(server, atOnce);
    this.mostAtOnce = Math.max(this.mostAtOnce, atOnce);
    this.#inFlight++;
    try {
      return await this.#exchange(server, url, init);
    } finally {
      this.#inFlight--;
      this.#atOnce.set(server, this.#atOnce.get(server)! - 1);
      this.onOver(server);
    }
  };

  /** The machine falls asleep: no connection survives that. */
  breakOff(): void {
    for (const abort of [...this.#underWay]) abort(networkError('ERR_NETWORK_IO_SUSPENDED'));
  }

  async #exchange(server: Server, url: string, init: RequestInit): Promise<Response> {
    const { trouble } = this.#conditions;
    if (trouble === 'disconnected' || trouble === 'no such name') {
      this.unsent++;
      throw networkError(
        trouble === 'disconnected' ? 'ERR_INTERNET_DISCONNECTED' : 'ERR_NAME_NOT_RESOLVED',
      );
    }
    this.requests++;
    const login = server.loginIn(url, init);
    const sent = login && this.#logins.sent(server, login);
    const signal = init.signal ?? undefined;
    try {
      await this.#pass(this.#dice.between(QUICKEST_MS, USUAL_MS), signal);
      const answer = await this.#answer(server, url, init, signal, sent);
      sent?.answered();
      return answer;
    } catch (error) {
      if (isKnownUnsent(error)) sent?.answered();
      else sent?.lost();
      throw error;
    }
  }

  async #answer(
    server: Server,
    url: string,
    init: RequestInit,
    signal: AbortSignal | undefined,
    login: SentLogin | undefined,
  ): Promise<Response> {
    const { trouble } = this.#conditions;
    if (trouble) return this.#troubled(trouble, signal);
    const conditions = this.#conditions.servers[server.number]!;
    if (conditions.outage) return this.#away(conditions.outage, signal);
    if (conditions.throttle) return this.#throttled(conditions, conditions.throttle);

    this.answerable++;
    const mishap = this.#drawMishap(conditions);
    if (mishap === 'lost on the way there') throw new NoAnswer('ECONNRESET');
    // Whoever hangs up is told so here; the server works on all the same.
    const { signal: _hangsUp, ...request } = init;
    const answer = await server.fetch(url, request);
    login?.worked(answer.status, await answer.clone().text());
    if (mishap === 'lost on the way back') throw new NoAnswer('ECONNRESET');
    if (mishap === 'cut off') {
      login?.lost();
      return cutOff(answer);
    }
    if (mishap === 'slow') await this.#pass(this.#dice.between(...SLOW_MS), signal);
    return answer;
  }

  #drawMishap(conditions: ServerConditions): Mishap | undefined {
    const happens =
      this.hasMishaps && this.#dice.chance(conditions.badLine ? MISHAP.onBadLine : MISHAP.usually);
    conditions.isStruck = happens;
    if (!happens) return undefined;
    conditions.struckAt.push(this.#clock.now());
    return this.#dice.pick(MISHAPS);
  }

  #troubled(
    trouble: NetworkTrouble,
    signal: AbortSignal | undefined,
  ): Response | Promise<Response> {
    switch (trouble) {
      case 'disconnected':
      case 'no such name':
        throw networkError('ERR_NETWORK_CHANGED');
      case 'no answer':
        return this.#nothing(signal);
      case 'portal page':
        return page(LOGIN_PAGE);
      case 'portal redirect':
        throw new TypeError('fetch failed', { cause: PORTAL });
      case 'proxy sign-in':
        return new Response(null, { status: 407 });
      case 'bad certificate':
        throw networkError('ERR_CERT_AUTHORITY_INVALID');
    }
  }

  #away(outage: Outage, signal: AbortSignal | undefined): Response | Promise<Response> {
    switch (outage) {
      case 'refused':
        throw new NoAnswer('ECONNREFUSED');
      case 'no answer':
        return this.#nothing(signal);
      case 'error 500':
        return new Response('Internal Server Error', { status: 500 });
      case 'error 502':
        return new Response('<html>Bad Gateway</html>', { status: 502, headers: HTML });
      case 'error 503':
        return new Response('Service Unavailable', { status: 503 });
    }
  }

  #throttled(conditions: ServerConditions, { status, form, waitMs }: Throttle): Response {
    const now = this.#clock.now();
    conditions.ask(now, waitMs);
    const retryAfter =
      form === 'seconds'
        ? String(waitMs / SECOND_MS)
        : form === 'date'
          ? new Date(now + waitMs).toUTCString()
          : form.absurd;
    const date = new Date(now).toUTCString();
    return new Response(null, { status, headers: { 'retry-after': retryAfter, date } });
  }

  /** What never comes, until whoever asked gives up. */
  async #nothing(signal: AbortSignal | undefined): Promise<never> {
    await this.#pass(Infinity, signal);
    throw new Error('Something came that never comes.');
  }

  /** Time passes; rejects where the request is cancelled, or broken off. */
  #pass(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const over = () => {
        cancelTimer();
        signal?.removeEventListener('abort', cancelled);
        this.#underWay.delete(abort);
      };
      const abort = (reason: Error) => {
        over();
        reject(reason);
      };
      const cancelled = () => abort(new DOMException('This was aborted.', 'AbortError'));
      const cancelTimer =
        ms === Infinity
          ? () => {}
          : this.#clock.setTimer(ms, () => {
              over();
              resolve();
            });
      this.#underWay.add(abort);
      if (signal?.aborted) cancelled();
      else signal?.addEventListener('abort', cancelled);
    });
  }
}

/** What fetch rejects with where it was told to follow no redirect, and meets one. */
const PORTAL = new Error('unexpected redirect');

/** As Electron's `net.fetch` rejects. */
function networkError(code: string): Error {
  return new Error(`net::${code}`);
}

/** Whoever gets this error knows that the server never saw the request. */
function isKnownUnsent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { cause, message } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNREFUSED' || cause === PORTAL || message.includes('ERR_CERT');
}

/** The answer's head arrives, and nothing of its body. */
function cutOff({ status, headers }: Response): Response {
  const body = new ReadableStream({
    pull: (controller) =>
      controller.error(new TypeError('terminated', { cause: new NoAnswer('ECONNRESET') })),
  });
  return new Response(body, { status, headers });
}
