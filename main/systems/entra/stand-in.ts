import { AUTHORITIES } from './fields.ts';

/** Tests put the address of a simulated Microsoft sign-in into this variable. */
export const STAND_IN_VARIABLE = 'KEYVIGIL_ENTRA_ORIGIN';

/**
 * Rewrites addresses of Microsoft’s sign-in to the simulated one. A packaged app ignores the variable, which could send
 * passwords to anybody.
 */
export function entraStandIn(
  isPackaged: boolean,
  env: Readonly<Record<string, string | undefined>>,
): (url: string) => string {
  const origin = isPackaged ? undefined : env[STAND_IN_VARIABLE];
  const microsoft = AUTHORITIES['global']!;
  return (url) =>
    origin !== undefined && url.startsWith(`${microsoft}/`)
      ? origin + url.slice(microsoft.length)
      : url;
}
