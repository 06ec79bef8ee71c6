/**
 * What can go wrong between Keyvigil and a server. A caller must handle each kind. `message` is for the user.
 * docs/how-sessions-stay-alive.md says what Keyvigil does for each kind.
 */
import { m } from '../messages/index.ts';
import { success, type Result } from '../result.ts';

export type Failure =
  /**
   * The server refused the credentials. Keyvigil never sends them again by itself. `serverSaid` is the server's own text, which
   * may name a person: it is shown, but not recorded. `host` is missing if Microsoft refused, or Keyvigil itself.
   */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly serverSaid?: string;
      readonly host?: string;
    }
  /** The server does not know this session key (any more). */
  | { readonly kind: 'expired'; readonly message: string }
  /** A web page, or a redirect to one, came instead of an answer: from a captive portal, or as the server's own login page. */
  | { readonly kind: 'page'; readonly host: string; readonly message: string }
  | {
      readonly kind: 'unreachable';
      readonly reason: UnreachableReason;
      readonly host: string;
      readonly message: string;
    }
  /** The server asked to wait at least `retryAfterMs` milliseconds. */
  | {
      readonly kind: 'wait';
      readonly retryAfterMs: number;
      readonly host: string;
      readonly message: string;
    }
  /** The answer does not fit this kind of server. */
  | { readonly kind: 'unexpected'; readonly message: string }
  /** The user or the end of the app cancelled the request. */
  | { readonly kind: 'cancelled'; readonly message: string };

export type UnreachableReason =
  | 'name' // DNS does not find the host
  | 'connection' // refused, or no route, so nothing was sent
  | 'tls'
  | 'proxy'
  | 'time-out'
  | 'cut-off' // the connection broke before the answer was complete; the server may have received the request
  | 'server-error'; // 5xx

export type Outcome<T> = Result<T, Failure>;

export const cancelled = (): Failure => ({ kind: 'cancelled', message: m.cancelled() });

export const withoutValue = (outcome: Outcome<unknown>): Outcome<void> =>
  outcome.ok ? success(undefined) : outcome;
