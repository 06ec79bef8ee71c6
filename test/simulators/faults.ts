/**
 * What can go wrong between a client and a server, on demand. Every simulator has `faults`:
 *
 *     simulator.faults.next(serverError(), { route: 'login' });
 *     simulator.faults.always(loginPage(), { route: 'version' });
 *     simulator.faults.clear();
 *
 * A fault is the same over a socket and in process: a broken connection rejects with `NoAnswer`, and
 * a broken answer is a body that ends with an error.
 */
import { HTML } from './answers.ts';

/** For a client it matters whether the server did its work before the fault. So each kind says it. */
export type Fault =
  /** The server works at once. Its answer arrives when `release` is called. */
  | { kind: 'held'; released: Promise<void>; release: () => void }
  /** The server works. The connection breaks after `afterBytes` of the body, by default half of it. */
  | { kind: 'cut off'; afterBytes?: number }
  /** The server works. Its answer arrives with another body. */
  | { kind: 'altered'; alter: (body: string) => string }
  /** The server does no work. Something else answers. */
  | { kind: 'instead'; answer: () => Response }
  /** The server does no work. The connection breaks before any answer. */
  | { kind: 'no answer'; code: 'ECONNREFUSED' | 'ECONNRESET' };

/** What a fetch without an answer rejects with; the same shape as Node's own error. */
export class NoAnswer extends TypeError {
  override readonly name = 'TypeError';

  constructor(code: 'ECONNREFUSED' | 'ECONNRESET') {
    super('fetch failed', { cause: Object.assign(new Error(`simulated ${code}`), { code }) });
  }
}

// ---- the faults --------------------------------------------------------------------------------

/** One `release` releases the answers to all requests that had this fault. */
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
 * Over a socket this is a reset, because the connection is open before the fault is chosen. For a
 * real refusal `stop()` the simulator.
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

interface WaitOptions {
  /** Seconds, for the header Retry-After. */
  retryAfter?: number;
  body?: string;
}

export function serviceUnavailable({ retryAfter, body }: WaitOptions = {}): Fault {
  return instead(503, body ?? 'Service Unavailable', retryAfterHeader(retryAfter));
}

export function tooManyRequests({ retryAfter, body }: WaitOptions = {}): Fault {
  return instead(429, body ?? 'Too Many Requests', retryAfterHeader(retryAfter));
}

/** 200 with a page without a login: a proxy's notice, or maintenance. */
export function htmlPage(): Fault {
  return instead(200, MAINTENANCE_PAGE, HTML);
}

/** 200 with a login page: an expired session, or a captive portal that answers instead of the server. */
export function loginPage(): Fault {
  return instead(200, LOGIN_PAGE, HTML);
}

/** A captive portal that redirects to its own page. */
export function redirect(location = 'https://portal.example/'): Fault {
  return {
    kind: 'instead',
    answer: () => new Response(null, { status: 302, headers: { location } }),
  };
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

/** The server's own JSON object with another value in one field. */
export function changedField(field: string, value: unknown): Fault {
  return alteredObject((object) => ({ ...object, [field]: value }));
}

// ---- choosing a fault --------------------------------------------------------------------------

/** Which requests a fault is for. Default: all. */
export interface FaultScope<Route extends string> {
  route?: Route;
  /** For example, only the requests of one user. */
  where?: (request: Request) => boolean;
}

interface Planned<Route extends string> {
  fault: Fault;
  scope: FaultScope<Route>;
}

/** The faults of `next` come first, in their order. Then comes the latest of `always` that matches. */
export class Faults<Route extends string> {
  readonly #next: Planned<Route>[] = [];
  readonly #always: Planned<Route>[] = [];

  /** For the next request in scope. */
  next(fault: Fault, scope: FaultScope<Route> = {}): void {
    this.#next.push({ fault, scope });
  }

  /** For every request in scope, until `clear`. */
  always(fault: Fault, scope: FaultScope<Route> = {}): void {
    this.#always.unshift({ fault, scope });
  }

  /** Does not release the answers that are held. */
  clear(): void {
    this.#next.length = 0;
    this.#always.length = 0;
  }

  /** The fault for this request. Called by the server, not by tests. */
  take(route: Route | undefined, request: Request): Fault | undefined {
    const matches = ({ scope }: Planned<Route>) =>
      (scope.route === undefined || scope.route === route) && (scope.where?.(request) ?? true);
    const next = this.#next.findIndex(matches);
    const planned = next === -1 ? this.#always.find(matches) : this.#next.splice(next, 1)[0];
    return planned?.fault;
  }
}

// ---- applying a fault --------------------------------------------------------------------------

/**
 * @param work makes the server's own answer
 * @param gone aborts when the client hangs up or the server stops
 * @throws NoAnswer if the connection breaks before any answer
 */
export async function answerUnder(
  fault: Fault | undefined,
  work: () => Response | Promise<Response>,
  gone: () => AbortSignal,
): Promise<Response> {
  switch (fault?.kind) {
    case undefined:
      return work();
    case 'held': {
      const answer = await work();
      await unlessAborted(fault.released, gone());
      return answer;
    }
    case 'cut off':
      return cutShort(await work(), fault.afterBytes);
    case 'altered': {
      const answer = await work();
      const { status, headers } = answer;
      return new Response(fault.alter(await answer.text()), { status, headers });
    }
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
  // At least one byte more than is sent, so that a client always notices the loss.
  headers.set('content-length', String(Math.max(whole.length, part.length + 1)));

  const chunks = part.length > 0 ? [part] : [];
  const body = new ReadableStream<Uint8Array>(
    {
      // By pull, because an error drops whatever is still queued.
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

function alteredObject(change: (object: Record<string, unknown>) => unknown): Fault {
  return {
    kind: 'altered',
    alter(body) {
      const value: unknown = JSON.parse(body);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new Error(`This fault needs a JSON object as answer, but got: ${body}`);
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

function retryAfterHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

// ---- pages -------------------------------------------------------------------------------------

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
