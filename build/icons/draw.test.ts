import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawIcons } from './draw.ts';

const files = await drawIcons();

test.each([...files.keys()])('%s is what the SVG draws (otherwise: npm run icons)', (path) => {
  const committed = readFileSync(join(import.meta.dirname, path));
  expect(committed.equals(files.get(path)!)).toBe(true);
});

test('no other icon files lie about', () => {
  const pictures = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(png|ico|icns)$/.test(path))
    .map((path) => path.replaceAll('\\', '/'));
  expect(pictures.sort()).toEqual([...files.keys()].sort());
});
