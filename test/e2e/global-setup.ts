import { electronRuntime } from '../../build/runtime/index.ts';
import { ensureLibraries } from '../../build/runtime/packages.ts';

/** Finds the Electron to test with before any worker starts, and names it to them by an environment variable. */
export default async function globalSetup(): Promise<void> {
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  process.env['KEYVIGIL_TEST_ELECTRON'] = JSON.stringify(runtime);
}
