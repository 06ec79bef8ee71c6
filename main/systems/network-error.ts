/** Turns the error of a fetch into a failure. Chromium names errors `net::ERR_…`, Node in the `code` of a cause. */
import type { Failure, UnreachableReason } from './failure.ts';

export const unreachable = (host: string, reason: UnreachableReason, message: string): Failure => ({
  kind: 'unreachable',
  host,
  reason,
  message,
});

/** The server may have got the request. */
export const cutOff = (host: string): Failure =>
  unreachable(host, 'cut-off', `The connection to ${host} broke before the answer was complete.`);

export const pageInstead = (host: string): Failure => ({
  kind: 'page',
  host,
  message: `A web page or a redirect came instead of ${host}’s answer. Sign in to this network in a browser, or check the server address.`,
});

/** The first pattern that fits counts. */
const NETWORK_ERRORS: readonly [RegExp, UnreachableReason, (host: string) => string][] = [
  [
    /ERR_PROXY|ERR_TUNNEL|ERR_MANDATORY_PROXY/,
    'proxy',
    (host) =>
      `The proxy on the way to ${host} did not let the request through. Check this computer’s proxy settings.`,
  ],
  [
    /ERR_NAME|ERR_DNS|ENOTFOUND|EAI_AGAIN/,
    'name',
    (host) => `No server named ${host} was found. Check the server address and the network.`,
  ],
  [
    // Chromium also says so after some rarer TLS faults, so the message must not claim too much.
    /ERR_SSL_PROTOCOL_ERROR|ERR_SSL_WRONG_VERSION|wrong version number|packet length too long/i,
    'tls',
    (host) =>
      `${host} does not answer with HTTPS. If the server only has HTTP, type http://${host} as its address.`,
  ],
  [
    /ERR_CERT_COMMON_NAME_INVALID|ERR_TLS_CERT_ALTNAME_INVALID/,
    'tls',
    (host) =>
      `The certificate of ${host} is for another name. Check the server address, or ask the server’s administrator for a certificate with this name.`,
  ],
  [
    /ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    'tls',
    (host) =>
      `The certificate of ${host} has expired or is not valid yet. Check this computer’s date, or ask the server’s administrator to renew the certificate.`,
  ],
  [
    /ERR_CERT_AUTHORITY_INVALID|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED/,
    'tls',
    (host) =>
      `This computer does not trust the issuer of ${host}’s certificate. Ask your administrator to install the issuer’s certificate.`,
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
    (host) => `${host} cannot be reached. Check the server address and the network.`,
  ],
];

const REDIRECT = /unexpected redirect|attempted to redirect|ERR_\w*REDIRECT/i;

const OTHER_TLS_ERROR = /\b(?:ERR_(?:CERT|SSL|BAD_SSL|TLS)\w+|\w*CERT_\w+|\w+_CERT|EPROTO)\b/;

export function toFailure(error: unknown, host: string): Failure {
  const text = describe(error);
  if (REDIRECT.test(text)) return pageInstead(host);
  for (const [pattern, reason, message] of NETWORK_ERRORS) {
    if (pattern.test(text)) return unreachable(host, reason, message(host));
  }
  const tlsError = OTHER_TLS_ERROR.exec(text)?.[0];
  if (tlsError === undefined) return cutOff(host);
  return unreachable(
    host,
    'tls',
    `The secure connection to ${host} failed (${tlsError}). The server’s administrator must check its certificate and TLS settings.`,
  );
}

/** The codes and messages of the error and its causes. Only searched, never shown: it may hold a URL with a key. */
function describe(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    parts.push('code' in at ? String(at.code) : '', at.message);
  }
  return parts.join(' ');
}
