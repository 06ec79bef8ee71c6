import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import * as faults from '../simulators/faults.ts';
import {
  createLocalWorld,
  type LocalWorld,
  type LocalWorldOptions,
} from '../support/local-address-world.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function start(options: LocalWorldOptions = {}): Promise<LocalWorld> {
  const world = await createLocalWorld(options);
  closers.push(() => world.close());
  return world;
}

/** A NEXUS IC whose tables are answered by `answer`. */
async function startBehind(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world = await start({
    fetch: (url, init) => {
      const { pathname, search } = new URL(url);
      return fetch(pathname.includes('/bo/') ? `${origin}${pathname}${search}` : url, init);
    },
  });
  return world;
}

describe('a request to the local address', () => {
  it('gets rows of NEXUS IC, with the hash that the program does not know', async () => {
    const world = await start();
    const address = world.addressOf(await world.addNexus());
    const answer = await fetch(`${address}/bo/Workpack/?pageSize=2&hash=mine`);
    expect(answer.status).toBe(200);
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
  });
});
