import type { Clock } from '../../clock.ts';
import { MINUTE_MS } from '../../clock.ts';
import { failed, success, type Result } from '../../result.ts';
import type { AccountSession } from '../../sessions/account-session.ts';
import { toFailure } from '../../systems/network-error.ts';
import type { LiveKeys, NoKey } from '../../sessions/live-keys.ts';
import type { RequestBody } from './body.ts';
import { isRead } from './gate.ts';
import { toServer, withKey } from './headers.ts';
import { problem, type Problem } from './problem.ts';
import type { Upstream, UpstreamAnswer } from './upstream.ts';

/** A server that computes a long report answers after minutes. One that never answers must not keep its place for ever. */
const MAX_WAIT_MS = 5 * MINUTE_MS;

/** A request that the gate has admitted. */
export interface LocalRequest {
  readonly account: AccountSession;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly rawHeaders: readonly string[];
  readonly body: RequestBody | undefined;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
}

export interface Forwarded {
  readonly answer: UpstreamAnswer;
  /** With which it was sent. */
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
  async forward(request: LocalRequest): Promise<Result<Forwarded, Problem>> {
    const { account } = request;
    const first = await this.#deps.keys.get(account);
    if (!first.ok) return failed(noKeyProblem(account, first.error));
    const { key } = first.value;
    const sent = await this.#send(request, key);
    if (!isDoubtful(request, sent)) return toForwarded(sent, key);

    const second = await this.#deps.keys.get(account, key);
    const isRenewed = second.ok && second.value.key !== key;
    // The session lives: the answer is about something else.
    if (second.ok && !isRenewed && sent.kind === 'answer') return toForwarded(sent, key);
    if (sent.kind === 'answer') sent.answer.body?.destroy();
    if (!second.ok) return failed(noKeyProblem(account, second.error));
    if (!isRenewed && sent.kind === 'redirect') return failed(sent.problem);
    if (request.body && !request.body.isRepeatable) {
      return failed(
        problem(
          503,
          'The session had expired, and is renewed now. Send the request again.',
          RETRY_SOON,
        ),
      );
    }
    const again = await this.#send(request, second.value.key);
    if (again.kind !== 'answer' || again.answer.status !== 401) {
      return toForwarded(again, second.value.key);
    }
    // The server may have forgotten its sessions again in between.
    const third = await this.#deps.keys.get(account, second.value.key);
    if (third.ok && third.value.key === second.value.key)
      return toForwarded(again, third.value.key);
    again.answer.body?.destroy();
    if (!third.ok) return failed(noKeyProblem(account, third.error));
    return failed(
      problem(
        503,
        'The server ends its sessions again and again. Send the request again later.',
        RETRY_SOON,
      ),
    );
  }

  async #send(request: LocalRequest, key: string): Promise<Sent> {
    const { account, method, path, query, rawHeaders, body, signal } = request;
    const { system, target } = account;
    const base = system.apiBase(target);
    const url = base + path + withKey(query, system.keyParameter, key);
    const { host } = new URL(base);
    if (!isBelow(url, base)) throw new Error('The gate let a path out of the API’s base.');
    const timeLimit = new AbortController();
    const cancelTimer = this.#deps.clock.setTimer(MAX_WAIT_MS, () => timeLimit.abort());
    try {
      const answer = await this.#deps.upstream({
        url,
        method,
        headers: toServer(rawHeaders, system.keyParameter, key),
        body: body?.content(),
        signal: AbortSignal.any([signal, timeLimit.signal]),
      });
      return { kind: 'answer', answer };
    } catch (error) {
      signal.throwIfAborted();
      if (timeLimit.signal.aborted) {
        return {
          kind: 'failure',
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
  | { readonly kind: 'redirect' | 'failure'; readonly problem: Problem };

const RETRY_SOON = { 'Retry-After': '1' };

const toForwarded = (sent: Sent, key: string): Result<Forwarded, Problem> =>
  sent.kind === 'answer' ? success({ answer: sent.answer, key }) : failed(sent.problem);

/** The session may have expired, or the server may have restarted. What changes data is only repeated if it was not done. */
function isDoubtful({ method, account }: LocalRequest, sent: Sent): boolean {
  if (sent.kind !== 'answer') return isRead(method);
  const { status, headers } = sent.answer;
  if (status === 401) return true;
  if (!isRead(method)) return false;
  const { expiredStatuses = [] } = account.system.keyParameter;
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return expiredStatuses.includes(status) || /\bhtml\b/i.test(type);
}

function noKeyProblem({ account: { name } }: AccountSession, noKey: NoKey): Problem {
  return noKey.kind === 'offline'
    ? problem(504, noKey.message)
    : problem(503, `${noKey.message} Sign in to “${name}” in Keyvigil.`);
}

/** The gate has checked the path already. This catches what a URL parser makes of it. */
function isBelow(url: string, base: string): boolean {
  const [at, from] = [new URL(url), new URL(base)];
  return (
    at.origin === from.origin && at.pathname.startsWith(`${from.pathname.replace(/\/$/, '')}/`)
  );
}
