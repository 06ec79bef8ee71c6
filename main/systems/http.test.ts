import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unguarded } from '../../test/support/unguarded.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { readRetryAfter, send } from './http.ts';

const NOW = Date.UTC(2026, 10, 21, 12);

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

  it('as a date is read by the server’s clock, where it tells that', async () => {
    const headers = {
      Date: 'Sat, 21 Nov 2026 20:00:00 GMT',
      'Retry-After': 'Sat, 21 Nov 2026 20:02:00 GMT',
    };
    expect(
      await sendInto(Promise.resolve(new Response('', { status: 503, headers }))),
    ).toMatchObject({ failure: { kind: 'wait', retryAfterMs: 120_000 } });
  });

  it('is bounded both ways, whatever the server says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1e9).map(String), async (header) => {
        const outcome = await send(
          { url: 'https://n/', method: 'GET', headers: {} },
          {
            fetch: async () =>
              new Response('', { status: 429, headers: { 'Retry-After': header } }),
            enter: unguarded,
            clock: new VirtualClock(NOW),
            timeLimitMs: 1000,
          },
          new AbortController().signal,
        );
        if (outcome.ok || outcome.failure.kind !== 'wait') throw new Error('expected to wait');
        expect(outcome.failure.retryAfterMs).toBeGreaterThanOrEqual(5000);
        expect(outcome.failure.retryAfterMs).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});

describe('what Chromium and Node say is told apart', () => {
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
    ["Attempted to redirect, but redirect policy was 'error'", 'page'],
  ])('%s', async (message, reason) => {
    expect(await sendInto(Promise.reject(new Error(message)))).toMatchObject({
      failure: { kind: 'unreachable', reason },
    });
  });

  it.each([
    ['ENOTFOUND', 'name'],
    ['ECONNREFUSED', 'connection'],
    ['ECONNRESET', 'cut-off'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['UND_ERR_CONNECT_TIMEOUT', 'time-out'],
  ])('%s', async (code, reason) => {
    const cause = Object.assign(new Error('cause'), { code });
    expect(await sendInto(Promise.reject(new TypeError('fetch failed', { cause })))).toMatchObject({
      failure: { kind: 'unreachable', reason },
    });
  });

  it('407 is the proxy’s', async () => {
    expect(await sendInto(Promise.resolve(new Response('', { status: 407 })))).toMatchObject({
      failure: { kind: 'unreachable', reason: 'proxy' },
    });
  });

  it('never quotes the address, which may hold a key', async () => {
    const outcome = await sendInto(Promise.reject(new Error('net::ERR_FAILED for ?hash=SECRET')));
    expect(JSON.stringify(outcome)).not.toContain('SECRET');
  });
});

function sendInto(answer: Promise<Response>) {
  return send(
    { url: 'https://nexus.example.com/version?hash=SECRET', method: 'GET', headers: {} },
    { fetch: () => answer, enter: unguarded, clock: new VirtualClock(), timeLimitMs: 1000 },
    new AbortController().signal,
  );
}
