/**
 * With these, other programs could read Keyvigil's memory or its connections. Proxy switches are allowed: administrators need
 * them.
 */
const FORBIDDEN =
  /^(?:--?|\/)(remote-debugging-(?:port|pipe|address)|inspect(?:-\w+)*|ignore-certificate-errors(?:-[\w-]+)?)(?:=|$)/i;

/** The first argument that a packaged app must not run with, without its dashes. */
export function forbiddenSwitch(args: readonly string[]): string | undefined {
  return args.map((arg) => FORBIDDEN.exec(arg)?.[1]).find((name) => name !== undefined);
}
