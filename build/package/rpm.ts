import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureCommands } from '../runtime/packages.ts';
import { must } from './must.ts';
import type { PackageOptions } from './options.ts';

/** Translates electron-builder's names of architectures to rpm's names. Other names are the same in both. */
const ARCHITECTURES: Readonly<Record<string, string>> = { amd64: 'x86_64', arm64: 'aarch64' };

/** @param root the folder with the package's files */
export async function packRpm(options: PackageOptions, root: string, work: string): Promise<void> {
  const { rpmbuild } = await ensureCommands(['rpmbuild']);
  const architecture = ARCHITECTURES[options.architecture] ?? options.architecture;
  const files = await must('find', ['.', '(', '-type', 'f', '-o', '-type', 'l', ')'], {
    cwd: root,
  });
  const specification = join(work, 'keyvigil.spec');
  await writeFile(specification, specFile(options, files.trim().split('\n')));
  await must(rpmbuild, [
    ...['-bb', '--noclean', '--target', architecture],
    ...['--buildroot', join(work, 'buildroot'), '--define', `_topdir ${join(work, 'rpm')}`],
    // Electron is a finished binary, so rpmbuild must not strip it. Its build ids would clash with those of other Electron apps.
    ...['--define', '__os_install_post %{nil}', '--define', '_build_id_links none'],
    ...['--define', `_sourcefolder ${root}`],
    specification,
  ]);
  const folder = join(work, 'rpm/RPMS', architecture);
  const [built] = await readdir(folder);
  await mkdir(dirname(options.file), { recursive: true });
  await must('cp', [join(folder, built!), options.file]);
}

/** @param files paths that begin with a dot */
export function specFile(options: PackageOptions, files: readonly string[]): string {
  const tags = {
    Name: options.name,
    Version: options.version,
    Release: '1',
    Summary: options.summary,
    License: options.license,
    Vendor: options.vendor,
    Packager: options.maintainer,
    URL: options.homepage,
    Group: options.category,
    AutoReqProv: 'no',
  };
  const lines = Object.entries(tags).map(([name, value]) => `${name}: ${value}`);
  const section = (name: string, text: string) => `\n%${name}\n${text.trimEnd()}\n`;
  // rpm would read a percent sign as a macro.
  const script = (file: string) => readFileSync(file, 'utf8').replaceAll('%', '%%');
  return [
    ...lines,
    ...options.depends.map((name) => `Requires: ${name}`),
    section('description', options.description),
    section('install', 'mkdir -p %{buildroot}\ncp -a %{_sourcefolder}/. %{buildroot}'),
    section('post', script(options.afterInstall)),
    section('postun', script(options.afterRemove)),
    section('files', ownPaths(options, files).join('\n')),
  ].join('\n');
}

/** The package owns the app's whole folder. In the system's folders, it owns only its own files. */
function ownPaths({ paths }: PackageOptions, files: readonly string[]): string[] {
  const folders = paths.flatMap((path) => /[/]=(.+)$/.exec(path)?.[1] ?? []);
  const others = files
    .map((path) => path.slice(1))
    .filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
  return [...folders, ...others].map((path) => `"${path}"`);
}
