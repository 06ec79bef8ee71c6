/**
 * One HTTP request to a server, through the fetch that was handed in: with a time limit, without cookies, and with every
 * way to fail told apart. What an answer means is for each system to say.
 */
import * as v from 'valibot';
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
import { failed, success, type Failure, type Outcome, type UnreachableReason } from './failure.ts';
import type { Services } from './system.ts';

export interface Request {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Any answer of the server itself; 5xx, 429 and proxies' answers are failures and never come here. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** A web page, by its content type or by how it begins. */
  readonly isPage: boolean;
}

/** More than any answer we ask for; a server that sends more than this is not one we know. */
const BODY_LIMIT_CHARACTERS = 16 * 1024 * 1024;

const SHORTEST_WAIT_MS = 5 * SECOND_MS;
/** A server that asks for more than this is asked again after it all the same: the session would be dead by then anyway. */
const LONGEST_WAIT_MS = 60 * MINUTE_MS;

/** Sends one request. Fails with `unreachable`, `wait` or `cancelled`, or, for an answer far too long, `unexpected`. */
export async function send(
  { url, method, headers, body }: Request,
  { fetch, enter, clock, timeLimitMs }: Services,
  signal: AbortSignal,
): Promise<Outcome<Answer>> {
  const host = new URL(url).host;
  const leave = await enter(url, signal);
  // What it takes to get in line is not the server's time.
  const limit = new AbortController();
  const cancelTimer = clock.setTimer(timeLimitMs, () => limit.abort());
  let answered = false;
  try {
    const response = await fetch(url, {
      method,
      // A login on a connection that is used again, and breaks, would be sent once more by Chromium itself.
      headers: { ...headers, Connection: 'close' },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([signal, limit.signal]),
      // Following a redirect would hand the key, or the password, to whoever the answer names.
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    });
    answered = true;
    const text = await response.text();
    return readAnswer(response, text, host, clock.wall());
  } catch (error) {
    if (signal.aborted) return failed(cancelled());
    if (limit.signal.aborted) {
      const seconds = Math.round(timeLimitMs / SECOND_MS);
      return failed(unreachable(host, 'time-out', `${host} did not answer within ${seconds} s.`));
    }
    return failed(whyUnreachable(error, answered, host));
  } finally {
    cancelTimer();
    leave();
  }
}

function readAnswer(response: Response, body: string, host: string, now: number): Outcome<Answer> {
  const { status, headers } = response;
  // By the server's own clock where it tells it: this machine's may be wrong by hours.
  const serverNow = Date.parse(headers.get('date') ?? '') || now;
  const retryAfterMs = readRetryAfter(headers.get('retry-after'), serverNow);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    const waitMs = Math.min(Math.max(retryAfterMs ?? 0, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    return failed({
      kind: 'wait',
      host,
      retryAfterMs: waitMs,
      message: `${host} asked to be left alone for ${Math.ceil(waitMs / SECOND_MS)} s.`,
    });
  }
  if (status === 407) {
    return failed(
      unreachable(host, 'proxy', `The proxy on the way to ${host} wants a sign-in of its own.`),
    );
  }
  if (status === 504) {
    return failed(unreachable(host, 'time-out', `${host} did not answer in time (HTTP 504).`));
  }
  if (status >= 500) {
    return failed(
      unreachable(host, 'server-error', `${host} has a problem of its own (HTTP ${status}).`),
    );
  }
  if (body.length > BODY_LIMIT_CHARACTERS) {
    return failed({ kind: 'unexpected', message: `${host} sent an answer far too long.` });
  }
  const isPage =
    /^\s*<(!doctype|html)/i.test(body) ||
    (/\bhtml\b/i.test(headers.get('content-type') ?? '') && !/^\s*[{["]/.test(body));
  return success({ status, body, isPage });
}

/** Both forms of RFC 9110, 10.2.3: seconds, or a date. Milliseconds from `now`; undefined where it is neither. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * SECOND_MS;
  // `Date.parse` takes almost anything for a date; a real one begins with its day of the week.
  const date = /^\s*[a-z]{3,},? /i.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}

/**
 * Names as Chromium's network stack (`net::ERR_…`) and Node's (`cause.code`) give them. The first that fits counts.
 */
const REASONS: readonly [RegExp, UnreachableReason, (host: string) => string][] = [
  [
    /redirect/i,
    'page',
    (host) =>
      `The request to ${host} was sent on to somewhere else: a network's sign-in page, or the address is not quite right (is it https?).`,
  ],
  [
    /ERR_PROXY|ERR_TUNNEL|ERR_MANDATORY_PROXY/,
    'proxy',
    (host) => `The proxy on the way to ${host} did not let the request through.`,
  ],
  [
    /ERR_NAME|ERR_DNS|ENOTFOUND|EAI_AGAIN/,
    'name',
    (host) => `No server is known by the name ${host}.`,
  ],
  [
    /ERR_CERT|ERR_SSL|ERR_BAD_SSL|CERT_|_CERT|SELF_SIGNED|UNABLE_TO_|EPROTO/,
    'tls',
    (host) => `The secure connection to ${host} failed: its certificate was not accepted.`,
  ],
  [
    /ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT|ETIMEDOUT|UND_ERR_\w*TIMEOUT/,
    'time-out',
    (host) => `${host} did not answer in time.`,
  ],
  [
    /ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE|ENETUNREACH|ENETDOWN|EHOSTUNREACH/,
    'connection',
    (host) => `This computer has no network connection to ${host}.`,
  ],
  [
    /ERR_CONNECTION_(REFUSED|FAILED)|ECONNREFUSED|ERR_UNSAFE_PORT/,
    'connection',
    (host) => `${host} could not be reached.`,
  ],
];

function whyUnreachable(error: unknown, answered: boolean, host: string): Failure {
  const told = describeError(error);
  const known = answered ? undefined : REASONS.find(([pattern]) => pattern.test(told));
  if (known) {
    const [, reason, message] = known;
    return unreachable(host, reason, message(host));
  }
  // Whatever else it was, a network that changed or a socket that was reset, the server may have had the request.
  return unreachable(
    host,
    'cut-off',
    `The connection to ${host} broke before the answer was complete.`,
  );
}

/** The error's and its causes' codes and messages in one line. Only searched, never shown: it may hold a URL. */
function describeError(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push('code' in at ? String(at.code) : '', at.message);
  }
  return parts.join(' ');
}

const unreachable = (host: string, reason: UnreachableReason, message: string): Failure => ({
  kind: 'unreachable',
  host,
  reason,
  message,
});

const cancelled = (): Failure => ({ kind: 'cancelled', message: 'Cancelled.' });

/** A page where the API should have answered: on a login, most likely a network's own sign-in page. */
export function pageInstead(url: string): Failure {
  const host = new URL(url).host;
  return unreachable(
    host,
    'page',
    `A web page came back in the place of ${host}'s answer. A network's sign-in page may stand in between: open a browser and see.`,
  );
}

/**
 * The answer to a request that carried a session key, where the session still is. A page, or a redirect to one, may be the login
 * page of the server, or that of a network in between: only a login can tell them apart.
 * @param goneStatuses what the server answers to a key that it does not know (any more)
 */
export function whileAlive(
  sent: Outcome<Answer>,
  goneStatuses: readonly number[],
): Outcome<Answer> {
  if (!sent.ok) {
    const { failure } = sent;
    return failure.kind === 'unreachable' && failure.reason === 'page' ? failed(gone(false)) : sent;
  }
  if (goneStatuses.includes(sent.value.status)) return failed(gone(true));
  return sent.value.isPage ? failed(gone(false)) : sent;
}

const gone = (certain: boolean): Failure => ({
  kind: 'gone',
  certain,
  message: 'The server no longer knows this session.',
});

/**
 * The body as JSON that fits the schema, else an `unexpected` failure that says what was expected and what came. What came
 * is described by its kind, not its value: the value may well be a session key.
 * @param what what was asked for, as a noun: "the session"
 */
export function readJson<T extends v.GenericSchema>(
  { body }: Answer,
  schema: T,
  what: string,
): Outcome<v.InferOutput<T>> {
  const unexpected = (problem: string) =>
    failed({
      kind: 'unexpected',
      message: `This is not the answer that ${what} should have: ${problem}`,
    });
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return unexpected(
      body.trim() === ''
        ? 'JSON was expected, and an empty answer came.'
        : `JSON was expected, and ${body.length} characters of something else came.`,
    );
  }
  const parsed = v.safeParse(schema, json);
  if (parsed.success) return success(parsed.output);
  const issue = parsed.issues[0];
  const where = v.getDotPath(issue) ?? 'the whole';
  return unexpected(
    `for “${where}”, ${issue.expected ?? 'something else'} was expected, and ${kindOf(issue.input)} came.`,
  );
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', boolean: 'true or false', object: 'an object' }[
    typeof value as 'string' | 'number' | 'boolean' | 'object'
  ];
}
