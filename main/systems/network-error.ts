/** Converts the error of a fetch to a failure. Chromium's messages contain `net::ERR_…`, Node's causes have a `code`. */
import { m } from '../messages/index.ts';
import type { Failure, UnreachableReason } from './failure.ts';

export const unreachable = (host: string, reason: UnreachableReason, message: string): Failure => ({
  kind: 'unreachable',
  host,
  reason,
  message,
});

/** The connection broke, or the error is unknown. The server may have received the request. */
export const cutOff = (host: string): Failure =>
  unreachable(host, 'cut-off', m.connection_broke({ host }));

export const pageInstead = (host: string): Failure => ({
  kind: 'page',
  host,
  message: m.page_came_instead({ host }),
});

/** The first pattern that matches counts. */
const NETWORK_ERRORS: readonly [RegExp, UnreachableReason, (inputs: { host: string }) => string][] =
  [
    [/ERR_PROXY|ERR_TUNNEL|ERR_MANDATORY_PROXY/, 'proxy', m.proxy_refused],
    [/ERR_NAME|ERR_DNS|ENOTFOUND|EAI_AGAIN/, 'name', m.host_not_found],
    [
      // Chromium uses these errors for some other TLS faults too, so the message only says what is likely.
      /ERR_SSL_PROTOCOL_ERROR|ERR_SSL_WRONG_VERSION|wrong version number|packet length too long/i,
      'tls',
      m.not_https,
    ],
    [
      /ERR_CERT_COMMON_NAME_INVALID|ERR_TLS_CERT_ALTNAME_INVALID/,
      'tls',
      m.certificate_for_other_name,
    ],
    [/ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'tls', m.certificate_expired],
    [
      /ERR_CERT_AUTHORITY_INVALID|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED/,
      'tls',
      m.certificate_not_trusted,
    ],
    [
      /ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT|ETIMEDOUT|UND_ERR_\w*TIMEOUT/,
      'time-out',
      m.no_answer_in_time,
    ],
    [
      /ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE|ENETUNREACH|ENETDOWN|EHOSTUNREACH/,
      'connection',
      m.no_network,
    ],
    [
      /ERR_CONNECTION_(REFUSED|FAILED)|ECONNREFUSED|ERR_UNSAFE_PORT/,
      'connection',
      m.host_unreachable,
    ],
  ];

const REDIRECT = /unexpected redirect|attempted to redirect|ERR_\w*REDIRECT/i;

const OTHER_TLS_ERROR = /\b(?:ERR_(?:CERT|SSL|BAD_SSL|TLS)\w+|\w*CERT_\w+|\w+_CERT|EPROTO)\b/;

export function toFailure(error: unknown, host: string): Failure {
  const text = describe(error);
  if (REDIRECT.test(text)) return pageInstead(host);
  for (const [pattern, reason, message] of NETWORK_ERRORS) {
    if (pattern.test(text)) return unreachable(host, reason, message({ host }));
  }
  const tlsError = OTHER_TLS_ERROR.exec(text)?.[0];
  if (tlsError === undefined) return cutOff(host);
  return unreachable(host, 'tls', m.tls_failed({ host, code: tlsError }));
}

/** The codes and messages of the error and its causes. Never show this text, because it may contain a URL with a key. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push('code' in at ? String(at.code) : '', at.message);
  }
  return parts.join(' ');
}
