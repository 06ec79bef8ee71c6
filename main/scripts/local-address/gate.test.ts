import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, checkMethod } from './gate.ts';

const HOST = '127.0.0.1:7431';

const head = (
  url: string,
  headers: readonly (readonly [string, string])[] = [],
  method = 'GET',
) => ({ method, url, rawHeaders: [['Host', HOST], ...headers].flat() });

const statusOf = (...args: Parameters<typeof head>) => {
  const admitted = admit(head(...args), HOST);
  return admitted.ok ? 'admitted' : admitted.error.status;
};

describe('a request that is admitted', () => {
  it.each([
    ['/TOKEN/bo/Workpack/?pageSize=10', '/bo/Workpack/', '?pageSize=10'],
    ['/TOKEN/version', '/version', ''],
    ['/TOKEN', '/', ''],
    ['/TOKEN?x', '/', '?x'],
    ['/TOKEN/a%20b/%C3%A9.x/..y', '/a%20b/%C3%A9.x/..y', ''],
    ['/TOKEN/a?x=../../%2e%2e//', '/a', '?x=../../%2e%2e//'],
  ])('%s keeps its path and query as they are', (url, path, query) => {
    expect(admit(head(url), HOST)).toEqual({ ok: true, value: { token: 'TOKEN', path, query } });
  });

  it('may come from Node’s fetch, which sends `Sec-Fetch-Mode: cors`', () => {
    expect(statusOf('/T/a', [['sec-fetch-mode', 'cors']])).toBe('admitted');
  });

  it('may say that it has no body', () => {
    expect(statusOf('/T/a', [['Content-Length', '0']])).toBe('admitted');
  });
});

describe('refused is', () => {
  it.each([
    ['localhost:7431'],
    ['127.0.0.1'],
    ['127.0.0.1:7432'],
    ['127.0.0.1:7431.'],
    ['127.1:7431'],
    ['attacker.example:7431'],
    ['[::1]:7431'],
    [''],
  ])('the host %j', (host) => {
    expect(admit({ method: 'GET', url: '/T/a', rawHeaders: ['Host', host] }, HOST)).toMatchObject({
      error: { status: 403 },
    });
  });

  it('a request without a host, or with two', () => {
    for (const rawHeaders of [[], ['Host', HOST, 'Host', HOST]]) {
      expect(admit({ method: 'GET', url: '/T/a', rawHeaders }, HOST).ok).toBe(false);
    }
  });

  it.each([
    [[['Origin', 'null']]],
    [[['origin', `http://${HOST}`]]],
    [[['Sec-Fetch-Site', 'same-origin']]],
    [[['Sec-Fetch-Mode', 'no-cors']]],
    [[['Sec-Fetch-Mode', 'navigate']]],
    [
      [
        ['sec-fetch-mode', 'cors'],
        ['sec-fetch-dest', 'empty'],
      ],
    ],
  ] as [[string, string][]][])('a browser: %j', (headers) => {
    expect(statusOf('/T/a', headers)).toBe(403);
  });

  it.each([['Upgrade'], ['X-HTTP-Method-Override'], ['X-Original-URL'], ['X-Rewrite-Url']])(
    'the header %s',
    (name) => {
      expect(statusOf('/T/a', [[name, 'x']])).toBe(400);
    },
  );

  it.each([
    ['Content-Length', '5'],
    ['Transfer-Encoding', 'chunked'],
  ])('a GET with a body, by %s', (name, value) => {
    expect(statusOf('/T/a', [[name, value]])).toBe(400);
    expect(statusOf('/T/a', [[name, value]], 'POST')).toBe('admitted');
  });

  it.each([
    ['http://127.0.0.1:7431/T/a'],
    ['http://server.example/T/a'],
    ['//server.example/a'],
    ['server.example:443'],
    ['*'],
    ['/'],
    [''],
    ['/T/a#b'],
    ['/T/a b'],
    ['/T/é'],
    ['/T/a\u0000'],
  ])('the target %j', (url) => {
    expect(statusOf(url)).toBe(400);
  });

  it.each([
    ['/T/..'],
    ['/T/../a'],
    ['/T/a/../../b'],
    ['/T/./a'],
    ['/T/a/.'],
    ['/T/%2e%2e/a'],
    ['/T/.%2E/a'],
    ['/T/%252e%252e/a'],
    ['/T/%25252e/a'],
    ['/T/..%2fa'],
    ['/T/..%5ca'],
    ['/T/..\\a'],
    ['/T/a\\b'],
    ['/T//a'],
    ['/T/a//'],
    ['/T/a%2fb'],
    ['/T/..;/a'],
    ['/T/..;x=1/a'],
    ['/T/;/a'],
    ['/T/.. /a'],
    ['/T/..%20/a'],
    ['/T/.../a'],
    ['/T/..%00/a'],
    ['/T/%c0%ae%c0%ae/a'],
    ['/T/%u002e%u002e/a'],
    ['/T/%ef%bc%8e%ef%bc%8e/a'],
    ['/T/%e2%80%a5/a'],
    ['/T/a%ef%bc%8fb'],
    ['/T/a%ef%bc%bcb'],
    ['/T/%0d%0aX: y/a'],
    ['/T/%zz'],
  ])('the path %j, which may lead out of the API', (url) => {
    expect(statusOf(url)).toBe(400);
  });

  it('every path that leads elsewhere after any number of decodings', () => {
    const parts = [
      '.',
      '..',
      '/',
      '\\',
      '%2e',
      '%2E',
      '%2f',
      '%5c',
      '%25',
      '252e',
      'a',
      ';',
      '%20',
    ];
    const base = 'http://server.example/data/icweb.dll';
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 8 }), (path) => {
        const admitted = admit(head(`/T/${path.join('')}`), HOST);
        if (!admitted.ok) return;
        let text = admitted.value.path;
        for (let times = 0; times < 3; times++) {
          const { pathname, origin } = new URL(base + text.replaceAll('\\', '/'));
          expect(origin).toBe('http://server.example');
          const below = new URL(base).pathname + text;
          expect(pathname.startsWith(`${new URL(base).pathname}/`)).toBe(true);
          expect(pathname.split('/')).toHaveLength(below.split('/').length);
          text = decodeURIComponent(text);
        }
      }),
    );
  });
});

describe('the method', () => {
  it.each(['GET', 'HEAD'])('%s only reads, so it is always allowed', (method) => {
    expect(checkMethod(method, 'read')).toBeUndefined();
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s needs “Allow changes”', (method) => {
    expect(checkMethod(method, 'read')).toMatchObject({ status: 405 });
    expect(checkMethod(method, 'read')?.detail).toContain('“Allow changes”');
    expect(checkMethod(method, 'write')).toBeUndefined();
  });

  it.each(['OPTIONS', 'TRACE', 'CONNECT', 'PROPFIND', 'get', undefined])(
    '%s is never allowed',
    (method) => {
      expect(checkMethod(method, 'write')).toMatchObject({ status: 405 });
    },
  );
});
