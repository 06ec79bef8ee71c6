import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where what was fetched for development is kept, for every checkout of this user. */
export function cacheFolder(): string {
  const wished = process.env['XDG_CACHE_HOME'];
  // The XDG specification says that a relative path is to be ignored.
  const base = wished && isAbsolute(wished) ? wished : join(homedir(), '.cache');
  return join(base, 'keyvigil');
}
