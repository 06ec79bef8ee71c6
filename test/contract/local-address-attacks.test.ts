/** Attacks the local address with bytes on a real socket. The attacker knows the token. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../main/clock.ts';
import { createLocalWorld, type LocalWorld } from '../support/local-address-world.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const clock = new VirtualClock();
let world: LocalWorld;
let token: string;
const sockets: Socket[] = [];

beforeEach(async () => {
  world = await createLocalWorld({ clock });
  token = (await world.addNexus('write')).localToken!;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await world.close();
});

async function open(): Promise<Socket> {
  const socket = connect(world.port, '127.0.0.1');
  sockets.push(socket);
  // A reset is an answer too, so it must not fail the test.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** @returns the statuses of all answers until the connection is closed */
async function answersTo(bytes: string): Promise<number[]> {
  const socket = await open();
  let received = '';
  socket.on('data', (data) => (received += data.toString()));
  socket.write(bytes, 'latin1');
  await once(socket, 'close');
  return [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
}

const request = (
  line: string,
  headers: readonly string[] = [],
  body = '',
  host = world.host,
): string => [line, `Host: ${host}`, 'Connection: close', ...headers, '', body].join('\r\n');

const get = (path: string, headers: readonly string[] = [], host = world.host) =>
  request(`GET /${token}${path} HTTP/1.1`, headers, '', host);

const reached = () => world.nexus.journal.count('table');

async function works(): Promise<boolean> {
  const answer = await fetch(`http://${world.host}/${token}/bo/Workpack/`);
  return answer.status === 200;
}

it('an honest request of this form gets through', async () => {
  expect(await answersTo(get('/bo/Workpack/'))).toEqual([200]);
  expect(reached()).toBe(1);
});

describe('nothing reaches the server with', () => {
  it.each([
    ['another host (DNS rebinding)', () => get('/bo/Workpack/', [], 'attacker.example'), 403],
    ['localhost', () => get('/bo/Workpack/', [], `localhost:${world.port}`), 403],
    ['two hosts', () => get('/bo/Workpack/', ['Host: attacker.example']), 403],
    ['an origin', () => get('/bo/Workpack/', ['Origin: http://attacker.example']), 403],
    ['the origin null', () => get('/bo/Workpack/', ['Origin: null']), 403],
    ['an origin behind 2,000 others', () => get('/bo/Workpack/', [...many, 'Origin: null']), 403],
    ['the marks of a browser', () => get('/bo/Workpack/', ['Sec-Fetch-Site: none']), 403],
    ['headers over 16 KB', () => get('/bo/Workpack/', [`X: ${'x'.repeat(16_384)}`]), 431],
    ['an address over 16 KB', () => get(`/bo/${'x'.repeat(16_384)}/`), 431],
    ['a preflight', () => request(`OPTIONS /${token}/bo/Workpack/ HTTP/1.1`), 405],
    ['TRACE', () => request(`TRACE /${token}/bo/Workpack/ HTTP/1.1`), 405],
    ['a WebSocket', () => get('/bo/Workpack/', ['Upgrade: websocket']), 400],
    ['HTTP/2', () => get('/bo/Workpack/', ['Upgrade: h2c', 'HTTP2-Settings: AA']), 400],
    ['the absolute form', () => request(`GET http://${world.host}/${token}/bo/A/ HTTP/1.1`), 400],
    ['another server', () => request('GET http://attacker.example/ HTTP/1.1'), 400],
    ['no host', () => `GET /${token}/bo/Workpack/ HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
    ['HTTP/0.9', () => `GET /${token}/bo/Workpack/\r\n\r\n`, 403],
    ['HTTP/1.0 without a host', () => `GET /${token}/bo/Workpack/ HTTP/1.0\r\n\r\n`, 403],
  ])('%s', async (_name, bytes, status) => {
    expect(await answersTo(bytes())).toEqual([status]);
    expect(reached()).toBe(0);
    expect(await works()).toBe(true);
  });

  it.each([
    ['a tunnel', () => request(`CONNECT ${new URL(world.nexus.origin).host} HTTP/1.1`)],
    ['a tunnel to itself', () => request(`CONNECT ${world.host} HTTP/1.1`)],
    ['HTTP/2 from the start', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s', async (_name, bytes) => {
    expect((await answersTo(bytes())).filter((status) => status !== 400)).toEqual([]);
    expect(reached()).toBe(0);
  });

  const ups = ['..', '%2e%2e', '.%2e', '%2E.', '%252e%252e', '..;', '..;a=b', '..%00', '..%20'];
  const odd = ['%c0%ae%c0%ae', '%u002e%u002e', '%ef%bc%8e%ef%bc%8e', '%e2%80%a5', '...', '.%09.'];
  const slashes = ['/', '%2f', '%2F', '%252f', '\\', '%5c', '%c0%af', '%ef%bc%8f', '//'];
  it.each([...ups, ...odd])('a path that leads out of the API by %s', async (up) => {
    for (const slash of slashes) {
      const path = `/bo${slash}${up}${slash}bo${slash}Workpack/`;
      expect(await answersTo(get(path)), path).toEqual([400]);
    }
    expect(reached()).toBe(0);
  });
});

const many = Array.from({ length: 2100 }, () => 'a:b');

describe('no second request is smuggled in', () => {
  const smuggled = () => `GET /${token}/bo/Smuggled/ HTTP/1.1\r\nHost: ${world.host}\r\n\r\n`;
  const chunked = () => `0\r\n\r\n${smuggled()}`;
  const post = (headers: readonly string[], body: string) =>
    request(`POST /${token}/bo/Workpack/ HTTP/1.1`, headers, body);

  it.each([
    ['two lengths', () => post(['Content-Length: 0', 'Content-Length: 90'], smuggled())],
    ['two lengths in one header', () => post(['Content-Length: 0, 90'], smuggled())],
    [
      'a length and chunks',
      () => post(['Content-Length: 5', 'Transfer-Encoding: chunked'], chunked()),
    ],
    [
      'chunks and a length',
      () => post(['Transfer-Encoding: chunked', 'Content-Length: 5'], chunked()),
    ],
    [
      'chunks that are not the last coding',
      () => post(['Transfer-Encoding: chunked, x'], chunked()),
    ],
    ['an unknown coding', () => post(['Transfer-Encoding: xchunked'], chunked())],
    ['chunks twice', () => post(['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], chunked())],
    ['a blank before the colon', () => post(['Transfer-Encoding : chunked'], chunked())],
    ['a folded header', () => post(['Transfer-Encoding:', ' chunked'], chunked())],
    ['a signed length', () => post(['Content-Length: +0'], smuggled())],
    ['a hexadecimal length', () => post(['Content-Length: 0x0'], smuggled())],
    ['a huge length', () => post([`Content-Length: ${'9'.repeat(30)}`], smuggled())],
    [
      'a huge chunk',
      () => post(['Transfer-Encoding: chunked'], `${'f'.repeat(17)}\r\n${chunked()}`),
    ],
    [
      'line feeds alone',
      () => post(['Content-Length: 0\nX: y'], smuggled()).replaceAll('\r\n', '\n'),
    ],
    ['a carriage return alone', () => post(['X: y\rContent-Length: 0'], smuggled())],
    ['a zero byte', () => post(['X: y\0', 'Content-Length: 0'], smuggled())],
    ['a GET with a body', () => get('/bo/Workpack/', ['Content-Length: 90']) + smuggled()],
  ])('by %s', async (_name, bytes) => {
    expect(await answersTo(bytes())).toEqual([400]);
    expect(world.nexus.journal.entries.filter(({ path }) => path.includes('bo'))).toEqual([]);
    expect(await works()).toBe(true);
  });

  it('behind a refused body', async () => {
    const bytes = `POST /unknown/x HTTP/1.1\r\nHost: ${world.host}\r\nContent-Length: 1000\r\n\r\n${smuggled()}`;
    const answers = answersTo(bytes);
    await clockMovesOn(answers);
    expect(await answers).toEqual([404]);
    expect(reached()).toBe(0);
  });

  it('into what is sent to the server', async () => {
    for (const evil of ['%0d%0aX: y', '%0aX:y', '\x85', '\u00e9']) {
      await answersTo(get(`/bo/Workpack/?a=${evil}`));
    }
    for (const { headers } of world.nexus.journal.entries) expect(headers.has('x')).toBe(false);
  });
});

describe('right tokens are served, and keep-alives sent in time, while somebody', () => {
  it('tries 1,000 wrong tokens', async () => {
    for (let i = 0; i < 1000; i++) {
      const socket = await open();
      const wrong = i.toString(16).padStart(32, '0');
      socket.write(`GET /${wrong}/bo/Workpack/ HTTP/1.1\r\nHost: ${world.host}\r\n\r\n`);
      if (i % 100 === 0) expect(await works()).toBe(true);
    }
    await keepAliveIsSent();
    expect(world.nexus.journal.entries.every(({ path }) => !path.includes('0000'))).toBe(true);
  });

  it('opens 1,000 connections and sends half a request (slowloris)', async () => {
    for (let i = 0; i < 1000; i++) {
      const socket = await open();
      socket.write(`GET /${token}/bo/Workpack/ HTTP/1.1\r\nHost: `);
      if (i % 100 === 0) expect(await works()).toBe(true);
    }
    await keepAliveIsSent();
    expect(sockets.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(512);
  });

  it('sends no end of any body', async () => {
    for (let i = 0; i < 100; i++) {
      const socket = await open();
      const head = `POST /${token}/bo/Workpack/ HTTP/1.1\r\nHost: ${world.host}\r\n`;
      socket.write(`${head}Content-Length: 100\r\n\r\nbeginning`);
    }
    expect(await works()).toBe(true);
    await keepAliveIsSent();
  });

  it('sends 1,000 requests on one connection without reading answers', async () => {
    const socket = await open();
    socket.pause();
    for (let i = 0; i < 1000; i++)
      socket.write(get('/bo/Workpack/').replace('close', 'keep-alive'));
    expect(await works()).toBe(true);
    await keepAliveIsSent();
  });

  async function keepAliveIsSent(): Promise<void> {
    const before = world.nexus.journal.count('version');
    await clock.advance(8 * MINUTE_MS);
    await expect.poll(() => world.nexus.journal.count('version')).toBeGreaterThan(before);
  }
});

/** Moves the virtual clock until the promise settles, because a wrong token is answered only after a delay. */
async function clockMovesOn(until: Promise<unknown>): Promise<void> {
  let isOver = false;
  void until.then(() => (isOver = true));
  await expect.poll(async () => (await clock.advance(100), isOver)).toBe(true);
}
