/** Tests the local address on the running app, which sends requests through Chromium's network. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { freePort } from '../support/free-port.ts';
import { withTables } from '../support/with-tables.ts';
import { expect, launchSignedIn, test as base } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import type { Popup } from './popup.ts';
import { nexusAccount } from './servers.ts';

const MB = 1024 * 1024;

/**
 * Starts a NEXUS IC whose tables are answered by `answer`.
 * @returns the local address of a table
 */
type StartTable = (
  answer: (...args: Parameters<RequestListener>) => unknown,
) => Promise<{ popup: Popup; url: string }>;

const test = base.extend<{ startTable: StartTable }>({
  startTable: async ({ keyvigil, nexus }, use) => {
    let stop: () => Promise<void> = async () => {};
    await use(async (answer) => {
      const server = await withTables(nexus.origin, answer);
      stop = server.stop;
      const form = nexusAccount(nexus, { address: server.origin });
      const { popup, account } = await launchSignedIn(keyvigil, form);
      await account.choose('Details');
      await turnOn(popup);
      await popup.page.getByRole('checkbox', { name: 'Allow changes' }).check();
      return { popup, url: `${await copyAddress(keyvigil, popup)}/bo/Workpack/` };
    });
    await stop();
  },
});

/** Turns the local address on in the details. Tests run at the same time, so each test needs its own port. */
async function turnOn(popup: Popup): Promise<void> {
  await popup.changeSettings({ localAddressPort: await freePort() });
  await popup.page.getByRole('checkbox', { name: 'Local address' }).check();
  await popup.button('Copy address').waitFor();
}

async function copyAddress(keyvigil: Keyvigil, popup: Popup): Promise<string> {
  const before = await keyvigil.clipboard();
  await popup.button('Copy address').click();
  await expect.poll(() => keyvigil.clipboard()).not.toBe(before);
  return keyvigil.clipboard();
}

const rowsAt = async (address: string) => {
  const answer = await fetch(`${address}/bo/Workpack/?pageSize=1`);
  return answer.status === 200 ? ((await answer.json()) as { rows: unknown }).rows : answer.status;
};
const ROWS = [{ Name: 'Workpack 1' }];

test('an account is used at its local address, until that is replaced or turned off', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup, account } = await launchSignedIn(keyvigil, form);
  await account.choose('Details');
  await turnOn(popup);
  const first = await copyAddress(keyvigil, popup);
  await expect(popup.status).toContainText('Clears in 45 s');
  expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}$/);
  expect(await rowsAt(first)).toEqual(ROWS);

  await popup.button('New address').click();
  await expect(popup.status).toContainText('no longer works');
  const second = await copyAddress(keyvigil, popup);
  expect(await rowsAt(first)).toBe(404);
  expect(await rowsAt(second)).toEqual(ROWS);

  expect((await fetch(`${second}/bo/Workpack/`, { method: 'POST', body: '{}' })).status).toBe(405);
  await popup.page.getByRole('checkbox', { name: 'Allow changes' }).check();
  await expect
    .poll(
      async () => (await fetch(`${second}/bo/Workpack/`, { method: 'POST', body: '{}' })).status,
    )
    .toBe(201);

  await popup.button('Back').click();
  await account.choose('Copy as …', 'Local address for Power Query');
  await expect.poll(() => keyvigil.clipboard()).toContain(`"${second}"`);

  await keyvigil.restart();
  await expect.poll(() => rowsAt(second).catch(String)).toEqual(ROWS);
  const restarted = await keyvigil.popup();
  await restarted.account(form.name).choose('Details');
  await restarted.page.getByRole('checkbox', { name: 'Local address' }).uncheck();
  await expect.poll(() => rowsAt(second).catch(() => 'closed')).toBe('closed');

  await keyvigil.quit();
  for (const address of [first, second]) {
    const token = address.slice(-32);
    const places = [...keyvigil.files()].filter(([, content]) => content.includes(token));
    expect(places.map(([path]) => path)).toEqual([]);
    expect(keyvigil.output).not.toContain(token);
  }
});

test('100 MB stream both ways', async ({ startTable }) => {
  const chunk = Buffer.alloc(MB, 'x');
  const arrived = Promise.withResolvers<void>();
  let sendRest = () => {};
  const { url } = await startTable(async (request, response) => {
    if (request.method === 'POST') {
      response.end(String(await bytesOf(request, arrived.resolve)));
    } else {
      response.write(chunk);
      sendRest = () => void writeTimes(response, chunk, 99);
    }
  });
  // Download: the beginning arrives before the server has the end.
  const reader = (await fetch(url)).body!.getReader();
  let bytes = (await reader.read()).value!.length;
  sendRest();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    bytes += next.value.length;
  }
  expect(bytes).toBe(100 * MB);
  // Upload: the server has the beginning before the program has the end.
  let left = 100;
  const body = new ReadableStream({
    async pull(controller) {
      if (left === 90) await arrived.promise;
      if (left-- > 0) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const sent = { method: 'POST', body, duplex: 'half' } as const;
  expect(await (await fetch(url, sent)).text()).toBe(String(100 * MB));
});

test('a program that goes away ends its request at the server', async ({ startTable }) => {
  let arrived = Promise.withResolvers<IncomingMessage>();
  const { url } = await startTable((request, response) => {
    arrived.resolve(request);
    // Without a type, Chromium would wait for more bytes to guess the type.
    response.setHeader('content-type', 'application/json');
    if (request.url!.includes('beginning')) response.write('beginning');
  });
  for (const query of ['', '?beginning']) {
    arrived = Promise.withResolvers();
    const abort = new AbortController();
    const answer = fetch(url + query, { signal: abort.signal });
    const { socket } = await arrived.promise;
    if (query !== '') await answer;
    abort.abort();
    await answer.catch(() => undefined);
    if (!socket.closed) await once(socket, 'close');
  }
});

test('an answer is decompressed, its headers keep their bytes, and no redirect is followed', async ({
  startTable,
}) => {
  const name = Buffer.from('Pläne Łódź').toString('latin1');
  const { url } = await startTable((request, response) => {
    const status = request.url!.includes('redirect') ? 302 : 200;
    response
      .writeHead(status, { location: '/bo/x/', 'content-encoding': 'gzip', 'x-name': name })
      .end(gzipSync('rows'));
  });
  const answer = await fetch(url);
  expect(await answer.text()).toBe('rows');
  expect(answer.headers.get('x-name')).toBe(name);
  expect((await fetch(`${url}?redirect`, { redirect: 'manual' })).status).toBe(502);
  expect(await (await fetch(url, { method: 'HEAD' })).text()).toBe('');
});

test('a session that ends 20 times is renewed 20 times, and answers that nobody reads keep no connection', async ({
  keyvigil,
  nexus,
  startTable,
}) => {
  let isRefused = false;
  const { popup, url } = await startTable((_request, response) => {
    isRefused = !isRefused;
    if (isRefused) nexus.forgetSessions();
    response.writeHead(isRefused ? 401 : 200).end('x'.repeat(isRefused ? MB : 4));
  });
  for (let times = 0; times < 20; times++) expect(await (await fetch(url)).text()).toBe('xxxx');
  expect(nexus.loginRequests).toBe(21);
  await popup.verifyAll();
  // No login may leave a listener behind.
  expect(keyvigil.output).not.toContain('MaxListenersExceeded');
});

test('2,000 requests leave nothing behind in memory', async ({ keyvigil, startTable }) => {
  const { url } = await startTable((_request, response) => response.end('rows'));
  const client = async (times: number) => {
    for (let i = 0; i < times; i++) await (await fetch(url)).text();
  };
  await client(100);
  const before = await usedHeapMb(keyvigil);
  await Promise.all(Array.from({ length: 10 }, () => client(200)));
  expect((await usedHeapMb(keyvigil)) - before).toBeLessThan(5);
});

test('six slow changes do not hold up the keep-alive, and none is repeated when its connection breaks', async ({
  startTable,
  nexus,
}) => {
  const waiting: IncomingMessage[] = [];
  const six = Promise.withResolvers<void>();
  const { popup, url } = await startTable((request) => {
    if (waiting.push(request) === 6) six.resolve();
  });
  const changes = Array.from({ length: 6 }, async () => {
    return (await fetch(url, { method: 'POST', body: '{}' })).status;
  });
  await six.promise;
  const before = nexus.journal.count('version');
  await popup.verifyAll();
  expect(nexus.journal.count('version')).toBeGreaterThan(before);
  for (const { socket } of waiting) socket.destroy();
  expect(await Promise.all(changes)).toEqual([504, 504, 504, 504, 504, 504]);
  expect(waiting).toHaveLength(6);
});

test('no web page reaches an account, even if it knows the local address', async ({
  keyvigil,
  startTable,
}) => {
  let reached = 0;
  const { url } = await startTable((_request, response) => {
    reached++;
    response.end('rows');
  });
  expect(await (await fetch(url)).text()).toBe('rows');
  const page = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Attacker</p>'),
  );
  await once(page.listen(0, '127.0.0.1'), 'listening');
  const { port } = page.address() as AddressInfo;

  // `rebound` simulates DNS rebinding: it is the local address under another host name, which an attacker's page could have.
  const rebound = url.replace('127.0.0.1', 'localhost');
  const seen = await keyvigil.app.evaluate(
    async ({ BrowserWindow }, { at, urls }) => {
      const window = new BrowserWindow({ show: false });
      await window.loadURL(at);
      const tried: unknown = await window.webContents.executeJavaScript(
        `(${String(attack)})(${JSON.stringify(urls)})`,
      );
      const navigated: string[] = [];
      for (const url of urls) {
        await window.loadURL(url);
        navigated.push(
          (await window.webContents.executeJavaScript('document.body.innerText')) as string,
        );
      }
      window.destroy();
      return { tried, navigated };

      async function attack(urls: string[]) {
        const got: string[] = [];
        for (const url of urls) {
          for (const mode of ['cors', 'no-cors'] as const) {
            for (const method of ['GET', 'POST']) {
              await fetch(url, { mode, method }).then(
                async (answer) => {
                  if (answer.type !== 'opaque')
                    got.push(`${mode} ${method} ${await answer.text()}`);
                },
                () => undefined,
              );
            }
          }
          await fetch(url, { method: 'PUT' }).catch(() => undefined);
          navigator.sendBeacon(url, 'x');
          for (const tag of ['img', 'script', 'iframe', 'video', 'link', 'object'] as const) {
            const element = document.createElement(tag);
            Object.assign(element, {
              src: url,
              href: url,
              data: url,
              rel: 'stylesheet',
              referrerPolicy: 'no-referrer',
            });
            const loaded = new Promise((resolve) => (element.onload = element.onerror = resolve));
            document.body.append(element);
            await loaded;
          }
          const socket = new WebSocket(url.replace('http', 'ws'));
          await new Promise((resolve) => (socket.onclose = resolve));
        }
        return got;
      }
    },
    { at: `http://127.0.0.1:${port}/`, urls: [url, rebound] },
  );
  page.close();
  page.closeAllConnections();
  expect(seen.tried).toEqual([]);
  expect(seen.navigated[0]).toContain('Web pages cannot use a local address');
  expect(seen.navigated[1]).toContain('Use the local address as Keyvigil shows it');
  expect(reached).toBe(1);
});

async function writeTimes(
  stream: NodeJS.WritableStream,
  chunk: Buffer,
  times: number,
): Promise<void> {
  for (let i = 0; i < times; i++) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
}

async function bytesOf(request: IncomingMessage, onFirst: () => void): Promise<number> {
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    onFirst();
  }
  return bytes;
}

/** @returns the used memory of the main process, after a garbage collection */
const usedHeapMb = (keyvigil: Keyvigil): Promise<number> =>
  keyvigil.app.evaluate(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
    collect();
    return process.memoryUsage().heapUsed / 1024 ** 2;
  });
