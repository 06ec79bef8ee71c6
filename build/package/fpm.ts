#!/usr/bin/env node
/**
 * Replaces fpm: electron-builder calls this script, which packs a .deb or .rpm with the distribution's own tools.
 * fpm itself is downloaded from GitHub, which many build servers cannot reach.
 * Releases use this script too, so that the tested package is the one that ships.
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

/** @param paths each is `FROM=TO`; a FROM that ends with a slash means the content of that folder */
async function copyFiles(paths: readonly string[], root: string): Promise<void> {
  for (const path of paths) {
    const [from, to] = path.split('=') as [string, string];
    const target = join(root, to);
    await mkdir(dirname(target), { recursive: true });
    await cp(from, target, { recursive: true, verbatimSymlinks: true });
  }
  // Every user may read the files, and only their owner may change them. The umask of the builder must not matter.
  await must('chmod', ['--recursive', 'u=rwX,go=rX', root]);
}
