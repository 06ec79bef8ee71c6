/** A page that plots the figures: a bar for each, the spread of what was measured, and the limit. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet, type Figure } from './figure.ts';

const WIDTH = 420;
const ROW = 26;
const PATH = join(import.meta.dirname, '../../dist/bench.html');

/** @returns where the page is */
export function writePage(figures: readonly Figure[]): string {
  const units = [...new Set(figures.map(({ unit }) => unit))];
  const plots = units.map((unit) => plot(figures.filter((figure) => figure.unit === unit)));
  mkdirSync(join(PATH, '..'), { recursive: true });
  writeFileSync(
    PATH,
    `<!doctype html><meta charset="utf-8"><title>Keyvigil: bench</title>${STYLE}${plots.join('')}`,
  );
  return PATH;
}

const STYLE = `<style>
  body { font: 13px system-ui; margin: 24px; color: #222 }
  svg { display: block; margin-bottom: 32px } .met { fill: #12805c } .missed { fill: #d97706 } .free { fill: #1f5fd6 }
  .spread { stroke: #222; stroke-width: 2 } .limit { stroke: #c0262d; stroke-width: 2; stroke-dasharray: 3 2 }
</style>`;

function plot(figures: readonly Figure[]): string {
  const ends = figures.flatMap(({ value, limit, spread }) => [
    value,
    limitOf({ limit }) ?? 0,
    spread?.to ?? 0,
  ]);
  const scale = WIDTH / Math.max(...ends);
  const rows = figures.map((figure, at) => row(figure, at * ROW, scale));
  return `<svg width="960" height="${figures.length * ROW}">${rows.join('')}</svg>`;
}

function row(figure: Figure, y: number, scale: number): string {
  const { name, value, unit, limit, spread } = figure;
  const kind = limit === undefined ? 'free' : isMet(figure) ? 'met' : 'missed';
  const line = (style: string, from: number, to: number, top: number, bottom: number) =>
    `<line class="${style}" x1="${360 + from * scale}" x2="${360 + to * scale}" y1="${y + top}" y2="${y + bottom}"/>`;
  const end = limitOf({ limit });
  return [
    `<text x="350" y="${y + 15}" text-anchor="end">${name}</text>`,
    `<rect class="${kind}" x="360" y="${y + 3}" width="${value * scale}" height="16" rx="2"/>`,
    spread ? line('spread', spread.from, spread.to, 11, 11) : '',
    end === undefined ? '' : line('limit', end, end, 0, 22),
    `<text x="${370 + WIDTH}" y="${y + 15}">${Number(value.toPrecision(4))} ${unit}</text>`,
  ].join('');
}

function limitOf({ limit }: { readonly limit: Figure['limit'] | undefined }): number | undefined {
  if (!limit) return undefined;
  return 'max' in limit ? limit.max : limit.min;
}
