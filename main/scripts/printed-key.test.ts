import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runProgram } from '../../test/support/run-program.ts';
import type { Account } from '../sessions/account.ts';
import { nexusIc } from '../systems/nexus-ic/index.ts';
import { ribCx } from '../systems/rib-cx/index.ts';
import type { System } from '../systems/system.ts';
import {
  environmentOf,
  printKey,
  PRINT_FORMATS,
  quoteForCurl,
  type PrintFormat,
} from './printed-key.ts';
import { quoteForSh } from './reply.ts';

const KEY = 'a+b/c=';
const VERIFIED_AT = Date.UTC(2026, 10, 24, 20, 18, 14);

function account(system: System): Account {
  const target = { address: 'https://host', methodId: 'password', values: {}, learned: {} };
  return { saved: { id: 'a1', name: 'Plant' }, system, target } as unknown as Account;
}
const printedAs = (system: System, format: PrintFormat) =>
  printKey(account(system), { key: KEY, verifiedAt: VERIFIED_AT, isStale: false }, format);
const text = (system: System, format: PrintFormat) => {
  const result = printedAs(system, format);
  return result.ok ? result.value : `(${result.error})`;
};

test('a key of NEXUS IC goes into the address', () => {
  expect(text(nexusIc, 'plain')).toBe(KEY);
  expect(text(nexusIc, 'query')).toBe('hash=a%2Bb%2Fc%3D');
  expect(text(nexusIc, 'header')).toContain('--format query');
  expect(environmentOf(account(nexusIc), KEY)).toEqual({
    KEYVIGIL_KEY: KEY,
    KEYVIGIL_URL: 'https://host/data/icweb.dll',
    KEYVIGIL_HEADER: '',
    KEYVIGIL_QUERY: 'hash=a%2Bb%2Fc%3D',
  });
});

test('a key of RIB CX goes into a header', () => {
  expect(text(ribCx, 'header')).toBe(`key: ${KEY}`);
  expect(text(ribCx, 'query')).toContain('--format header');
  expect(environmentOf(account(ribCx), KEY)).toEqual({
    KEYVIGIL_KEY: KEY,
    KEYVIGIL_URL: 'https://host/api/latest',
    KEYVIGIL_HEADER: `key: ${KEY}`,
    KEYVIGIL_QUERY: '',
  });
});

test('JSON has all that a request needs, a version, a time in UTC, and no invented expiry', () => {
  expect(JSON.parse(text(ribCx, 'json'))).toEqual({
    version: 1,
    id: 'a1',
    name: 'Plant',
    system: 'RIB CX',
    key: KEY,
    verifiedAt: '2026-11-24T20:18:14.000Z',
    stale: false,
    url: 'https://host/api/latest',
    headers: { key: KEY, 'User-Agent': expect.stringContaining('Mozilla') },
    query: {},
  });
  expect(JSON.parse(text(nexusIc, 'json'))).toMatchObject({ headers: {}, query: { hash: KEY } });
});

test.each(PRINT_FORMATS)(
  'the format %s ends without a line break, which the script adds',
  (format) => {
    for (const system of [nexusIc, ribCx])
      expect(text(system, format)).toBe(text(system, format).trim());
  },
);

test('sh reads the variables of the format env', async () => {
  const program = `${text(nexusIc, 'env')}\nexec printenv KEYVIGIL_KEY KEYVIGIL_URL KEYVIGIL_QUERY`;
  const { stdout } = await runProgram(['sh', '-c', program]);
  expect(stdout).toBe(`${KEY}\nhttps://host/data/icweb.dll\nhash=a%2Bb%2Fc%3D\n`);
});

test('the format env leaves nothing of an account of the other system, which the shell had before', async () => {
  const program = `${text(ribCx, 'env')}\n${text(nexusIc, 'env')}\necho "[$KEYVIGIL_HEADER]"`;
  const { stdout } = await runProgram(['sh', '-c', program]);
  expect(stdout).toBe('[]\n');
});

/** Starts a server that records requests, and runs curl with a config on its standard input. */
async function withCurl(
  work: (curl: (config: string) => Promise<IncomingMessage>) => Promise<void>,
) {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?a=1`;
  try {
    await work(async (stdin) => {
      const { stderr } = await runProgram(['curl', '-q', '-sS', '-K', '-', url], { stdin });
      const request = received.pop();
      if (!request) throw new Error(`curl sent nothing: ${stderr}`);
      return request;
    });
  } finally {
    server.close();
  }
}

test('curl reads the format curl from its standard input', () =>
  withCurl(async (curl) => {
    const nexus = await curl(text(nexusIc, 'curl'));
    const query = new URL(nexus.url!, 'http://host').searchParams;
    expect([nexus.method, ...query]).toEqual(['GET', ['a', '1'], ['hash', KEY]]);
    const { method, url, headers } = await curl(text(ribCx, 'curl'));
    expect([method, url, headers['key']]).toEqual(['GET', '/path?a=1', KEY]);
    expect(headers['user-agent']).toContain('Mozilla');
  }));

test('curl reads any text as it was before it was quoted', () =>
  withCurl(async (curl) => {
    // A header can hold these characters.
    const value = fc.stringMatching(/^[!-~]([\t -~]*[!-~])?$/);
    await fc.assert(
      fc.asyncProperty(value, async (value) => {
        const { headers } = await curl(`header = ${quoteForCurl(`x-test: ${value}`)}`);
        expect(headers['x-test']).toBe(value);
      }),
      { numRuns: 30 },
    );
  }));

test('sh reads any text as it was before it was quoted', async () => {
  const value = fc.string({ unit: 'binary' }).filter((text) => !/\0/.test(text));
  await fc.assert(
    fc.asyncProperty(value, async (value) => {
      const { stdout } = await runProgram(['sh', '-c', `printf %s ${quoteForSh(value)}`]);
      expect(stdout).toBe(value.toWellFormed());
    }),
    { numRuns: 30 },
  );
});
