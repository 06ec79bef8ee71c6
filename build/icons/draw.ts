import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { IconIcns, IconIco } from '@shockpkg/icon-encoder';

const APP_SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const WINDOWS_APP_SIZES = [16, 20, 24, 32, 40, 48, 64, 256];
/** The widths of a tray icon on screens at 100, 125, 150, 200 and 300 %. */
const WINDOWS_TRAY_SIZES = [16, 20, 24, 32, 48];
/** The types of Apple's icon format, each with its width in pixels. */
const MAC_APP_TYPES = [
  ['ic04', 16],
  ['ic11', 32],
  ['ic05', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const;
const TRAY_SIZE = 22;
const TRAY_STATES = ['idle', 'live', 'offline', 'sign-in-needed'];

/**
 * Draws every icon file from the SVGs.
 * @returns each file's content, by its path in this folder
 */
export async function drawIcons(): Promise<Map<string, Uint8Array>> {
  const app = source('keyvigil');
  const files = new Map<string, Uint8Array>([
    ['app/keyvigil.ico', await ico(app, WINDOWS_APP_SIZES, false)],
    ['app/keyvigil.icns', await icns(withMacMargin(app))],
  ]);
  for (const size of APP_SIZES) files.set(`app/linux/${size}x${size}.png`, png(app, size));
  for (const state of TRAY_STATES) {
    const name = `tray-${state}`;
    const coloured = source(name);
    files.set(`${name}.ico`, await ico(coloured, WINDOWS_TRAY_SIZES, true));
    // Electron chooses the @2x file on a dense screen. macOS colours a file whose name ends in Template.
    for (const [kind, svg] of [
      ['', coloured],
      ['Template', toTemplate(coloured)],
    ] as const) {
      files.set(`${name}${kind}.png`, png(svg, TRAY_SIZE));
      files.set(`${name}${kind}@2x.png`, png(svg, 2 * TRAY_SIZE));
    }
  }
  return files;
}

const source = (name: string) => readFileSync(join(import.meta.dirname, `${name}.svg`), 'utf8');

function png(svg: string, width: number): Uint8Array {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
}

/** @param small compresses every picture; before Windows 10, Explorer could not show such an icon */
async function ico(svg: string, sizes: readonly number[], small: boolean): Promise<Uint8Array> {
  const icon = new IconIco();
  for (const size of sizes) await icon.addFromPng(png(svg, size), small || null);
  return icon.encode();
}

async function icns(svg: string): Promise<Uint8Array> {
  const icon = new IconIcns();
  for (const [type, width] of MAC_APP_TYPES) await icon.addFromPng(png(svg, width), [type]);
  return icon.encode();
}

/**
 * In Apple's grid, an icon's shape covers 824 of 1024 pixels. The shape in our SVG covers 464 of 512, so it needs a wider
 * margin.
 */
function withMacMargin(svg: string): string {
  return svg.replace('viewBox="0 0 512 512"', 'viewBox="-32 -32 576 576"');
}

/**
 * A template image has one colour: the icon's main colour becomes black, and its white marks become holes.
 * An icon has only these two colours, so one channel tells them apart.
 */
function toTemplate(svg: string): string {
  const [, ...channels] = /fill="#(\w\w)(\w\w)(\w\w)"/.exec(svg)!;
  const values = channels.map((hex) => parseInt(hex, 16) / 255);
  const darkest = Math.min(...values);
  const factor = 1 / (1 - darkest);
  const alpha = values.map((value) => (value === darkest ? -factor : 0));
  const matrix = ['0 0 0 0 0', '0 0 0 0 0', '0 0 0 0 0', [...alpha, factor, 0].join(' ')].join(' ');
  return svg
    .replace(
      /<svg[^>]*>/,
      `$&<filter id="t" color-interpolation-filters="sRGB"><feColorMatrix values="${matrix}"/></filter><g filter="url(#t)">`,
    )
    .replace('</svg>', '</g></svg>');
}
