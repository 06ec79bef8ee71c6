/** Writes a release's files besides the installers into dist/: checksums, the list of shipped packages, and notes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { must } from '../package/must.ts';
import { script } from '../runtime/report.ts';
import { notesOf } from './changelog.ts';

const project = join(import.meta.dirname, '../..');
const dist = join(project, 'dist');
const CHECKSUMS = 'SHA256SUMS.txt';

await script(async () => {
  const { version } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as {
    version: string;
  };
  const changelog = await readFile(join(project, 'CHANGELOG.md'), 'utf8');
  await writeFile(join(dist, 'notes.md'), `${notesOf(changelog, version)}\n`);
  // Run each script in its own process: Vite sets NODE_ENV, and npm then lists fewer packages.
  const run = (file: string) => must(process.execPath, [join(project, file)], { cwd: project });
  await run('build/bundle.ts');
  const bill = await run('build/sbom.ts');
  await writeFile(join(dist, 'keyvigil.cdx.json'), bill);
  await writeFile(join(dist, CHECKSUMS), await checksums());
});

/** @returns the checksums in the format that `sha256sum --check` reads */
async function checksums(): Promise<string> {
  const names = (await readdir(dist, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && /^keyvigil|^latest/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
  const lines = names.map(async (name) => `${await sha256(join(dist, name))}  ${name}\n`);
  return (await Promise.all(lines)).join('');
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
