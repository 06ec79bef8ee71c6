import { electronRuntime } from '../../build/runtime/index.ts';
import { allTools, ensureCommands, ensureLibraries } from '../../build/runtime/packages.ts';

/** Finds the Electron to test with before any worker starts, and names it to them by an environment variable. */
export default async function globalSetup(): Promise<void> {
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  // Before the workers want the same at once: apt-get serves one at a time, and fails the others.
  await ensureCommands(allTools);
  process.env['KEYVIGIL_TEST_ELECTRON'] = JSON.stringify(runtime);
}
