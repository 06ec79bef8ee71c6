import type { CommandLine } from 'electron';
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

/** Each turns off the sandbox, or a part of it. */
const NO_SANDBOX = [
  'no-sandbox',
  'no-zygote-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-gpu-sandbox',
];

/**
 * Why a packaged app must not run with these switches, in sentences; undefined if it may. Electron adds `--no-sandbox` for the
 * variable ELECTRON_DISABLE_SANDBOX, and an AppImage's AppRun where programs may make no user namespaces, as on Ubuntu 24.
 * @param uid the user's; root is 0, and Chromium has no sandbox for root
 */
export function noSandboxProblem(
  commandLine: Pick<CommandLine, 'hasSwitch'>,
  uid?: number,
): string | undefined {
  const found = NO_SANDBOX.find((name) => commandLine.hasSwitch(name));
  if (found === undefined || uid === 0) return undefined;
  return m.no_sandbox({ option: found });
}
