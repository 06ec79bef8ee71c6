import { PassThrough, Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { relay } from './relay.ts';

const MB = 1024 * 1024;
const { signal } = new AbortController();

it('a client that takes nothing makes the server wait after some MB', async () => {
  const gone = new AbortController();
  const client = new Writable({ write: () => undefined });
  let sent = 0;
  const body = Readable.from(
    (function* () {
      for (; sent < 100; sent++) yield Buffer.alloc(MB);
    })(),
  );
  const ended = relay(body, client, { key: 'key', signal: gone.signal });
  for (let turns = 0; turns < 1000; turns++) await turn();
  expect(sent).toBeLessThan(10);
  gone.abort();
  await ended;
  expect(body.destroyed).toBe(true);
});

it('the beginning of a key at the end of an answer is sent', async () => {
  const client = new PassThrough();
  await relay(Readable.from([Buffer.from('a ke')]), client, { key: 'key', signal });
  expect(String(client.read())).toBe('a ke');
});

it('an answer that breaks off is not ended as if it were whole', async () => {
  const client = new PassThrough();
  const body = new PassThrough();
  const ended = relay(body, client, { key: 'key', signal });
  body.write('half');
  body.destroy(new Error('reset'));
  await ended;
  expect(client).toMatchObject({ destroyed: true, writableEnded: false });
});
