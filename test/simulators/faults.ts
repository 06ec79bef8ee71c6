/**
 * What can go wrong between a client and a server, on demand. Every simulator has a `faults`:
 *
 *     simulator.faults.next(serverError(), { route: 'login' });
 *     simulator.faults.always(loginPage(), { route: 'version' });
 *     simulator.faults.clear();
 *
 * Faults are stated in the terms of fetch, so they hold alike over a socket and in process:
 * a broken connection is a rejection with `NoAnswer`, a broken answer is a body stream that errors.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { HTML } from './answers.ts';

/**
 * One fault. Which of them let the server do its work first matters to a client (was that login
 * counted? is there a session now?), so each kind says.
 */
export type Fault =
  /** The server works at once; its answer arrives `ms` of real time later. */
  | { kind: 'slow'; ms: number }
  /** The server works at once; its answer arrives when `release` is called. */
  | { kind: 'held'; released: Promise<void>; release: () => void }
  /** The server works; the connection dies after `afterBytes` of the body, default half of it. */
  | { kind: 'cut off'; afterBytes?: number }
  /** The server works; its own answer arrives with another body. */
  | { kind: 'altered'; alter: (body: string) => string }
  /** The server does no work; something else answers in its place. */
  | { kind: 'instead'; answer: () => Response }
  /** The server does no work; the connection dies before any answer. */
  | { kind: 'no answer'; code: 'ECONNREFUSED' | 'ECONNRESET' };

/** What a fetch rejects with when there was no answer: shaped as Node's own. */
export class NoAnswer extends TypeError {
  override readonly name = 'TypeError';

  constructor(code: 'ECONNREFUSED' | 'ECONNRESET') {
    super('fetch failed', { cause: Object.assign(new Error(`simulated ${code}`), { code }) });
  }
}

// ---- the faults --------------------------------------------------------------------------------

export function slow(ms: number): Fault {
  return { kind: 'slow', ms };
}

/** Used for several requests, one release lets all of them go. */
export function held(): Extract<Fault, { kind: 'held' }> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { kind: 'held', released, release };
}

export function cutOff(afterBytes?: number): Fault {
  return afterBytes === undefined ? { kind: 'cut off' } : { kind: 'cut off', afterBytes };
}

/**
 * In process: ECONNREFUSED. Over a socket the connection has been accepted by the time a fault can
 * be chosen, so it is reset instead; for a refusal by TCP itself, `stop()` the simulator.
 */
export function connectionRefused(): Fault {
  return { kind: 'no answer', code: 'ECONNREFUSED' };
}

export function connectionReset(): Fault {
  return { kind: 'no answer', code: 'ECONNRESET' };
}

export function serverError(status = 500, body = 'Internal Server Error'): Fault {
  return instead(status, body);
}

/** Retry-After in either of its forms (RFC 9110, 10.2.3): a number of seconds, or a date. */
export interface RetryAfter {
  retryAfter?: number | Date;
  body?: string;
}

export function serviceUnavailable(options: RetryAfter = {}): Fault {
  return instead(503, options.body ?? 'Service Unavailable', retryAfterHeader(options));
}

export function tooManyRequests(options: RetryAfter = {}): Fault {
  return instead(429, options.body ?? 'Too Many Requests', retryAfterHeader(options));
}

/** 200 with a page that is nobody's login: a proxy's notice, a maintenance page. */
export function htmlPage(html = MAINTENANCE_PAGE): Fault {
  return instead(200, html, HTML);
}

/** 200 with a login page: an expired session, or a captive portal that answers in place. */
export function loginPage(html = LOGIN_PAGE): Fault {
  return instead(200, html, HTML);
}

/** By default to a page of the simulator's own, which answers as `loginPage` does. */
export function redirect(location = LOGIN_PAGE_PATH, status = 302): Fault {
  return { kind: 'instead', answer: () => new Response(null, { status, headers: { location } }) };
}

export function invalidJson(): Fault {
  return { kind: 'altered', alter: (body) => body.slice(0, -1) + ',,' };
}

export function emptyBody(): Fault {
  return { kind: 'altered', alter: () => '' };
}

/** The server's own JSON object without one of its fields. */
export function missingField(field: string): Fault {
  return alteredObject(({ [field]: _dropped, ...rest }) => rest);
}

/** The server's own JSON object with another value in one field: another type, null, a new field. */
export function changedField(field: string, value: unknown): Fault {
  return alteredObject((object) => ({ ...object, [field]: value }));
}

// ---- choosing and applying ---------------------------------------------------------------------

/** Which requests a fault is for: all of them, unless said. */
export interface FaultScope<Route extends string> {
  route?: Route;
  /** For one user's requests only, say. */
  where?: (request: Request) => boolean;
}

interface Planned<Route extends string> {
  fault: Fault;
  scope: FaultScope<Route>;
  left: number;
}

/**
 * The faults to come. Those from `next` are used up first, in the order they were given; then the
 * latest `always` that matches.
 */
export class Faults<Route extends string> {
  readonly #next: Planned<Route>[] = [];
  readonly #always: Planned<Route>[] = [];

  /** For the next `times` requests in scope, one unless said. */
  next(fault: Fault, { times = 1, ...scope }: FaultScope<Route> & { times?: number } = {}): void {
    this.#next.push({ fault, scope, left: times });
  }

  /** For every request in scope, until `clear`. */
  always(fault: Fault, scope: FaultScope<Route> = {}): void {
    this.#always.unshift({ fault, scope, left: Infinity });
  }

  /** All is well again. Answers being held stay so until they are released. */
  clear(): void {
    this.#next.length = 0;
    this.#always.length = 0;
  }

  /** The fault for this request, if any; for the plumbing, not for tests. */
  take(route: Route | undefined, request: Request): Fault | undefined {
    const matches = ({ scope, left }: Planned<Route>) =>
      left > 0 &&
      (scope.route === undefined || scope.route === route) &&
      (scope.where?.(request) ?? true);
    const planned = this.#next.find(matches) ?? this.#always.find(matches);
    if (planned) planned.left -= 1;
    return planned?.fault;
  }
}

/**
 * The answer to one request under a fault.
 * @param work what the server would have answered; called at most once
 * @param gone aborts a wait, when the client hangs up or the server stops
 * @throws NoAnswer when the connection dies before any answer
 */
export async function answerUnder(
  fault: Fault | undefined,
  work: () => Response | Promise<Response>,
  gone: () => AbortSignal,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
      return work();
    case 'slow': {
      const answer = await work();
      await sleep(fault.ms, undefined, { signal: gone() });
      return answer;
    }
    case 'held': {
      const answer = await work();
      await unlessAborted(fault.released, gone());
      return answer;
    }
    case 'cut off':
      return cutShort(await work(), fault.afterBytes);
    case 'altered':
      return altered(await work(), fault.alter);
    case 'instead':
      return fault.answer();
    case 'no answer':
      throw new NoAnswer(fault.code);
  }
}

function unlessAborted(wait: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void wait.then(resolve);
  });
}

async function cutShort(answer: Response, afterBytes?: number): Promise<Response> {
  const whole = new Uint8Array(await answer.arrayBuffer());
  const part = whole.slice(0, afterBytes ?? Math.floor(whole.length / 2));
  const headers = new Headers(answer.headers);
  // One more than was sent even where the body is empty, so that the loss is always noticed.
  headers.set('content-length', String(Math.max(whole.length, part.length + 1)));

  const chunks = part.length > 0 ? [part] : [];
  const body = new ReadableStream<Uint8Array>(
    {
      // By pull, since an error drops whatever is still queued.
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.error(new TypeError('terminated', { cause: new NoAnswer('ECONNRESET') }));
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: answer.status, headers });
}

async function altered(answer: Response, alter: (body: string) => string): Promise<Response> {
  const { status, headers } = answer;
  return new Response(alter(await answer.text()), { status, headers });
}

function alteredObject(change: (object: Record<string, unknown>) => unknown): Fault {
  return {
    kind: 'altered',
    alter(body) {
      const value: unknown = JSON.parse(body);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new Error(`This fault needs an answer that is a JSON object, not ${body}`);
      }
      return JSON.stringify(change(value as Record<string, unknown>));
    },
  };
}

function instead(status: number, body: string, headers: Record<string, string> = {}): Fault {
  return {
    kind: 'instead',
    answer: () =>
      new Response(body, { status, headers: { 'content-type': 'text/plain', ...headers } }),
  };
}

function retryAfterHeader({ retryAfter }: RetryAfter): Record<string, string> {
  if (retryAfter === undefined) return {};
  return {
    'retry-after': typeof retryAfter === 'number' ? String(retryAfter) : retryAfter.toUTCString(),
  };
}

// ---- pages -------------------------------------------------------------------------------------

/** Where `redirect` leads unless told otherwise. */
export const LOGIN_PAGE_PATH = '/simulated/login.html';

export const LOGIN_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Log in</title></head>
<body><form method="post"><label>User name <input name="username"></label>
<label>Password <input name="password" type="password"></label>
<button>Log in</button></form></body></html>
`;

const MAINTENANCE_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Maintenance</title></head>
<body><h1>We will be back soon</h1></body></html>
`;
