import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { hasDisplay } from './display.ts';
import { electronRuntime, type ElectronRuntime } from './runtime/index.ts';
import { ensureLibraries } from './runtime/packages.ts';
import { Problem } from './runtime/report.ts';

const project = join(import.meta.dirname, '..');

/** Finds or downloads Electron, and makes sure that Electron can show windows. */
export async function runnableElectron(): Promise<ElectronRuntime> {
  // Check the display first: without a display, a download would be useless.
  if (!hasDisplay()) {
    throw new Problem(
      'Keyvigil needs a graphical desktop, but DISPLAY and WAYLAND_DISPLAY are not set.',
    );
  }
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  return runtime;
}

export function startApp(runtime: ElectronRuntime, appArgs: string[]): ChildProcess {
  return spawn(runtime.executable, [...runtime.args, project, ...appArgs], { stdio: 'inherit' });
}
