import { AUTHORITIES } from './fields.ts';

/** Tests name a server here that stands in for Microsoft’s sign-in. */
export const STAND_IN_VARIABLE = 'KEYVIGIL_ENTRA_ORIGIN';

/**
 * Rewrites addresses of Microsoft’s sign-in so that they lead to the stand-in. A packaged app ignores the variable: it could
 * send passwords to anybody.
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
