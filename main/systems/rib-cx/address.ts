import { success, type Result } from '../../result.ts';
import type { Explorer, Target } from '../system.ts';
import { readUrl } from '../url.ts';

/** Keeps only the origin, because the rest of a pasted address names a page. */
export function readAddress(typed: string): Result<string, string> {
  const url = readUrl(typed);
  return url.ok ? success(url.value.origin) : url;
}

/** RIB's own hosts need no confirmation over HTTPS, because Microsoft's token is made for them. */
export function hostToTrust(address: string): string | undefined {
  const { protocol, hostname, host } = new URL(address);
  return protocol === 'https:' && /(^|\.)itwocx\.com$/.test(hostname) ? undefined : host;
}

/** `https://HOST/api/{version}`: customers have different hosts and versions. */
export const apiUrl = ({ address, values }: Target): string =>
  `${address}/api/${values['apiVersion'] ?? 'latest'}`;

export function explorer(target: Target): Explorer {
  const own = readUrl(target.values['explorerAddress'] ?? '');
  return {
    address: own.ok ? own.value.href : `${apiUrl(target)}/api/help/index`,
    mustPasteKey: true,
  };
}
