import { failed, success, type Result } from '../result.ts';
import type { Account } from '../sessions/account.ts';
import { assignments } from './reply.ts';

export const PRINT_FORMATS = ['plain', 'json', 'env', 'header', 'query', 'curl'] as const;
export type PrintFormat = (typeof PRINT_FORMATS)[number];

export interface PrintedKey {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly verifiedAt: number;
  /** The server does not respond, so the key may have expired. */
  readonly isStale: boolean;
}

/** @returns the text to print, or an error for the user */
export function printKey(
  account: Account,
  printed: PrintedKey,
  format: PrintFormat,
): Result<string, string> {
  const { key } = printed;
  const { system } = account;
  const { in: place, name } = system.keyParameter;
  switch (format) {
    case 'plain':
      return success(key);
    case 'json':
      return success(JSON.stringify(toJson(account, printed), null, 2));
    case 'env':
      return success(assignments(environmentOf(account, key), 'sh'));
    case 'header':
      return place === 'header'
        ? success(header(name, key))
        : failed(`${system.name} takes its key in the address, so use --format query.`);
    case 'query':
      return place === 'query'
        ? success(query(name, key))
        : failed(`${system.name} takes its key in a header, so use --format header.`);
    case 'curl':
      return success(curlConfig(account, key));
  }
}

/** The environment variables of a program that `keyvigil run` starts. An empty one replaces that of an account of the other system. */
export function environmentOf(
  { system, target }: Account,
  key: string,
): Readonly<Record<string, string>> {
  const { in: place, name } = system.keyParameter;
  return {
    KEYVIGIL_KEY: key,
    KEYVIGIL_URL: system.apiBase(target),
    KEYVIGIL_HEADER: place === 'header' ? header(name, key) : '',
    KEYVIGIL_QUERY: place === 'query' ? query(name, key) : '',
  };
}

const header = (name: string, key: string): string => `${name}: ${key}`;
const query = (name: string, key: string): string => `${name}=${encodeURIComponent(key)}`;

/** Documented in docs/scripts.md. A change that scripts cannot read needs a new `version`. */
function toJson({ saved, system, target }: Account, printed: PrintedKey) {
  const { key, verifiedAt, isStale } = printed;
  const { in: place, name, headers = {} } = system.keyParameter;
  return {
    version: 1,
    id: saved.id,
    name: saved.name,
    system: system.name,
    key,
    verifiedAt: new Date(verifiedAt).toISOString(),
    stale: isStale,
    url: system.apiBase(target),
    headers: { ...(place === 'header' && { [name]: key }), ...headers },
    query: place === 'query' ? { [name]: key } : {},
  };
}

/** For `curl -K -`. Every curl knows these options. `get` turns `data` into a parameter of the address. */
function curlConfig({ system }: Account, key: string): string {
  const { in: place, name, headers = {} } = system.keyParameter;
  const own = place === 'header' ? { [name]: key } : {};
  const lines = Object.entries({ ...own, ...headers }).map(
    ([name, value]) => `header = ${quoteForCurl(header(name, value))}`,
  );
  if (place === 'query') lines.push('get', `data = ${quoteForCurl(query(name, key))}`);
  return lines.join('\n');
}

/** In double quotes, curl's config files know the escapes `\\`, `\"`, `\t`, `\n`, `\r` and `\v` (curl's manual, `--config`). */
export function quoteForCurl(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '\t': '\\t',
    '\n': '\\n',
    '\r': '\\r',
    '\v': '\\v',
  };
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[\t\n\r\v]/g, (char) => escapes[char]!)}"`;
}
