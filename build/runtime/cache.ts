import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Downloads for development are kept in this folder. All checkouts of this user share it. */
export function cacheFolder(): string {
  const chosen = process.env['XDG_CACHE_HOME'];
  // The XDG Base Directory specification says to ignore relative paths.
  const base = chosen && isAbsolute(chosen) ? chosen : join(homedir(), '.cache');
  return join(base, 'keyvigil');
}
