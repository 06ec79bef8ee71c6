/** Tests the messages for real servers that have a wrong certificate or no TLS. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/clock.ts';
import { send } from '../../main/systems/http.ts';
import type { Fetch } from '../../main/systems/system.ts';
import { unlimited } from '../support/unlimited.ts';
import {
  TEST_ONLY_CERTIFICATE,
  TEST_ONLY_EXPIRED_CERTIFICATE,
  TEST_ONLY_KEY,
} from './test-only-certificates.ts';

let server: Server;

afterEach(() => new Promise((resolve) => server.close(resolve)));

/** @returns the message that the user reads after an https request to this server */
async function messageFrom(started: Server, fetchBy: Fetch = fetch): Promise<string> {
  server = started;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sent = await send(
    { url: `https://127.0.0.1:${port}/`, method: 'GET', headers: {} },
    { fetch: fetchBy, limit: unlimited, clock: systemClock, timeLimitMs: 15_000 },
    new AbortController().signal,
  );
  if (sent.ok) throw new Error('expected a TLS failure');
  expect(sent.error).toMatchObject({ kind: 'unreachable', reason: 'tls' });
  return sent.error.message.replaceAll(`:${port}`, '');
}

const serverWith = (cert: string) => createHttpsServer({ key: TEST_ONLY_KEY, cert });

/** Makes a fetch that trusts one more certificate, because Node's own fetch cannot. */
const fetchTrusting =
  (ca: string): Fetch =>
  (url) =>
    new Promise((_resolve, reject) => {
      httpsRequest(url, { ca })
        .on('error', (cause) => reject(new TypeError('fetch failed', { cause })))
        .end();
    });

describe('the user learns what is wrong with the secure connection:', () => {
  it('the server has no TLS', async () => {
    expect(await messageFrom(createHttpServer((_request, response) => response.end()))).toBe(
      '127.0.0.1 does not answer with HTTPS. If the server only has HTTP, type http://127.0.0.1 as its address.',
    );
  });

  it('this computer does not know the issuer', async () => {
    expect(await messageFrom(serverWith(TEST_ONLY_CERTIFICATE))).toContain(
      'does not trust the issuer of 127.0.0.1’s certificate',
    );
  });

  it('the certificate is for another name', async () => {
    expect(
      await messageFrom(serverWith(TEST_ONLY_CERTIFICATE), fetchTrusting(TEST_ONLY_CERTIFICATE)),
    ).toContain('certificate of 127.0.0.1 is for another name');
  });

  it('the certificate has expired', async () => {
    expect(
      await messageFrom(
        serverWith(TEST_ONLY_EXPIRED_CERTIFICATE),
        fetchTrusting(TEST_ONLY_EXPIRED_CERTIFICATE),
      ),
    ).toContain('certificate of 127.0.0.1 has expired');
  });

  it('client and server have no TLS version in common', async () => {
    const old = createHttpsServer({
      key: TEST_ONLY_KEY,
      cert: TEST_ONLY_CERTIFICATE,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    });
    expect(await messageFrom(old)).toMatch(/secure connection to 127\.0\.0\.1 failed \(\w+\)/);
  });
});
