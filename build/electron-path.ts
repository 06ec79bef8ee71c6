import { electronRuntime } from './runtime/index.ts';
import { ensureLibraries } from './runtime/packages.ts';
import { script } from './runtime/report.ts';

await script(async () => {
  const { executable } = await electronRuntime();
  console.log(executable);
  // The caller runs Electron next, so Electron's libraries must be there.
  await ensureLibraries(executable);
});
