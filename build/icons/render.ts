/** Writes the icon files. Run this script after changing an SVG. The files are committed, so a build needs no SVG renderer. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { drawIcons } from './draw.ts';

for (const [path, content] of await drawIcons()) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
