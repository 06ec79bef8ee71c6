#!/usr/bin/env node
/**
 * Packs a .deb or .rpm from what electron-builder passes to fpm, with the distributions' own tools: fpm itself is downloaded from
 * GitHub, which many build servers cannot reach. Releases use it too, so that what is tested is what is shipped.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { script } from '../runtime/report.ts';
import { packDeb } from './deb.ts';
import { must } from './must.ts';
import { readOptions } from './options.ts';
import { packRpm } from './rpm.ts';

await script(async () => {
  const options = readOptions(process.argv.slice(2), process.env);
  const work = await mkdtemp(join(tmpdir(), 'keyvigil-package-'));
  try {
    const root = join(work, 'root');
    await copyFiles(options.paths, root);
    if (options.format === 'rpm') await packRpm(options, root, work);
    else await packDeb(options, root);
  } finally {
    await rm(work, { recursive: true });
  }
});

/** @param paths each is `FROM=TO`; a FROM that ends with a slash means what is in that folder */
async function copyFiles(paths: readonly string[], root: string): Promise<void> {
  for (const path of paths) {
    const [from, to] = path.split('=') as [string, string];
    const target = join(root, to);
    await mkdir(dirname(target), { recursive: true });
    await cp(from, target, { recursive: true, verbatimSymlinks: true });
  }
  // Everybody may read everything and change nothing, whatever the builder's umask is.
  await must('chmod', ['--recursive', 'u=rwX,go=rX', root]);
}
