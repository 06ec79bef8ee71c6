/** Tests that each function that docs/step-by-step.md names is in the file that it names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const project = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(project, path), 'utf8');

const rows = read('docs/step-by-step.md').matchAll(/^\| (?<names>`.+?) +\| `(?<file>\S+)` +\|/gm);
const steps = [...rows].flatMap(({ groups: { names = '', file = '' } = {} }) =>
  names.split(', ').map((name) => [name.slice(1, -1), file] as const),
);

it('names the functions of three paths', () => {
  expect(steps.length).toBeGreaterThan(20);
});

it.each(steps)('%s is in %s', (name, file) => {
  expect(read(file)).toMatch(new RegExp(`^ *(?:(?:export|async|function) )*${name}[(<:]`, 'm'));
});
