import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { must } from '../package/must.ts';
import { notesOf, releaseChangelog } from './changelog.ts';
import { release } from './release.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Something.

## [0.1.0] - 2026-01-01

- The first.
`;

let folder: string;
const git = async (...args: string[]) => (await must('git', args, { cwd: folder })).trim();
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const releasing = (version: string, test = async () => {}) =>
  release(version, { folder, date: '2026-11-24', test });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyvigil-release-'));
  write('package.json', '{\n  "version": "0.1.0",\n  "config": { "version": "0.1.0" }\n}\n');
  const lock = {
    version: '0.1.0',
    packages: { '': { version: '0.1.0' }, a: { version: '0.1.0' } },
  };
  write('package-lock.json', JSON.stringify(lock, null, 2));
  write('CHANGELOG.md', CHANGELOG);
  await git('init', '--quiet', '--initial-branch=main');
  await git('config', 'user.name', 'Tester');
  await git('config', 'user.email', 'tester@example.com');
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'Begin');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a release', () => {
  it('sets the version, dates the changes, commits and tags', async () => {
    expect(await releasing('1.0.0')).toEqual({ tag: 'v1.0.0' });
    expect(read('CHANGELOG.md')).toContain(
      '## [Unreleased]\n\n## [1.0.0] - 2026-11-24\n\n### Added',
    );
    expect(JSON.parse(read('package.json'))).toMatchObject({
      version: '1.0.0',
      config: { version: '0.1.0' },
    });
    expect(JSON.parse(read('package-lock.json'))).toEqual({
      version: '1.0.0',
      packages: { '': { version: '1.0.0' }, a: { version: '0.1.0' } },
    });
    expect(await git('log', '-1', '--format=%s')).toBe('Release 1.0.0');
    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('cat-file', '-t', 'v1.0.0')).toBe('tag');
  });

  it.each(['0.1.0', '0.0.9', '1.0', 'v1.0.0', '1.0.0-beta.1'])(
    'has a later version of three numbers, so not %s',
    async (version) => {
      await expect(releasing(version)).rejects.toThrow(version);
    },
  );

  it('is made of what is committed on main', async () => {
    write('new.txt', 'x');
    await expect(releasing('1.0.0')).rejects.toThrow('not committed');
    rmSync(join(folder, 'new.txt'));
    await git('switch', '--quiet', '--create', 'other');
    await expect(releasing('1.0.0')).rejects.toThrow('on main');
  });

  it('changes nothing if a test fails', async () => {
    const failing = () => Promise.reject(new Error('a test failed'));
    await expect(releasing('1.0.0', failing)).rejects.toThrow('a test failed');
    expect(await git('status', '--porcelain')).toBe('');
    expect(await git('tag')).toBe('');
  });

  it('is made once', async () => {
    await git('tag', 'v1.0.0');
    await expect(releasing('1.0.0')).rejects.toThrow('exists already');
  });
});

it('a release without changes is refused', () => {
  const empty = CHANGELOG.replace('### Added\n\n- Something.\n\n', '');
  expect(() => releaseChangelog(empty, '1.0.0', '2026-11-24')).toThrow('says nothing');
});

it('the notes of a release are its part of the changelog', () => {
  const changelog = releaseChangelog(CHANGELOG, '1.0.0', '2026-11-24');
  expect(notesOf(changelog, '1.0.0')).toBe('### Added\n\n- Something.');
  expect(() => notesOf(changelog, '2.0.0')).toThrow('no section [2.0.0]');
});
