/** Tests programs that use accounts at their local addresses. The servers are simulated, and all sockets are real. */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MINUTE_MS } from '../../main/clock.ts';
import * as faults from '../simulators/faults.ts';
import {
  createLocalWorld,
  type LocalWorld,
  type LocalWorldOptions,
} from '../support/local-address-world.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { withTables } from '../support/with-tables.ts';

const MB = 1024 * 1024;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(options: LocalWorldOptions = {}): Promise<LocalWorld> {
  const world = await createLocalWorld(options);
  closers.push(() => world.close());
  return world;
}

/**
 * Starts a server whose tables are answered by `answer`.
 * @returns the local address of a table
 */
async function startBehind(answer: RequestListener, options: LocalWorldOptions = {}) {
  const world = await start(options);
  const server = await withTables(world.nexus.origin, answer);
  closers.push(() => server.stop());
  const account = await world.addNexus('write', server.origin);
  return { world, url: `${world.addressOf(account)}/bo/Workpack/` };
}

const post = (body: BodyInit): RequestInit => ({
  method: 'POST',
  body,
  ...(body instanceof ReadableStream && { duplex: 'half' }),
});

const ROWS = '/bo/Workpack/?pageSize=2';

describe('a request to the local address', () => {
  it('gets rows of NEXUS IC, with the hash that the program does not know', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    const answer = await fetch(`${address}${ROWS}&hash=mine`);
    expect(await answer.json()).toEqual({
      rows: [{ Name: 'Workpack 1' }, { Name: 'Workpack 2' }],
      totalRows: 25,
    });
    const { query } = world.nexus.journal.entries.at(-1)!;
    expect(query.getAll('hash')).toEqual([...world.nexus.sessions.keys()]);
    expect(world.used).toEqual(['account-1']);
  });

  it('gets projects of RIB CX, with the headers that it needs', async () => {
    const world = await start();
    const address = world.addressOf(await world.addCx());
    const answer = await fetch(`${address}/Api/Project/Get?take=1`, {
      headers: { key: 'mine', 'user-agent': 'script' },
    });
    expect(await answer.json()).toMatchObject({ Items: [{ Name: 'Harbour Crossing' }] });
    const { headers } = world.ribCx.journal.entries.at(-1)!;
    expect(headers.get('key')).toBe([...world.ribCx.sessions.keys()][0]);
    expect(headers.get('user-agent')).toContain('Mozilla');
  });

  it('may be a HEAD, which is answered without a body', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    const answer = await fetch(`${address}${ROWS}`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });

  it('may change data if the user allows that', async () => {
    const world = await start();
    const account = await world.addNexus('read');
    const url = `${world.addressOf(account)}/bo/Workpack/`;
    const refused = await fetch(url, post('{"Name":"New"}'));
    expect(refused.status).toBe(405);
    expect(await refused.json()).toMatchObject({
      detail: expect.stringContaining('“Allow changes”') as string,
    });
    expect(world.nexus.journal.count('table')).toBe(0);

    await world.give(account, 'write');
    expect((await fetch(url, post('{"Name":"New"}'))).status).toBe(201);
    expect(world.nexus.journal.entries.at(-1)!.body).toBe('{"Name":"New"}');
  });

  it('may not change data any more if that was turned off while the change waited', async () => {
    const held: (() => void)[] = [];
    let changes = 0;
    const { world, url } = await startBehind(({ method }, response) => {
      if (method === 'POST') changes++;
      if (method === 'POST') response.end();
      else held.push(() => response.end());
    });
    // As many requests as the queue sends at once.
    const reads = Array.from({ length: 6 }, () => fetch(url).then((answer) => answer.text()));
    await vi.waitFor(() => expect(held).toHaveLength(6));
    const change = fetch(url, post('{}'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await world.give(world.accounts.list.get('account-1'), 'read');
    for (const end of held) end();
    await Promise.all(reads);
    expect({ status: (await change).status, changes }).toEqual({ status: 405, changes: 0 });
  });

  it('cannot sign in or out: that is left to Keyvigil', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus('write'));
    const paths = ['/security/logout', '/Security/%6cogin'];
    // Windows reads full-width letters as plain ones, and drops dots at the end of a name.
    const alike = ['/%EF%BD%93ecurity/logout', '/security./logout', '/security;a=b/logout'];
    for (const path of [...paths, ...alike]) {
      expect((await fetch(address + path)).status, path).toBe(403);
    }
    expect(world.nexus.sessions.size).toBe(1);
  });

  it('is answered with what the server says about something else than the session', async () => {
    const { world, url } = await startBehind((_request, response) =>
      response.writeHead(401, { 'content-type': 'text/plain' }).end('Not your table.'),
    );
    const answer = await fetch(url);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toBe('Not your table.');
    expect(world.nexus.loginRequests).toBe(1);
  });
});

describe('headers', () => {
  it('that carry credentials or concern the connection do not reach the server', async () => {
    const { url } = await startBehind((request, response) =>
      response.end(JSON.stringify(request.headers)),
    );
    const names = ['cookie', 'authorization', 'key', 'hash', 'proxy-authorization', 'referer'];
    const headers = Object.fromEntries([...names, 'x-mine'].map((name) => [name, 'mine']));
    const sent = (await (await fetch(url, { headers })).json()) as Record<string, string>;
    expect(Object.entries(sent).filter(([, value]) => value === 'mine')).toEqual([
      ['x-mine', 'mine'],
    ]);
  });

  it('that set cookies or open the answer to web pages do not reach the program', async () => {
    const { url } = await startBehind((_request, response) =>
      response
        .writeHead(200, {
          'set-cookie': 'a=b',
          'access-control-allow-origin': '*',
          'cache-control': 'public',
          'x-theirs': 'x',
        })
        .end(),
    );
    const { headers } = await fetch(url);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-theirs': 'x',
      'cache-control': 'no-store',
    });
    expect([headers.has('set-cookie'), headers.has('access-control-allow-origin')]).toEqual([
      false,
      false,
    ]);
  });

  it('pass as the bytes that the server sent', async () => {
    const name = Buffer.from('Pläne Łódź').toString('latin1');
    const { url } = await startBehind((_request, response) =>
      response.writeHead(200, { 'x-name': name }).end(),
    );
    expect((await fetch(url)).headers.get('x-name')).toBe(name);
  });
});

describe('an answer', () => {
  it('that is compressed is decompressed', async () => {
    const { url } = await startBehind((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('rows')),
    );
    expect(await (await fetch(url)).text()).toBe('rows');
  });

  it('never shows the key, also if the server repeats the address', async () => {
    const { world, url } = await startBehind((request, response) => response.end(request.url));
    const body = await (await fetch(url)).text();
    expect(body).toMatch(/hash=\*+$/);
    expect(body).not.toContain([...world.nexus.sessions.keys()][0]);
  });

  it.each([301, 302, 303, 307, 308])('that redirects (%d) is not followed', async (status) => {
    let hasLeft = false;
    const { url } = await startBehind((request, response) => {
      if (request.url?.includes('elsewhere')) hasLeft = true;
      response.writeHead(status, { location: '/bo/elsewhere/' }).end();
    });
    const answer = await fetch(url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location'), hasLeft]).toEqual([502, null, false]);
  });

  it('of 100 MB streams: its beginning arrives before the server has its end', async () => {
    const chunk = Buffer.alloc(MB, 'x');
    let sendRest = () => {};
    const { url } = await startBehind((_request, response) => {
      response.write(chunk);
      sendRest = () => void writeTimes(response, chunk, 99).then(() => response.end());
    });
    const reader = (await fetch(url)).body!.getReader();
    let bytes = (await reader.read()).value!.length;
    sendRest();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      bytes += next.value.length;
    }
    expect(bytes).toBe(100 * MB);
  });

  it('that breaks off breaks off for the program too, which is no fault of Keyvigil', async () => {
    const { world, url } = await startBehind((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    await expect(fetch(url).then((answer) => answer.text())).rejects.toThrow();
    expect(world.reported).toEqual([]);
  });
});

describe('a request body', () => {
  it('of 100 MB streams: the server has its beginning before the program has sent its end', async () => {
    const chunk = new Uint8Array(MB);
    const arrived = Promise.withResolvers<void>();
    const { url } = await startBehind(
      (request, response) =>
        void bytesOf(request, arrived.resolve).then((bytes) => response.end(String(bytes))),
    );
    let left = 100;
    const body = new ReadableStream({
      async pull(controller) {
        if (left === 90) await arrived.promise;
        if (left-- > 0) controller.enqueue(chunk);
        else controller.close();
      },
    });
    expect(await (await fetch(url, post(body))).text()).toBe(String(100 * MB));
  });

  it('comes when Keyvigil asks for it, as curl does with long ones', async () => {
    const { world, url } = await startBehind(
      (request, response) => void text(request).then((body) => response.end(body)),
    );
    const sent = request(url, { method: 'POST', headers: { expect: '100-continue' } });
    sent.on('continue', () => sent.end('body'));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(await text(answer)).toBe('body');

    const unknown = request(`http://${world.host}/unknown/x`, {
      method: 'POST',
      headers: { expect: '100-continue' },
    });
    let isInvited = false;
    unknown.on('continue', () => (isInvited = true));
    const [refusal] = (await once(unknown, 'response')) as [IncomingMessage];
    expect([refusal.statusCode, isInvited]).toEqual([404, false]);
    unknown.destroy();
  });
});

describe('a program that goes away', () => {
  it('ends its request at the server', async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    const { world, url } = await startBehind((request) => arrived.resolve(request));
    const abort = new AbortController();
    const request = fetch(url, { signal: abort.signal });
    const { socket } = await arrived.promise;
    abort.abort();
    await expect(request).rejects.toThrow();
    if (!socket.closed) await once(socket, 'close');
    expect(world.reported).toEqual([]);
  });

  it('in the middle of an answer ends it at the server', async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    const { world, url } = await startBehind((request, response) => {
      arrived.resolve(request);
      response.write('beginning');
    });
    const abort = new AbortController();
    const answer = await fetch(url, { signal: abort.signal });
    abort.abort();
    await expect(answer.text()).rejects.toThrow();
    const { socket } = await arrived.promise;
    if (!socket.closed) await once(socket, 'close');
    expect(world.reported).toEqual([]);
  });
});

describe('when the server has ended the session', () => {
  it.each([401, 404, 'login page'] as const)(
    'by %s, it is renewed, and the request sent again',
    async (invalidHash) => {
      const world = await start({ nexus: { invalidHash } });
      const address = world.addressOf(await world.addNexus());
      world.nexus.forgetSessions();
      expect((await fetch(`${address}${ROWS}`)).status).toBe(200);
      expect(world.nexus.loginRequests).toBe(2);
    },
  );

  it('RIB CX’s is renewed too', async () => {
    const world = await start();
    const address = world.addressOf(await world.addCx());
    world.ribCx.forgetSessions();
    expect((await fetch(`${address}/Api/Project/Get?take=1`)).status).toBe(200);
  });

  it('50 requests at the same moment cause one login, and all get their answer', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    world.nexus.forgetSessions();
    const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${address}${ROWS}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(world.nexus.loginRequests).toBe(2);
  });

  it('a change is sent again after a 401, with its body', async () => {
    const world = await start({ nexus: { tables: { Workpack: [] } } });
    const address = world.addressOf(await world.addNexus('write'));
    world.nexus.forgetSessions();
    const answer = await fetch(`${address}/bo/Workpack/`, post('{"Name":"New"}'));
    expect(await answer.json()).toEqual({ Name: 'New' });
    const rows = await (await fetch(`${address}/bo/Workpack/`)).json();
    expect(rows).toMatchObject({ totalRows: 1 });
  });

  it('a change is not sent again after a login page', async () => {
    const world = await start({ nexus: { invalidHash: 'login page' } });
    const address = world.addressOf(await world.addNexus('write'));
    world.nexus.forgetSessions();
    await fetch(`${address}/bo/Workpack/`, post('{}'));
    expect(world.nexus.journal.count('table')).toBe(1);
  });

  it('a change whose body is too long to keep must be sent again by the program', async () => {
    const world = await start();
    const url = `${world.addressOf(await world.addNexus('write'))}/bo/Workpack/`;
    const body = JSON.stringify({ Name: 'x'.repeat(2 * MB) });
    world.nexus.forgetSessions();
    const refused = await fetch(url, post(body));
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      detail: 'The session had expired, and is renewed now. Send the request again.',
    });
    expect((await fetch(url, post(body))).status).toBe(201);
  });

  it('again and again, the request is not sent for ever', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    world.nexus.faults.always(
      {
        kind: 'instead',
        answer: () => (world.nexus.forgetSessions(), new Response(null, { status: 401 })),
      },
      { route: 'table' },
    );
    expect((await fetch(`${address}${ROWS}`)).status).toBe(503);
    expect(world.nexus.journal.count('table')).toBe(2);
  });

  it('and the stored password no longer counts, the program is told to ask for a sign-in', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    world.nexus.changePassword('engineer1', 'another');
    world.nexus.forgetSessions();
    for (let times = 0; times < 3; times++) {
      const answer = await fetch(`${address}${ROWS}`);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({
        status: 503,
        detail: expect.stringMatching(
          /^“Plant model” needs you to sign in with Keyvigil: /,
        ) as string,
      });
    }
    expect(world.nexus.loginRequests).toBe(2);
  });
});

describe('when the server cannot be reached', () => {
  it('the program is told so, and gets its rows again when the server is back', async () => {
    const clock = new VirtualClock();
    const world = await start({ clock });
    const address = world.addressOf(await world.addNexus());
    await world.nexus.stop();
    const answer = await fetch(`${address}${ROWS}`);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({
      detail: expect.stringContaining('cannot be reached') as string,
    });
    await world.nexus.restart();
    await clock.advance(5000);
    expect((await fetch(`${address}${ROWS}`)).status).toBe(200);
  });

  it('only for a moment, what reads is sent again', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    world.nexus.faults.next(faults.connectionReset(), { route: 'table' });
    expect((await fetch(`${address}${ROWS}`)).status).toBe(200);
  });

  it('only for a moment, a change is not sent again: the server may have made it', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus('write'));
    world.nexus.faults.next(faults.connectionReset(), { route: 'table' });
    expect((await fetch(`${address}/bo/Workpack/`, post('{}'))).status).toBe(504);
    expect(world.nexus.journal.count('table')).toBe(1);
  });

  it('an answer is awaited for 5 minutes, once', async () => {
    const clock = new VirtualClock();
    const arrived = Promise.withResolvers<void>();
    let times = 0;
    const { url } = await startBehind(
      () => {
        times++;
        arrived.resolve();
      },
      { clock },
    );
    const request = fetch(url);
    await arrived.promise;
    await clock.advance(5 * MINUTE_MS);
    const answer = await request;
    expect([answer.status, times]).toEqual([504, 1]);
    expect(await answer.text()).toContain('within 5 minutes');
  });
});

it('a server gets 6 requests at once, 100 wait, more are refused, and keep-alives pass them all', async () => {
  const world = await start();
  const account = await world.addNexus();
  const url = `${world.addressOf(account)}${ROWS}`;
  const hold = faults.held();
  world.nexus.faults.always(hold, { route: 'table' });
  const refused = Promise.withResolvers<number>();
  const all = Array.from({ length: 107 }, async () => {
    const { status } = await fetch(url);
    if (status !== 200) refused.resolve(status);
    return status;
  });
  expect(await refused.promise).toBe(429);
  expect(world.nexus.journal.count('table')).toBe(6);
  expect(await account.verify()).toMatchObject({ ok: true });

  hold.release();
  const statuses = await Promise.all(all);
  expect(statuses.filter((status) => status === 200)).toHaveLength(106);
});

describe('the address', () => {
  it('exists only while it is turned on', async () => {
    const world = await start();
    const account = await world.addNexus('off');
    const url = () => `${world.addressOf(account)}${ROWS}`;
    await expect(fetch(url())).rejects.toThrow();
    await world.give(account, 'read');
    expect((await fetch(url())).status).toBe(200);
    await world.give(account, 'off');
    await expect(fetch(url())).rejects.toThrow();
  });

  it('is another one for each account', async () => {
    const world = await start();
    const [nexus, cx] = [await world.addNexus(), await world.addCx()];
    await fetch(`${world.addressOf(cx)}/Api/Project/Get?take=1`);
    await fetch(`${world.addressOf(nexus)}${ROWS}`);
    expect(world.used).toEqual([cx.saved.id, nexus.saved.id]);
    await world.give(nexus, 'off');
    expect((await fetch(`${world.addressOf(nexus)}${ROWS}`)).status).toBe(404);
  });

  it('is replaced by “New address”, which ends the requests of the old one', async () => {
    const arrived = Promise.withResolvers<void>();
    const { world, url } = await startBehind((_request, response) => {
      response.write('beginning', () => arrived.resolve());
    });
    const old = (await fetch(url)).text();
    const account = world.accounts.list.get('account-1');
    await world.access.renewToken('account-1');
    await world.listener.update();
    await expect(old).rejects.toThrow();
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${world.addressOf(account)}/version`)).status).toBe(200);
  });

  it('does not exist while the removal of its account can be undone', async () => {
    const world = await start();
    const account = await world.addNexus();
    const url = `${world.addressOf(account)}${ROWS}`;
    world.shownAccounts.remove(account.saved.id);
    await world.listener.updated;
    await expect(fetch(url)).rejects.toThrow();
    world.shownAccounts.undo(account.saved.id);
    await world.listener.updated;
    expect((await fetch(url)).status).toBe(200);
  });

  it('passes to the edited account, also for a request that is on its way', async () => {
    const reached = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let isFirst = true;
    const world = await start({
      async fetch(url, init) {
        if (url.includes('/bo/') && isFirst) {
          isFirst = false;
          reached.resolve();
          await release.promise;
        }
        return fetch(url, init);
      },
    });
    const account = await world.addNexus();
    const answer = fetch(world.addressOf(account) + ROWS);
    await reached.promise;
    const edited = await world.accounts.list.edit(account.saved.id, {
      system: 'nexus-ic',
      name: 'Plant model',
      address: world.nexus.baseUrl,
      method: 'api-key',
      values: { apiKey: 'KEY-1' },
      remember: true,
      keepAliveMinutes: 8,
    });
    expect(edited.ok).toBe(true);
    await world.listener.update();
    await vi.waitFor(() => expect(world.nexus.sessions.size).toBe(1));
    release.resolve();
    expect((await answer).status).toBe(200);
    expect(world.nexus.sessions.size).toBe(1);
  });

  it('moves with the setting of the port', async () => {
    const world = await start();
    const account = await world.addNexus();
    const old = `${world.addressOf(account)}${ROWS}`;
    world.port++;
    await world.listener.update();
    await expect(fetch(old)).rejects.toThrow();
    expect((await fetch(`${world.addressOf(account)}${ROWS}`)).status).toBe(200);
  });

  it.each([
    ['is closed if it is turned off while its port is being opened', 'off', 'read'],
    ['works if it is turned on while its port is being closed', 'read', 'off'],
  ] as const)('%s', async (_name, wanted, before) => {
    const world = await start();
    const account = await world.addNexus(wanted);
    account.localToken ??= 'token';
    const change = (localAddress: 'read' | 'off') => {
      account.update({ scripts: { mayUseCommand: false, localAddress } });
      return world.listener.update();
    };
    void change(before);
    // The listener begins now, and needs longer than this to open or close a port.
    await Promise.resolve();
    await change(wanted);
    const answer = fetch(`${world.addressOf(account)}${ROWS}`);
    if (wanted === 'off') await expect(answer).rejects.toThrow();
    else expect((await answer).status).toBe(200);
  });

  it('says that another program uses the port, and works when that has quit', async () => {
    const clock = new VirtualClock();
    const world = await start({ clock });
    const other = createServer().listen(world.port, '127.0.0.1');
    await once(other, 'listening');
    const account = await world.addNexus();
    expect(world.notices.all.map(({ text }) => text)).toEqual([
      expect.stringContaining(`Another program uses port ${world.port}`),
    ]);
    await once(other.close(), 'close');
    await clock.advance(MINUTE_MS);
    await world.listener.update();
    expect((await fetch(`${world.addressOf(account)}${ROWS}`)).status).toBe(200);
    expect(world.notices.all).toEqual([]);
  });

  it('is kept in the vault, not beside the account, and is the same after a restart', async () => {
    const world = await start();
    const { localToken, saved } = await world.addNexus();
    const { storage } = world.accounts;
    expect(localToken).toMatch(/^[0-9a-f]{32}$/);
    expect(storage.secrets.get(saved.id)).toMatchObject({ localToken });
    expect(JSON.stringify(storage.accounts)).not.toContain(localToken);
    expect(world.accounts.restart().get(saved.id).localToken).toBe(localToken);
  });

  it('does not count for another server, if the stored files were changed', async () => {
    const world = await start();
    const { saved } = await world.addNexus();
    const { storage } = world.accounts;
    storage.accounts = storage.accounts.map((stored) => ({
      ...stored,
      address: 'http://attacker.example',
    }));
    expect(world.accounts.restart().get(saved.id).localToken).toBeUndefined();
  });
});

async function writeTimes(
  stream: NodeJS.WritableStream,
  chunk: Buffer,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) if (!stream.write(chunk)) await once(stream, 'drain');
}

async function bytesOf(request: IncomingMessage, onFirst: () => void): Promise<number> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    onFirst();
  }
  return bytes;
}
