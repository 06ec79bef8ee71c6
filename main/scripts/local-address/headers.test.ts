import { describe, expect, it } from 'vitest';
import { toClient, toServer, withKey } from './headers.ts';

const QUERY = { in: 'query', name: 'hash' } as const;
const HEADER = { in: 'header', name: 'key', headers: { 'User-Agent': 'Mozilla/5.0' } } as const;

describe('to the server', () => {
  it('go the headers of the program, and those that the system needs', () => {
    const raw = ['Accept', 'text/csv', 'X-Filter', 'a', 'x-filter', 'b', 'User-Agent', 'script'];
    expect(toServer(raw, HEADER, 'KEY')).toEqual({
      accept: 'text/csv',
      'x-filter': 'a, b',
      'user-agent': 'Mozilla/5.0',
      key: 'KEY',
    });
  });

  it('go no credentials, no second key, and nothing that concerns the connection', () => {
    const raw = [
      ['Host', 'x'],
      ['Cookie', 'x'],
      ['Authorization', 'x'],
      ['Proxy-Authorization', 'x'],
      ['Key', 'x'],
      ['HASH', 'x'],
      ['Connection', 'keep-alive, X-Secret'],
      ['X-Secret', 'x'],
      ['Keep-Alive', 'x'],
      ['TE', 'x'],
      ['Transfer-Encoding', 'chunked'],
      ['Content-Length', '1'],
      ['Expect', '100-continue'],
      ['Referer', 'x'],
      ['Accept-Encoding', 'x'],
      ['X-Empty', ''],
    ].flat();
    expect(toServer(raw, QUERY, 'KEY')).toEqual({});
  });

  it('goes a header whose name means something in JavaScript', () => {
    expect(toServer(['constructor', 'x'], QUERY, 'KEY')).toEqual({ constructor: 'x' });
  });

  it.each([
    ['', '?hash=KEY%2B'],
    ['?', '?hash=KEY%2B'],
    ['?a=1&b=%26', '?a=1&b=%26&hash=KEY%2B'],
    ['?hash=mine&a=1&HASH=&h%61sh=mine&hash', '?a=1&hash=KEY%2B'],
    ['?%zz=1', '?%zz=1&hash=KEY%2B'],
  ])('goes the key in the query instead of any other: %s', (query, expected) => {
    expect(withKey(query, QUERY, 'KEY+')).toBe(expected);
  });

  it('goes the query as it is if the key is a header', () => {
    expect(withKey('?hash=1&key=2', HEADER, 'KEY')).toBe('?hash=1&key=2');
  });
});

describe('to the program', () => {
  const client = (...headers: [string, string][]) => toClient(headers, 'KEY');

  it('go the headers of the server, and nothing may be cached', () => {
    expect(client(['Content-Type', 'text/csv'], ['Cache-Control', 'public'])).toEqual(
      [
        ['content-type', 'text/csv'],
        ['cache-control', 'no-store'],
      ].flat(),
    );
  });

  it('go no cookies, no permissions for web pages, and nothing that concerns the connection', () => {
    const headers = client(
      ['Set-Cookie', 'x'],
      ['Access-Control-Allow-Origin', '*'],
      ['Connection', 'X-Hop'],
      ['X-Hop', 'x'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
    );
    expect(headers).toEqual(['cache-control', 'no-store']);
  });

  it('goes no length of a body that was decompressed', () => {
    expect(client(['Content-Encoding', 'gzip'], ['Content-Length', '5'])).toHaveLength(2);
    expect(client(['Content-Length', '5'])).toContain('content-length');
  });

  it.each(['KEY+', 'KEY%2B', 'KEY%2b', 'KEY\\u002B'])(
    'goes no key, also if the server repeats it as %s',
    (written) => {
      const headers = toClient([['Location', `https://x/?hash=${written}`]], 'KEY+');
      expect(headers.join()).not.toContain('KEY');
    },
  );
});
