/** Which headers pass in each direction. */
import type { KeyParameter } from '../../systems/system.ts';
import { pairs } from './gate.ts';
import { writtenForms } from './key-mask.ts';

/** Headers that concern one connection, so they are not forwarded (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
];

const DROPPED_THERE = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'cookie',
  'authorization',
  'key',
  'hash',
  // This header could contain the local address, which is a secret.
  'referer',
  // `Upstream` decodes the answer, so it requests only encodings that it can decode.
  'accept-encoding',
  'sec-fetch-mode',
]);

/** @param key added where the system expects it; the system's own headers replace the client's */
export function toServer(
  rawHeaders: readonly string[],
  { in: place, name, headers }: KeyParameter,
  key: string,
): Record<string, string> {
  const sent = pairs(rawHeaders);
  const dropped = namedInConnection(sent);
  const kept = new Headers();
  for (const [header, value] of sent) {
    // RIB CX's firewall blocks empty headers.
    if (value.trim() === '' || DROPPED_THERE.has(header) || dropped.has(header)) continue;
    kept.append(header, value);
  }
  for (const [header, value] of Object.entries(headers ?? {})) kept.set(header, value);
  if (place === 'header') kept.set(name, key);
  return Object.fromEntries(kept);
}

const DROPPED_BACK = new Set([
  ...HOP_BY_HOP,
  'set-cookie',
  'set-cookie2',
  'cache-control',
  'expires',
  'pragma',
]);
/** The encodings that `Upstream` has decoded. */
const DECODED = /^(?:x-)?(?:gzip|deflate|br|zstd)$/i;

/** @returns each name followed by its value, as `writeHead` takes them */
export function toClient(headers: readonly (readonly [string, string])[], key: string): string[] {
  const received = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  const dropped = namedInConnection(received);
  const isDecoded = received.some(([name, v]) => name === 'content-encoding' && DECODED.test(v));
  const kept = received.filter(
    ([name]) =>
      !DROPPED_BACK.has(name) &&
      !dropped.has(name) &&
      !name.startsWith('access-control-') &&
      !(isDecoded && (name === 'content-encoding' || name === 'content-length')),
  );
  // A header may repeat the request's address, which may contain the key.
  const masked = kept.map(([name, value]) => [name, withoutKey(value, key)]);
  return [...masked, ['cache-control', 'no-store']].flat();
}

const withoutKey = (value: string, key: string) =>
  writtenForms(key).reduce((text, form) => text.replaceAll(form, KEY_MARK), value);
const KEY_MARK = '***';

function namedInConnection(headers: readonly (readonly [string, string])[]): Set<string> {
  const names = headers.filter(([name]) => name === 'connection').map(([, value]) => value);
  return new Set(
    names
      .join(',')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
}

/** The query with the session key, if the system wants the key there. Replaces a key that the client sent. */
export function withKey(query: string, { in: place, name }: KeyParameter, key: string): string {
  if (place === 'header') return query;
  const isKey = (parameter: string) => nameOf(parameter) === name.toLowerCase();
  const kept = query
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && !isKey(part));
  return `?${[...kept, `${name}=${encodeURIComponent(key)}`].join('&')}`;
}

function nameOf(parameter: string): string | undefined {
  try {
    return decodeURIComponent(parameter.split('=', 1)[0]!.replaceAll('+', ' '))
      .trim()
      .toLowerCase();
  } catch {
    return undefined;
  }
}
