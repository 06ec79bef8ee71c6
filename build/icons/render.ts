/** Draws the PNG icons. Run it after changing an SVG source. The PNGs are committed, so that builds need no renderer. */
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
  // On a dense screen, Electron chooses the @2x file by itself.
  draw(`${name}.svg`, `${name}.png`, 22);
  draw(`${name}.svg`, `${name}@2x.png`, 44);
}
draw('keyvigil.svg', 'icon.png', 512);
