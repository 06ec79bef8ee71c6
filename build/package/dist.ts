/**
 * Builds the installers of this platform into dist/, and passes all arguments on to electron-builder:
 *
 *     npm run dist
 *     npm run dist -- --linux deb --x64
 *
 * If Electron cannot be downloaded, set ELECTRON_OVERRIDE_DIST_PATH to a folder that contains Electron.
 */
import { join } from 'node:path';
import { build, outFolder } from '../bundle.ts';
import { electronRuntime } from '../runtime/index.ts';
import { say, script } from '../runtime/report.ts';
import { packThisElectron, runBuilder } from './builder.ts';
import { missingSigning } from './signing.ts';

await script(async () => {
  const missing = missingSigning(process.platform, process.env);
  if (missing !== undefined) say(missing);
  await build();
  const electron = process.env['ELECTRON_OVERRIDE_DIST_PATH']
    ? await packThisElectron(await electronRuntime(), join(outFolder, '../dist/electron'))
    : [];
  await runBuilder([...process.argv.slice(2), ...electron]);
});
