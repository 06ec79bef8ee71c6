/**
 * Draws the PNG icons from their SVG sources: `node build/icons/render.ts`, after a change of a source. The PNGs are committed, for
 * neither a build nor a start should need a renderer.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const folder = import.meta.dirname;

function draw(source: string, target: string, width: number): void {
  const svg = readFileSync(join(folder, source), 'utf8');
  const png = new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
  writeFileSync(join(folder, target), png);
}

for (const state of ['idle', 'live', 'offline', 'needs-you']) {
  const name = `tray-${state}`;
  // Electron takes the @2x file by itself where the screen is dense.
  draw(`${name}.svg`, `${name}.png`, 22);
  draw(`${name}.svg`, `${name}@2x.png`, 44);
}
draw('keyvigil.svg', 'icon.png', 512);
