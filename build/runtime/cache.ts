import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Keeps downloads for development; all checkouts of this user share it. */
export function cacheFolder(): string {
  const chosen = process.env['XDG_CACHE_HOME'];
  // The XDG specification ignores relative paths.
  const base = chosen && isAbsolute(chosen) ? chosen : join(homedir(), '.cache');
  return join(base, 'keyvigil');
}
