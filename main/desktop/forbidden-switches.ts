import type { CommandLine } from 'electron';

/**
 * With these switches, other programs could read Keyvigil's memory or its connections. Proxy switches are allowed, because
 * administrators need them.
 */
const FORBIDDEN =
  /^(?:--?|\/)(remote-debugging-(?:port|pipe|address)|inspect(?:-\w+)*|ignore-certificate-errors(?:-[\w-]+)?)(?:=|$)/i;

/** The first argument that a packaged app must not run with, without its dashes. */
export function forbiddenSwitch(args: readonly string[]): string | undefined {
  return args.map((arg) => FORBIDDEN.exec(arg)?.[1]).find((name) => name !== undefined);
}

/** Each of these switches turns off the sandbox, or a part of it. */
const NO_SANDBOX = [
  'no-sandbox',
  'no-zygote-sandbox',
  'disable-seccomp-filter-sandbox',
  'disable-gpu-sandbox',
];

/**
 * The switch that turns off the sandbox of a packaged app; undefined if there is none. Electron adds one for the variable
 * ELECTRON_DISABLE_SANDBOX, and an AppImage adds one where programs may not create user namespaces, as on Ubuntu 24.
 * @param uid the user's id; root is 0, and Chromium has no sandbox for root
 */
export function sandboxSwitch(
  commandLine: Pick<CommandLine, 'hasSwitch'>,
  uid?: number,
): string | undefined {
  return uid === 0 ? undefined : NO_SANDBOX.find((name) => commandLine.hasSwitch(name));
}
