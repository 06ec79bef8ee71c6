/** Tests that everything that the security documents name exists. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const project = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(project, path), 'utf8');

const security = read('docs/security.md');
const claims = (security.split('## Claims')[1] ?? '').split('\n').flatMap((line) => {
  const row = /^\| (?<claim>\S.*?) +\| `(?<code>\S+)` +\| `(?<file>\S+)`: (?<name>.*?) +\|$/.exec(
    line,
  );
  return row?.groups ? [row.groups] : [];
});

it('every claim has its code and its test', () => {
  const rows = security.split('\n').filter((line) => /^\| .*[.](test|spec)[.]ts`:/.test(line));
  expect(claims.length).toBe(rows.length);
  expect(claims.length).toBeGreaterThan(40);
});

it.each(claims)('$claim: there is $code', ({ code = '' }) => {
  expect(existsSync(join(project, code))).toBe(true);
});

it.each(claims)('$claim: there is “$name” in $file', ({ file = '', name = '' }) => {
  expect(read(file)).toContain(name);
});

it('every point of Electron’s checklist has a test', () => {
  const tests = read('test/e2e/checklist.spec.ts') + read('test/e2e/packaged.spec.ts');
  const points = [...tests.matchAll(/^(?:test|base)\(\s*'(\d+)\. /gm)].map(([, point]) =>
    Number(point),
  );
  expect(points.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

it.each(['SECURITY.md', 'docs/security.md', 'docs/privacy.md', 'README.md'])(
  'every file that %s links to exists',
  (document) => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link = '']) => link,
    );
    expect(links.filter((link) => !existsSync(join(project, dirname(document), link)))).toEqual([]);
  },
);
