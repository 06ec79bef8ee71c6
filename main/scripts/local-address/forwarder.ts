import type { Clock } from '../../clock.ts';
import { MINUTE_MS } from '../../clock.ts';
import { failed, success, type Result } from '../../result.ts';
import type { Account } from '../../sessions/account.ts';
import { toFailure } from '../../systems/network-error.ts';
import type { LiveKeys, NoKey } from '../../sessions/live-keys.ts';
import type { RequestBody } from './body.ts';
import { isRead } from './gate.ts';
import { toServer, withKey } from './headers.ts';
import { problem, type ProblemDetails } from './problem.ts';
import type { Upstream, UpstreamAnswer } from './upstream.ts';

/** How long a server may take. A long report takes minutes, but a server that never answers must not block the queue. */
const MAX_WAIT_MS = 5 * MINUTE_MS;

/** A request that the gate has admitted. */
export interface LocalRequest {
  /** The account as it is now, because an edit replaces it. The error tells what its user no longer allows. */
  readonly account: () => Result<Account, ProblemDetails>;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly rawHeaders: readonly string[];
  readonly body: RequestBody | undefined;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

export interface Forwarded {
  readonly answer: UpstreamAnswer;
  /** The key that the request was sent with. */
  readonly key: string;
}

export interface ForwarderDeps {
  readonly keys: LiveKeys;
  readonly upstream: Upstream;
  readonly clock: Clock;
}

/** Sends a request with a live key. If the key had expired, the session is renewed, and the request sent again. */
export class Forwarder {
  readonly #deps: ForwarderDeps;

  constructor(deps: ForwarderDeps) {
    this.#deps = deps;
  }

  /** @throws the signal's reason if it aborts */
  async forward(request: LocalRequest): Promise<Result<Forwarded, ProblemDetails>> {
    let last: { readonly key: string; readonly sent: Sent } | undefined;
    for (let tries = 1; ; tries++) {
      const found = request.account();
      if (!found.ok) {
        discard(last?.sent);
        return found;
      }
      const account = found.value;
      const live = await this.#deps.keys.getVerified(account, last?.key);
      request.signal.throwIfAborted();
      const isRenewed = live.ok && live.value.key !== last?.key;
      // The session is alive, so something else caused the last answer. Pass this answer on.
      if (last && live.ok && !isRenewed && (tries > 2 || last.sent.kind !== 'failure')) {
        return toForwarded(last.sent, last.key);
      }
      discard(last?.sent);
      if (!live.ok) return failed(noKeyProblem(account, live.error));
      if (tries > 2) return failed(ENDED_AGAIN);
      if (last && request.body?.isRepeatable === false) return failed(RENEWED);
      // The user may have turned off changes while the session was renewed.
      const allowed = request.account();
      if (!allowed.ok) return allowed;
      const { key } = live.value;
      const sent = await this.#send(request, account, key);
      if (!isDoubtful(request.method, account, sent)) return toForwarded(sent, key);
      last = { key, sent };
    }
  }

  async #send(request: LocalRequest, account: Account, key: string): Promise<Sent> {
    const { method, path, query, rawHeaders, body, signal } = request;
    const { system, target } = account;
    const base = system.apiBase(target);
    const url = base + path + withKey(query, system.keyParameter, key);
    const { host } = new URL(base);
    if (!isBelow(url, base)) throw new Error('The gate let a path out of the API’s base.');
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const cancelTimer = this.#deps.clock.setTimer(MAX_WAIT_MS, () => controller.abort());
    try {
      const answer = await this.#deps.upstream({
        url,
        method,
        headers: toServer(rawHeaders, system.keyParameter, key),
        body: body?.content(),
        signal: controller.signal,
      });
      return { kind: 'answer', answer };
    } catch (error) {
      signal.throwIfAborted();
      if (controller.signal.aborted) {
        return {
          kind: 'timeout',
          problem: problem(
            504,
            `${host} did not answer within 5 minutes. Try again later, or ask for less.`,
          ),
        };
      }
      const failure = toFailure(error, host);
      return failure.kind === 'page'
        ? {
            kind: 'redirect',
            problem: problem(
              502,
              `${host} answered with a redirect, which Keyvigil does not follow. Check the path.`,
            ),
          }
        : { kind: 'failure', problem: problem(504, failure.message) };
    } finally {
      cancelTimer();
    }
  }
}

type Sent =
  | { readonly kind: 'answer'; readonly answer: UpstreamAnswer }
  | { readonly kind: 'redirect' | 'failure' | 'timeout'; readonly problem: ProblemDetails };

const RETRY_SOON = { 'Retry-After': '1' };
const RENEWED = problem(
  503,
  'The session had expired, and is renewed now. Send the request again.',
  RETRY_SOON,
);
const ENDED_AGAIN = problem(
  503,
  'The server keeps ending its sessions. Wait, then send the request again.',
  RETRY_SOON,
);

const toForwarded = (sent: Sent, key: string): Result<Forwarded, ProblemDetails> =>
  sent.kind === 'answer' ? success({ answer: sent.answer, key }) : failed(sent.problem);

function discard(sent: Sent | undefined): void {
  if (sent?.kind === 'answer') sent.answer.body?.destroy();
}

/**
 * Whether to check the session and send the request again. A request that changes data may be repeated only if the server has
 * not carried it out.
 */
function isDoubtful(method: string, { system }: Account, sent: Sent): boolean {
  if (sent.kind !== 'answer') return isRead(method) && sent.kind !== 'timeout';
  const { status, headers } = sent.answer;
  if (status === 401) return true;
  if (!isRead(method)) return false;
  const { expiredStatuses = [] } = system.keyParameter;
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return expiredStatuses.includes(status) || /\bhtml\b/i.test(type);
}

function noKeyProblem({ saved: { name } }: Account, noKey: NoKey): ProblemDetails {
  return noKey.kind === 'offline'
    ? problem(504, noKey.message)
    : problem(503, `“${name}” needs you to sign in with Keyvigil: ${noKey.message}`);
}

/** Checks the path again after URL parsing, which may change it. */
function isBelow(url: string, base: string): boolean {
  const [at, from] = [new URL(url), new URL(base)];
  return (
    at.origin === from.origin && at.pathname.startsWith(`${from.pathname.replace(/\/$/, '')}/`)
  );
}
