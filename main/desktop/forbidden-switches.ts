import { m } from '../messages/index.ts';

/** Each lets other programs read what Keyvigil knows, or break its connections open. Proxy switches are an administrator's right. */
const FORBIDDEN =
  /^(?:--?|\/)(remote-debugging-(?:port|pipe|address)|inspect(?:-\w+)*|ignore-certificate-errors(?:-[\w-]+)?)(?:=|$)/i;

/** Why a packaged app must not run with these arguments, in a sentence; undefined if it may. */
export function forbiddenSwitchProblem(args: readonly string[]): string | undefined {
  const found = args.map((arg) => FORBIDDEN.exec(arg)?.[1]).find((name) => name !== undefined);
  if (found === undefined) return undefined;
  return m.forbidden_switch({ option: found });
}
