import { success, type Result } from '../../result.ts';
import type { Explorer, Target } from '../system.ts';
import { readUrl } from '../url.ts';

/** The paths of IC-Web. The first is in 6.9's examples and in public clients, the second on the reference pages. */
const DOCUMENTED_PATHS = ['/data/icweb.dll', '/icweb.dll'];

/**
 * Reads `nexus.example.com`, `http://10.1.2.3:8080/`, `https://host/data/icweb.dll/security/login` and similar addresses. Drops
 * what follows `icweb.dll`: it names an API call, and may contain a session key, which NEXUS IC calls a hash.
 */
export function readAddress(typed: string): Result<string, string> {
  const url = readUrl(typed);
  if (!url.ok) return url;
  const { origin, pathname } = url.value;
  const path = /^.*?\/icweb\.dll(?=\/|$)/i.exec(pathname)?.[0] ?? pathname.replace(/\/+$/, '');
  return success(origin + path);
}

/**
 * The base URLs to try, the likeliest first. All begin with the account's address: another path of the same host can be
 * another database, which must never get these credentials.
 */
export function baseUrls({ address, learned }: Pick<Target, 'address' | 'learned'>): string[] {
  if (/\/icweb\.dll$/i.test(address)) return [address];
  const bases = DOCUMENTED_PATHS.map((path) => address + path);
  const known = bases.filter((base) => base === learned['base']);
  return [...new Set([...known, ...bases])];
}

export const baseUrl = (target: Target): string => baseUrls(target)[0]!;

export const explorer = (target: Target): Explorer => ({
  address: `${baseUrl(target)}/version`,
  mustPasteKey: false,
});
