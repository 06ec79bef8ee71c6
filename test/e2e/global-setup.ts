import { electronRuntime } from '../../build/runtime/index.ts';
import { allTools, ensureCommands, ensureLibraries } from '../../build/runtime/packages.ts';
import { endCount, startCount } from './canary-count.ts';

/** Finds the Electron to test with, and passes it to the workers in an environment variable. */
export default async function globalSetup(): Promise<() => void> {
  const runtime = await electronRuntime();
  // Install everything before the workers start, because apt-get cannot serve several callers at a time.
  await ensureLibraries(runtime.executable);
  if (process.platform === 'linux') await ensureCommands(allTools);
  process.env['KEYVIGIL_TEST_ELECTRON'] = JSON.stringify(runtime);
  startCount();
  return () => {
    const { searches, files } = endCount();
    console.log(`Searched ${files} files of ${searches} runs for secrets.`);
  };
}
