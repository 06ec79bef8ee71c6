import type { AddressReading } from '../system.ts';
import { readUrl } from '../url.ts';

/** `/data/icweb.dll` in 6.9's own examples and in public clients, `/icweb.dll` in the login page's. */
const DOCUMENTED_PATHS = ['/data/icweb.dll', '/icweb.dll'] as const;

/**
 * Reads `nexus.example.com`, `http://10.1.2.3:8080/`, `https://host/data/icweb.dll/security/login` and what else people
 * paste. What comes after `icweb.dll` is dropped: it is a call, and may carry a hash.
 */
export function readAddress(typed: string): AddressReading {
  const reading = readUrl(typed);
  if (!reading.ok) return reading;
  const { origin, pathname } = reading.url;
  const path = /^.*?\/icweb\.dll(?=\/|$)/i.exec(pathname)?.[0] ?? pathname.replace(/\/+$/, '');
  return { ok: true, address: origin + path };
}

/**
 * The base URLs at which the API may live, the likeliest first.
 * @param remembered the base at which it was found before
 */
export function baseUrls(address: string, remembered?: string): string[] {
  const { origin, pathname } = new URL(address);
  const typed = pathname.replace(/\/$/, '');
  const isBase = /\/icweb\.dll$/i.test(typed);
  const candidates = [
    ...(isBase ? [typed] : typed === '' ? [] : [`${typed}/icweb.dll`]),
    ...DOCUMENTED_PATHS,
  ].map((path) => origin + path);
  // A remembered base of another server is of no use after the address was edited.
  if (remembered?.startsWith(`${origin}/`)) candidates.unshift(remembered);
  return [...new Set(candidates)];
}
