/** Tests requests that only a broken or hostile program sends. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld } from '../../test/support/account-world.ts';
import { settle, VirtualClock } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS, SECOND_MS } from '../clock.ts';
import { createCommandServer } from './command-server.ts';
import { printed, type Reply } from './reply.ts';

let clock: VirtualClock;
let server: Server;
let ran: (readonly string[])[];
let reported: unknown[];
let run: (words: readonly string[], signal: AbortSignal) => Promise<Reply>;
const sockets = new Set<Socket>();

beforeEach(async () => {
  clock = new VirtualClock();
  ran = [];
  reported = [];
  run = async (words) => {
    ran.push(words);
    return printed('answered');
  };
  server = createCommandServer({
    clock,
    run: (words, signal) => run(words, signal),
    logError: (error) => reported.push(error),
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/**
 * Connects a client, and sends this text.
 * @returns the client, with the text that it receives
 */
async function client(sent = '') {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  sockets.add(socket);
  const it = { socket, received: '', closed: false };
  socket.setEncoding('utf8').on('data', (text: string) => (it.received += text));
  socket.on('error', () => undefined).on('close', () => (it.closed = true));
  await once(socket, 'connect');
  socket.write(sent);
  return it;
}

const request = (body: string, ...headers: string[]) =>
  [
    'POST /run HTTP/1.1',
    'Host: keyvigil',
    `Content-Length: ${body.length}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
const LIST = request('protocol=1&arg=list');

async function answerTo(sent: string): Promise<string> {
  const it = await client(sent);
  await expect.poll(() => it.closed).toBe(true);
  return it.received;
}

describe('the server of the command', () => {
  it('answers one request, and ends the connection', async () => {
    const answer = await answerTo(LIST + LIST);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(answer).toContain('\r\n\r\n0\n:\nanswered');
    expect(ran).toEqual([['list']]);
  });

  it.each([
    ['another path', LIST.replace('/run', '/')],
    ['another method', LIST.replace('POST', 'PUT')],
    ['a whole address', LIST.replace('/run', 'http://keyvigil/run')],
  ])('refuses %s', async (_what, sent) => {
    expect(await answerTo(sent)).toMatch(/^HTTP\/1.1 403 /);
    expect(ran).toEqual([]);
  });

  it('refuses a tunnel', async () => {
    expect(await answerTo('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
    expect(ran).toEqual([]);
  });

  it.each([
    ['two lengths', LIST.replace('\r\n\r\n', '\r\nContent-Length: 3\r\n\r\n')],
    ['a length and chunks', LIST.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')],
    ['no HTTP', 'GARBAGE\r\n\r\n'],
  ])('refuses %s', async (_what, sent) => {
    expect(await answerTo(sent)).toMatch(/^HTTP\/1.1 400 /);
    expect(ran).toEqual([]);
  });

  it('refuses headers that are too long', async () => {
    expect(await answerTo(request('', `X: ${'x'.repeat(5000)}`))).toMatch(/^HTTP\/1.1 431 /);
  });

  it('refuses words that are too long, and does not wait for all of them', async () => {
    expect(await answerTo(request('x'.repeat(17_000)))).toMatch(/^HTTP\/1.1 413 /);
    const start = 'POST /run HTTP/1.1\r\nHost: k\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await answerTo(`${start}5000\r\n${'x'.repeat(0x5000)}\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    expect(ran).toEqual([]);
  });

  it('refuses a script of another version, and says why', async () => {
    expect(await answerTo(request('protocol=2&arg=list'))).toContain('another version of Keyvigil');
  });

  it('writes for cmd what cmd can read', async () => {
    run = async () => ({ status: 0, environment: { KEYVIGIL_KEY: 'a', KEYVIGIL_URL: 'b' } });
    expect(await answerTo(request('protocol=1&shell=cmd'))).toContain(
      '\r\n\r\nrun\n:\nKEYVIGIL_KEY=a\nKEYVIGIL_URL=b',
    );
  });

  it('answers, and reports, if a command fails by a bug', async () => {
    run = () => Promise.reject(new Error('A bug.'));
    expect(await answerTo(LIST)).toContain('5\n: Keyvigil failed with this command');
    expect(reported).toHaveLength(1);
  });

  it('tells a command when its script has gone', async () => {
    const gone = new Promise<void>((resolve) => {
      run = (_words, signal) => {
        signal.addEventListener('abort', () => resolve());
        return new Promise(() => {});
      };
    });
    const it = await client(LIST);
    await expect.poll(() => server.listenerCount('request')).toBe(1);
    await settle();
    it.socket.destroy();
    await gone;
  });
});

describe('a slow client', () => {
  it.each([
    ['nothing', ''],
    ['half a header', 'POST /run HTTP/1.1\r\nHost'],
    ['half a body', LIST.slice(0, -1)],
  ])('that has sent %s after 5 s is cut off', async (_what, sent) => {
    const it = await client(sent);
    await settle();
    await clock.advance(5 * SECOND_MS - 1);
    expect(it.closed).toBe(false);
    await clock.advance(1);
    await expect.poll(() => it.closed).toBe(true);
    expect(ran).toEqual([]);
  });

  it('is cut off even if it sends a byte now and then', async () => {
    const it = await client('POST /run HTTP/1.1\r\n');
    for (let second = 0; second < 5; second++) {
      it.socket.write(`X-${second}: y\r\n`);
      await clock.advance(SECOND_MS);
    }
    await expect.poll(() => it.closed).toBe(true);
  });

  it('that does not read a long answer is cut off 5 s after it', async () => {
    run = async () => printed('x'.repeat(20_000_000));
    const it = await client();
    it.socket.pause();
    it.socket.write(LIST);
    await expect.poll(() => clock.timers).toBe(1);
    await clock.advance(5 * SECOND_MS);
    it.socket.resume();
    await expect.poll(() => it.closed).toBe(true);
    expect(it.received.length).toBeLessThan(20_000_000);
  });

  it('keeps its place while a command works, however long', async () => {
    let finish!: (reply: Reply) => void;
    run = () => new Promise((resolve) => (finish = resolve));
    const it = await client(LIST);
    await expect.poll(() => finish).toBeDefined();
    await clock.advance(10 * MINUTE_MS);
    finish(printed('answered'));
    await expect.poll(() => it.received).toContain('answered');
  });
});

describe('many clients at once', () => {
  it('take no more than 250 connections, and only for 5 s', async () => {
    const slow = await Promise.all(Array.from({ length: 400 }, () => client()));
    await expect.poll(() => slow.filter(({ closed }) => closed).length).toBe(150);
    await clock.advance(5 * SECOND_MS);
    await expect.poll(() => slow.every(({ closed }) => closed)).toBe(true);
    expect(await answerTo(LIST)).toContain('answered');
  });

  it('do not delay a keep-alive', async () => {
    const world = await createWorld({ clock });
    await world.add();
    await Promise.all(Array.from({ length: 400 }, () => client('POST /run HTTP/1.1\r\n')));
    const due = clock.now() + 8 * MINUTE_MS;
    await clock.advance(8 * MINUTE_MS);
    expect(world.server.journal.entries.at(-1)).toMatchObject({ route: 'version', at: due });
  });
});
