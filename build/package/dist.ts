/**
 * Builds the installers of this platform into dist/. Arguments go to electron-builder:
 *
 *     npm run dist
 *     npm run dist -- --linux deb --x64
 */
import { build } from '../bundle.ts';
import { say, script } from '../runtime/report.ts';
import { runBuilder } from './builder.ts';
import { missingSigning } from './signing.ts';

await script(async () => {
  const missing = missingSigning(process.platform, process.env);
  if (missing !== undefined) say(missing);
  await build();
  await runBuilder(process.argv.slice(2));
});
