import { m } from '../messages/index.ts';

/**
 * With these, other programs could read Keyvigil's memory or its connections. Proxy switches are allowed: administrators need
 * them.
 */
const FORBIDDEN =
  /^(?:--?|\/)(remote-debugging-(?:port|pipe|address)|inspect(?:-\w+)*|ignore-certificate-errors(?:-[\w-]+)?)(?:=|$)/i;

/** Why a packaged app must not run with these arguments, in a sentence; undefined if it may. */
export function forbiddenSwitchProblem(args: readonly string[]): string | undefined {
  const found = args.map((arg) => FORBIDDEN.exec(arg)?.[1]).find((name) => name !== undefined);
  if (found === undefined) return undefined;
  return m.forbidden_switch({ option: found });
}
