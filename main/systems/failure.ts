/**
 * What can go wrong between Keyvigil and a server. Errors are values of these few kinds, so that who gets one must decide
 * what to do with each; `message` is what the user reads. What each kind does is in README, "When something fails".
 */
export type Failure =
  /**
   * The credentials were refused. Final: never tried again until the user acts. `unasked`: by Keyvigil, which knows enough not to
   * ask the server.
   */
  | { kind: 'refused'; unasked?: true; message: string }
  /**
   * The session is gone. `certain` is false where the answer was a page instead of the API's answer: an expired session
   * looks like that on some servers, but so does a captive portal, so the key is kept until a login has told them apart.
   */
  | { kind: 'gone'; certain: boolean; message: string }
  /** `host` could not be reached, or something that is not it answered in its place. The key is kept. */
  | { kind: 'unreachable'; reason: UnreachableReason; host: string; message: string }
  /** The server asked to be left alone for `retryAfterMs` milliseconds, at least. */
  | { kind: 'wait'; retryAfterMs: number; host: string; message: string }
  /** An answer that does not fit what is known of this server. */
  | { kind: 'unexpected'; message: string }
  /** The user, or the end of the app, cancelled it. */
  | { kind: 'cancelled'; message: string };

export type UnreachableReason =
  | 'name' // the host name is unknown
  | 'connection' // refused, or no way there: nothing was sent
  | 'tls' // the certificate or the handshake was rejected
  | 'proxy' // the proxy refused, or wants a password
  | 'time-out'
  | 'cut-off' // the connection broke before the answer was complete: the server may have had the request
  | 'server-error' // 5xx
  | 'page'; // a web page or a redirect in the place of the server's answer: a captive portal, most likely

export type Outcome<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export const success = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = (failure: Failure): { ok: false; failure: Failure } => ({
  ok: false,
  failure,
});
