import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must } from '../package/must.ts';
import { Problem } from '../runtime/report.ts';
import { releaseChangelog } from './changelog.ts';
import { checkVersion } from './version.ts';

export interface ReleaseDeps {
  /** The folder of the checkout. */
  readonly folder: string;
  /** The date of the release, such as 2026-11-24. */
  readonly date: string;
  /** @throws if the project must not be released */
  readonly test: () => Promise<void>;
}

const BRANCH = 'main';

/** Commits and tags a version. If a check or a test fails, nothing is changed. */
export async function release(
  version: string,
  { folder, date, test }: ReleaseDeps,
): Promise<{ readonly tag: string }> {
  const git = async (...args: string[]) => (await must('git', args, { cwd: folder })).trim();
  const path = (name: string) => join(folder, name);
  const read = (name: string) => readFile(path(name), 'utf8');
  const tag = `v${version}`;

  const { version: current } = JSON.parse(await read('package.json')) as { version: string };
  checkVersion(current, version);
  const branch = await git('branch', '--show-current');
  if (branch !== BRANCH)
    throw new Problem(`Releases are made on ${BRANCH}, and this is ${branch}.`);
  if ((await git('status', '--porcelain')) !== '') {
    throw new Problem('There are changes that are not committed.');
  }
  if ((await git('tag', '--list', tag)) !== '') throw new Problem(`The tag ${tag} exists already.`);
  const changelog = releaseChangelog(await read('CHANGELOG.md'), version, date);
  await test();

  await writeFile(path('CHANGELOG.md'), changelog);
  for (const name of ['package.json', 'package-lock.json']) {
    await writeFile(path(name), withVersion(await read(name), version));
  }
  await git('commit', '--quiet', '--all', '--message', `Release ${version}`);
  await git('tag', '--annotate', tag, '--message', `Keyvigil ${version}`);
  return { tag };
}

/** @param text the content of package.json, or of package-lock.json, which holds the version twice */
function withVersion(text: string, version: string): string {
  const content = JSON.parse(text) as { version: string; packages?: { '': { version: string } } };
  content.version = version;
  if (content.packages) content.packages[''].version = version;
  return `${JSON.stringify(content, null, 2)}\n`;
}
