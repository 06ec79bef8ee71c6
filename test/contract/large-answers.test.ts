import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../main/systems/http.ts';
import { unlimited } from '../support/unlimited.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const MB = 1024 * 1024;
const TIMES = 10;

let server: Server;
let origin: string;
let hasSentAll = false;

/** Answers with 200 MB of zeros, which are compressed to 200 KB on the network. The answer to `/small` is an empty object. */
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/small') return void response.end('{}');
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    response.on('close', () => gzip.destroy());
    response.on('finish', () => (hasSentAll = true));
    const zeros = Buffer.alloc(MB);
    let left = 200;
    const write = () => {
      while (left-- > 0) if (!gzip.write(zeros)) return void gzip.once('drain', write);
      gzip.end();
    };
    write();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('an answer that is small on the way and huge when decompressed', () => {
  it('is not read to its end', async () => {
    const outcome = await send(
      { url: origin, method: 'GET', headers: {} },
      { fetch, limit: unlimited, clock: new VirtualClock(), timeLimitMs: 60_000 },
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'unexpected' } });
    expect(hasSentAll).toBe(false);
  });

  it('costs less than 30 MB of memory, ten times in a row', { timeout: 60_000 }, async () => {
    // Measure in a process of its own, because nothing else uses that process's memory.
    const script = join(import.meta.dirname, '../support/ask-repeatedly.ts');
    const args = ['--expose-gc', script, origin, String(TIMES)];
    const run = await promisify(execFile)(process.execPath, args);
    const { failures, grownBytes } = JSON.parse(run.stdout) as Record<string, number>;
    expect(failures).toBe(TIMES);
    expect(grownBytes).toBeLessThan(30 * MB);
  });
});
