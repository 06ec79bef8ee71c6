import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unlimited } from '../../test/support/unlimited.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { readRetryAfter, send } from './http.ts';
import { createRequestLimit } from './request-limit.ts';
import type { Fetch } from './system.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const URL_WITH_KEY = 'https://nexus.example.com/version?hash=SECRET';

const sendBy = (fetch: Fetch) =>
  send(
    { url: URL_WITH_KEY, method: 'GET', headers: {} },
    { fetch, limit: unlimited, clock: new VirtualClock(NOW), timeLimitMs: 1000 },
    new AbortController().signal,
  );
const answer = (body: string, init?: ResponseInit) =>
  sendBy(() => Promise.resolve(new Response(body, init)));
const reject = (error: Error) => sendBy(() => Promise.reject(error));

/** @returns the message of an `unreachable` failure */
async function messageOf(error: Error): Promise<string> {
  const outcome = await reject(error);
  if (outcome.ok || outcome.error.kind !== 'unreachable') throw new Error('expected unreachable');
  return outcome.error.message;
}

const nodeError = (code: string, message = 'cause') =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sat, 21 Nov 2026 12:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    [null, undefined],
  ])('%s', (header, ms) => {
    expect(readRetryAfter(header, NOW)).toBe(ms);
  });

  it('as a date is read by the server’s clock, if the server tells it', async () => {
    const headers = {
      Date: 'Sat, 21 Nov 2026 20:00:00 GMT',
      'Retry-After': 'Sat, 21 Nov 2026 20:02:00 GMT',
    };
    expect(await answer('', { status: 503, headers })).toMatchObject({
      error: { kind: 'wait', retryAfterMs: 120_000 },
    });
  });

  it('is at least 5 seconds and at most an hour', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e9).map(String), async (header) => {
        const outcome = await answer('', { status: 429, headers: { 'Retry-After': header } });
        if (outcome.ok || outcome.error.kind !== 'wait') throw new Error('expected to wait');
        expect(outcome.error.retryAfterMs).toBeGreaterThanOrEqual(5000);
        expect(outcome.error.retryAfterMs).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });

  it('is told in seconds', async () => {
    expect(await answer('', { status: 429, headers: { 'Retry-After': '7' } })).toMatchObject({
      error: { message: 'nexus.example.com is busy and asked to wait 7 s.' },
    });
  });
});

describe('network errors are told apart', () => {
  it.each([
    ['net::ERR_NAME_NOT_RESOLVED', 'name'],
    ['net::ERR_CERT_AUTHORITY_INVALID', 'tls'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'tls'],
    ['net::ERR_PROXY_CONNECTION_FAILED', 'proxy'],
    ['net::ERR_TUNNEL_CONNECTION_FAILED', 'proxy'],
    ['net::ERR_CONNECTION_REFUSED', 'connection'],
    ['net::ERR_INTERNET_DISCONNECTED', 'connection'],
    ['net::ERR_CONNECTION_RESET', 'cut-off'],
    ['net::ERR_EMPTY_RESPONSE', 'cut-off'],
    ['net::ERR_NETWORK_CHANGED', 'cut-off'],
    ['net::ERR_NETWORK_IO_SUSPENDED', 'cut-off'],
    ['net::ERR_ADDRESS_UNREACHABLE', 'connection'],
    ['net::ERR_CONNECTION_TIMED_OUT', 'time-out'],
  ])('Chromium: %s', async (message, reason) => {
    expect(await reject(new Error(message))).toMatchObject({
      error: { kind: 'unreachable', reason },
    });
  });

  it.each([
    ['ENOTFOUND', 'name'],
    ['ECONNREFUSED', 'connection'],
    ['ECONNRESET', 'cut-off'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['UND_ERR_CONNECT_TIMEOUT', 'time-out'],
  ])('Node: %s', async (code, reason) => {
    expect(await reject(nodeError(code))).toMatchObject({ error: { kind: 'unreachable', reason } });
  });

  it('407 is the proxy’s', async () => {
    expect(await answer('', { status: 407 })).toMatchObject({
      error: { kind: 'unreachable', reason: 'proxy' },
    });
  });

  it('a message never quotes the URL, which may hold a key', async () => {
    const outcome = await reject(new Error(`net::ERR_FAILED for ${URL_WITH_KEY}`));
    expect(JSON.stringify(outcome)).not.toContain('SECRET');
  });
});

describe('a redirect is a page, by the words of', () => {
  it.each([
    ['Chromium', new Error("Attempted to redirect, but redirect policy was 'error'")],
    ['Node', new TypeError('fetch failed', { cause: new Error('unexpected redirect') })],
  ])('%s', async (_name, error) => {
    expect(await reject(error)).toMatchObject({
      error: { kind: 'page', host: 'nexus.example.com' },
    });
  });

  it('but not a server whose name says redirect', async () => {
    expect(
      await reject(nodeError('ENOTFOUND', 'getaddrinfo ENOTFOUND redirect.example.com')),
    ).toMatchObject({ error: { kind: 'unreachable', reason: 'name' } });
  });
});

describe('TLS errors are told apart, by the names of Chromium and Node', () => {
  const NO_TLS = 'type http://nexus.example.com';
  const OTHER_NAME = 'is for another name';
  const DATE = 'has expired or is not valid yet';
  const ISSUER = 'does not trust the issuer';
  const OTHER = 'secure connection to nexus.example.com failed';

  it.each([
    ['net::ERR_SSL_PROTOCOL_ERROR', NO_TLS],
    ['net::ERR_CERT_COMMON_NAME_INVALID', OTHER_NAME],
    ['net::ERR_CERT_DATE_INVALID', DATE],
    ['net::ERR_CERT_AUTHORITY_INVALID', ISSUER],
    ['net::ERR_CERT_REVOKED', OTHER],
    ['net::ERR_CERT_WEAK_SIGNATURE_ALGORITHM', OTHER],
    ['net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH', OTHER],
    ['net::ERR_SSL_CLIENT_AUTH_CERT_NEEDED', OTHER],
    ['net::ERR_BAD_SSL_CLIENT_AUTH_CERT', OTHER],
    ['net::ERR_CERTIFICATE_TRANSPARENCY_REQUIRED', OTHER],
  ])('%s', async (name, words) => {
    expect(await messageOf(new Error(name))).toContain(words);
  });

  it.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
    ['ERR_TLS_CERT_ALTNAME_INVALID', OTHER_NAME],
    ['CERT_HAS_EXPIRED', DATE],
    ['CERT_NOT_YET_VALID', DATE],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', ISSUER],
    ['SELF_SIGNED_CERT_IN_CHAIN', ISSUER],
    ['UNABLE_TO_GET_ISSUER_CERT', ISSUER],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ISSUER],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ISSUER],
    ['CERT_REVOKED', OTHER],
    ['CERT_CHAIN_TOO_LONG', OTHER],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', OTHER],
    ['EPROTO', OTHER],
  ])('%s', async (code, words) => {
    expect(await messageOf(nodeError(code))).toContain(words);
  });

  it('a rare error is named, for the administrator', async () => {
    expect(await messageOf(new Error('net::ERR_CERT_REVOKED'))).toContain('(ERR_CERT_REVOKED)');
  });
});

describe('the time limit', () => {
  const waitForAbort: Fetch = (_url, { signal }) =>
    new Promise((_resolve, rejectFetch) =>
      signal!.addEventListener('abort', () => rejectFetch(new Error('aborted')), { once: true }),
    );

  it('counts from the moment when the request is let through', async () => {
    const clock = new VirtualClock(NOW);
    const services = { fetch: waitForAbort, limit: createRequestLimit(), clock, timeLimitMs: 1000 };
    const { signal } = new AbortController();
    const request = { url: URL_WITH_KEY, method: 'GET', headers: {} } as const;
    let answered = 0;
    for (let i = 0; i < 3; i++) void send(request, services, signal).then(() => answered++);
    await clock.advance(1000);
    expect(answered).toBe(2);
    await clock.advance(999);
    expect(answered).toBe(2);
    await clock.advance(1);
    expect(answered).toBe(3);
  });

  it('is not named as the cause if the user cancelled the request', async () => {
    const services = {
      fetch: waitForAbort,
      limit: createRequestLimit(),
      clock: new VirtualClock(NOW),
      timeLimitMs: 1000,
    };
    const abort = new AbortController();
    const sent = send({ url: URL_WITH_KEY, method: 'GET', headers: {} }, services, abort.signal);
    abort.abort();
    expect(await sent).toMatchObject({ error: { kind: 'cancelled' } });
  });
});
