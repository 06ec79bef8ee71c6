import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCommands } from '../runtime/packages.ts';
import { must } from './must.ts';
import type { PackageOptions } from './options.ts';

/** dpkg-deb's name for each compression that electron-builder names. */
const COMPRESSIONS: Readonly<Record<string, string>> = { gz: 'gzip', zst: 'zstd' };

/** @param root the folder with the package's files, to which this function adds the control files */
export async function packDeb(options: PackageOptions, root: string): Promise<void> {
  const { 'dpkg-deb': dpkgDeb } = await ensureCommands(['dpkg-deb']);
  const sums = await md5sums(root);
  const usage = await must('du', ['--summarize', '--block-size=1024', '--apparent-size', root]);
  const control = join(root, 'DEBIAN');
  await mkdir(control);
  await writeFile(join(control, 'control'), controlFile(options, usage.split('\t')[0]!));
  await writeFile(join(control, 'md5sums'), sums);
  await script(options.afterInstall, join(control, 'postinst'));
  await script(options.afterRemove, join(control, 'postrm'));
  await chmod(control, 0o755);
  const compression = COMPRESSIONS[options.compression] ?? options.compression;
  const how = ['--root-owner-group', `-Z${compression}`];
  await must(dpkgDeb, [...how, '--build', root, options.file]);
}

async function script(source: string, target: string): Promise<void> {
  await cp(source, target);
  await chmod(target, 0o755);
}

export function controlFile(options: PackageOptions, installedSize: string): string {
  const { depends, recommends, description } = options;
  const fields = {
    Package: options.name,
    Version: options.version,
    Architecture: options.architecture,
    Maintainer: options.maintainer,
    'Installed-Size': installedSize,
    Depends: depends.join(', '),
    Recommends: recommends.join(', '),
    Section: options.category,
    Priority: options.priority,
    Homepage: options.homepage,
    // Each line after the summary must begin with a space. An empty line would end the description, so leave out empty lines.
    Description: [options.summary, ...description.split('\n').filter(Boolean)].join('\n '),
  };
  return Object.entries(fields)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

/** @returns the checksums that `dpkg --verify` compares with the installed files */
function md5sums(root: string): Promise<string> {
  const list = `find . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 md5sum --`;
  return must('sh', ['-c', list], { cwd: root });
}
