import { AUTHORITIES } from './fields.ts';

/** Names a server that stands in for Microsoft's sign-in, as tests have one. */
export const STAND_IN_VARIABLE = 'KEYVIGIL_ENTRA_ORIGIN';

/**
 * Leads addresses of Microsoft's sign-in to a server that stands in for it. Never in a packaged app: there, an environment variable
 * could otherwise send passwords to anybody.
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
