/**
 * Makes faults between a client and a server. Each simulator has `faults`: `faults.next(serverError(), { route: 'login' })`.
 * A fault is the same over a socket and in process. After a broken connection, fetch rejects with an error like `NoAnswer`.
 * The body of a broken answer ends with an error.
 */
import { HTML } from './answers.ts';

/** A client must know whether the server did its work before the fault, so each kind of fault says so. */
export type Fault =
  /** The server does its work at once. The answer waits until `release` is called. */
  | { kind: 'held'; released: Promise<void>; release: () => void }
  /** The server does its work. The connection breaks after `afterBytes` of the body; by default, after half of the body. */
  | { kind: 'cut off'; afterBytes?: number }
  /** The server does its work. The answer has another body. */
  | { kind: 'altered'; alter: (body: string) => string }
  /** The server does no work. The client gets another answer. */
  | { kind: 'instead'; answer: () => Response }
  /** The server does no work. The connection is refused, or it breaks before any answer. */
  | { kind: 'no answer'; code: 'ECONNREFUSED' | 'ECONNRESET' };

/** A fetch without an answer rejects with this error, which has the shape of Node's own error. */
export class NoAnswer extends TypeError {
  override readonly name = 'TypeError';

  constructor(code: 'ECONNREFUSED' | 'ECONNRESET') {
    super('fetch failed', { cause: Object.assign(new Error(`simulated ${code}`), { code }) });
  }
}

// ---- the faults --------------------------------------------------------------------------------

/** One call of `release` releases the answers to all requests that had this fault. */
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
 * Over a socket, this fault is a reset, because the connection is open before the fault is chosen.
 * For a real refusal, call the simulator's `stop()`.
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
  /** The header Retry-After, in seconds. */
  retryAfter?: number;
  body?: string;
}

export function serviceUnavailable({ retryAfter, body }: WaitOptions = {}): Fault {
  return instead(503, body ?? 'Service Unavailable', retryAfterHeader(retryAfter));
}

export function tooManyRequests({ retryAfter, body }: WaitOptions = {}): Fault {
  return instead(429, body ?? 'Too Many Requests', retryAfterHeader(retryAfter));
}

/** Answers 200 with a page that has no login form, as a proxy or a server under maintenance does. */
export function htmlPage(): Fault {
  return instead(200, MAINTENANCE_PAGE, HTML);
}

/** Answers 200 with a login page, as for an expired session, or as a captive portal does. */
export function loginPage(): Fault {
  return instead(200, LOGIN_PAGE, HTML);
}

/** Redirects to another page, as a captive portal does. */
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

/** Removes a field from the server's own JSON object. */
export function missingField(field: string): Fault {
  return alteredObject(({ [field]: _dropped, ...rest }) => rest);
}

/** Replaces the value of a field in the server's own JSON object. */
export function changedField(field: string, value: unknown): Fault {
  return alteredObject((object) => ({ ...object, [field]: value }));
}

// ---- choosing a fault --------------------------------------------------------------------------

/** The requests that a fault is for. By default, a fault is for all requests. */
export interface FaultScope<Route extends string> {
  route?: Route;
  /** A condition, for example that the request is from one user. */
  where?: (request: Request) => boolean;
}

interface Planned<Route extends string> {
  fault: Fault;
  scope: FaultScope<Route>;
}

/** The faults of `next` come first, in their order. Then comes the latest fault of `always` that matches. */
export class Faults<Route extends string> {
  readonly #next: Planned<Route>[] = [];
  readonly #always: Planned<Route>[] = [];

  /** The fault is for the next request in its scope. */
  next(fault: Fault, scope: FaultScope<Route> = {}): void {
    this.#next.push({ fault, scope });
  }

  /** The fault is for every request in its scope, until `clear`. */
  always(fault: Fault, scope: FaultScope<Route> = {}): void {
    this.#always.unshift({ fault, scope });
  }

  /** Forgets all faults, but does not release the answers that are held. */
  clear(): void {
    this.#next.length = 0;
    this.#always.length = 0;
  }

  /** Chooses the fault for this request. Only the simulator calls this method. */
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
  // Announce at least one byte more than is sent, so that a client always notices the loss.
  headers.set('content-length', String(Math.max(whole.length, part.length + 1)));

  const chunks = part.length > 0 ? [part] : [];
  const body = new ReadableStream<Uint8Array>(
    {
      // Send the chunk from `pull`: an error drops any chunk that is still queued.
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
