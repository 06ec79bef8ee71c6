/** Sends one HTTP request through the injected fetch, without cookies, and converts errors to failures. */
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { cancelled, type Failure, type Outcome } from './failure.ts';
import { cutOff, toFailure, unreachable } from './network-error.ts';
import type { Services } from './system.ts';

export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Any answer except 5xx, 429 and 407 (from a proxy), which become failures. */
export interface Answer {
  readonly host: string;
  readonly status: number;
  readonly body: string;
  /** Whether the content type or the first characters mark a web page. */
  readonly isPage: boolean;
}

/** Counted after decompression. The longest answer that Keyvigil needs, a page of 100 projects, is far shorter. */
const MAX_BODY_BYTES = 5 * 1024 * 1024;

const MIN_WAIT_MS = 5 * SECOND_MS;
/** The longest wait that a server may ask for. After an hour the session has expired anyway. */
const MAX_WAIT_MS = 60 * MINUTE_MS;

export async function send(
  request: Request,
  services: Services,
  signal: AbortSignal,
): Promise<Outcome<Answer>> {
  try {
    return await services.limit(request.url, signal, () => exchange(request, services, signal));
  } catch (error) {
    if (signal.aborted) return failed(cancelled());
    throw error;
  }
}

async function exchange(
  { url, method, headers, body }: Request,
  { fetch, clock, timeLimitMs }: Services,
  signal: AbortSignal,
): Promise<Outcome<Answer>> {
  const { host } = new URL(url);
  const timeLimit = new AbortController();
  const cancelTimer = clock.setTimer(timeLimitMs, () => timeLimit.abort());
  let response: Response | undefined;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method,
      // Chromium repeats a request if a reused connection breaks, but a login must never be repeated. So reuse no connection.
      headers: { ...headers, Connection: 'close' },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([signal, timeLimit.signal]),
      // Following a redirect would send the key or the password to another server.
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    });
    text = await readBody(response);
  } catch (error) {
    if (signal.aborted) throw error;
    if (timeLimit.signal.aborted) {
      const seconds = Math.round(timeLimitMs / SECOND_MS);
      return failed(unreachable(host, 'time-out', m.no_answer_within({ host, seconds })));
    }
    return failed(response ? cutOff(host) : toFailure(error, host));
  } finally {
    cancelTimer();
  }
  if (text === undefined) {
    return failed({ kind: 'unexpected', message: m.answer_too_long({ host }) });
  }
  return readAnswer(response, text, host, clock.wall());
}

/** Reads the body as text; undefined if it is too long. Stops reading at the limit, so that no answer can fill the memory. */
async function readBody({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function readAnswer(response: Response, body: string, host: string, now: number): Outcome<Answer> {
  const { status, headers } = response;
  // `Retry-After` may be a date. Compare it with the server's clock, because this computer's clock may be hours wrong.
  const serverNow = Date.parse(headers.get('date') ?? '') || now;
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), serverNow);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return failed(wait(host, retryAfterMs ?? 0));
  }
  if (status === 407) {
    return failed(unreachable(host, 'proxy', m.proxy_wants_login({ host })));
  }
  if (status === 504) {
    return failed(unreachable(host, 'time-out', m.gateway_timeout({ host })));
  }
  if (status >= 500) {
    return failed(unreachable(host, 'server-error', m.internal_error({ host, status })));
  }
  const isPage =
    /^\s*<(!doctype|html)/i.test(body) ||
    (/\bhtml\b/i.test(headers.get('content-type') ?? '') && !/^\s*[{["]/.test(body));
  return success({ host, status, body, isPage });
}

function wait(host: string, askedMs: number): Failure {
  const retryAfterMs = Math.min(Math.max(askedMs, MIN_WAIT_MS), MAX_WAIT_MS);
  const message = m.server_is_busy({ host, seconds: Math.ceil(retryAfterMs / SECOND_MS) });
  return { kind: 'wait', host, retryAfterMs, message };
}

/**
 * Reads both forms of RFC 9110, 10.2.3: seconds, or a date.
 * @returns milliseconds from `now`; undefined for anything else
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * SECOND_MS;
  // `Date.parse` accepts almost any text. A date in HTTP begins with the day of the week.
  const date = /^\s*[a-z]{3,},? /i.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}
