/** Turns the error of a fetch into a failure. Chromium names errors `net::ERR_…`, Node in the `code` of a cause. */
import type { Failure, UnreachableReason } from './failure.ts';

export const unreachable = (host: string, reason: UnreachableReason, message: string): Failure => ({
  kind: 'unreachable',
  host,
  reason,
  message,
});

/** The connection broke after the request was sent, so the server may have received it. */
export const cutOff = (host: string): Failure =>
  unreachable(host, 'cut-off', `The connection to ${host} broke before the answer was complete.`);

export const pageInstead = (host: string): Failure => ({
  kind: 'page',
  host,
  message: `A web page or a redirect came instead of ${host}’s answer. Sign in to this network in a browser, or check the server address.`,
});

/** The first pattern that fits counts. `HOST` stands for the host. */
const NETWORK_ERRORS: readonly [RegExp, UnreachableReason, string][] = [
  [
    /ERR_PROXY|ERR_TUNNEL|ERR_MANDATORY_PROXY/,
    'proxy',
    'The proxy on the way to HOST did not let the request through. Check this computer’s proxy settings.',
  ],
  [
    /ERR_NAME|ERR_DNS|ENOTFOUND|EAI_AGAIN/,
    'name',
    'No server named HOST was found. Check the server address and the network.',
  ],
  [
    // Chromium uses these errors for some other TLS faults too, so the message only says what is likely.
    /ERR_SSL_PROTOCOL_ERROR|ERR_SSL_WRONG_VERSION|wrong version number|packet length too long/i,
    'tls',
    'HOST does not answer with HTTPS. If the server only has HTTP, type http://HOST as its address.',
  ],
  [
    /ERR_CERT_COMMON_NAME_INVALID|ERR_TLS_CERT_ALTNAME_INVALID/,
    'tls',
    'The certificate of HOST is for another name. Check the server address, or ask the server’s administrator for a certificate with this name.',
  ],
  [
    /ERR_CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    'tls',
    'The certificate of HOST has expired or is not valid yet. Check this computer’s date, or ask the server’s administrator to renew the certificate.',
  ],
  [
    /ERR_CERT_AUTHORITY_INVALID|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED/,
    'tls',
    'This computer does not trust the issuer of HOST’s certificate. Ask your administrator to install the issuer’s certificate.',
  ],
  [
    /ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT|ETIMEDOUT|UND_ERR_\w*TIMEOUT/,
    'time-out',
    'HOST did not answer in time.',
  ],
  [
    /ERR_INTERNET_DISCONNECTED|ERR_ADDRESS_UNREACHABLE|ENETUNREACH|ENETDOWN|EHOSTUNREACH/,
    'connection',
    'This computer has no network connection to HOST. Check the network or the VPN.',
  ],
  [
    /ERR_CONNECTION_(REFUSED|FAILED)|ECONNREFUSED|ERR_UNSAFE_PORT/,
    'connection',
    'HOST cannot be reached. Check the server address and the network.',
  ],
];

const REDIRECT = /unexpected redirect|attempted to redirect|ERR_\w*REDIRECT/i;

const OTHER_TLS_ERROR = /\b(?:ERR_(?:CERT|SSL|BAD_SSL|TLS)\w+|\w*CERT_\w+|\w+_CERT|EPROTO)\b/;

export function toFailure(error: unknown, host: string): Failure {
  const text = describe(error);
  if (REDIRECT.test(text)) return pageInstead(host);
  for (const [pattern, reason, message] of NETWORK_ERRORS) {
    if (pattern.test(text)) return unreachable(host, reason, message.replaceAll('HOST', host));
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
