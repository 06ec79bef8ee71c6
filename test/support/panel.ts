/** Finds icons and colours on the screen of a desktop session, and clicks them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../build/session-bus.ts';
import { SCREEN, type DesktopSession } from './desktop-session.ts';

export interface Point {
  x: number;
  y: number;
}
type Colour = readonly [red: number, green: number, blue: number];

export const PANEL_HEIGHT = 30;
/** The main colours of the icons in build/icons. */
export const LIVE_GREEN: Colour = [0x12, 0x80, 0x5c];
export const NEEDS_YOU_AMBER: Colour = [0xd9, 0x77, 0x06];
/** The colour of the popup's main button, and of the frame around the focused element. */
export const ACCENT_BLUE: Colour = [0x1f, 0x5f, 0xd6];
/** xdotool gives these names to the pointer's buttons. */
const LEFT = '1';
export const RIGHT = '3';

interface Area extends Point {
  width: number;
  height: number;
}
const PANEL: Area = { x: 0, y: 0, width: SCREEN.width, height: PANEL_HEIGHT };
const BELOW_PANEL: Area = {
  x: 0,
  y: PANEL_HEIGHT,
  width: SCREEN.width,
  height: SCREEN.height - PANEL_HEIGHT,
};

/**
 * Waits for an icon of this colour on the panel.
 * @returns the icon's middle
 */
export function findIcon(desktop: DesktopSession, colour: Colour): Promise<Point> {
  return find('a tray icon on the panel', desktop, PANEL, colour);
}

/**
 * Waits for something of this colour on the screen below the panel.
 * @returns the middle of the coloured pixels
 */
export function findBelowPanel(desktop: DesktopSession, colour: Colour): Promise<Point> {
  return find(`the colour ${colour.join()}`, desktop, BELOW_PANEL, colour);
}

async function find(
  what: string,
  desktop: DesktopSession,
  { x, y, width, height }: Area,
  colour: Colour,
): Promise<Point> {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-panel-'));
  const picture = join(folder, 'panel.ppm');
  // Move the pointer away, because it would open a tooltip if it is on an icon.
  await desktop.run('xdotool', 'mousemove', '0', String(SCREEN.height - 1));
  let found: Point | undefined;
  await until(what, async () => {
    await desktop.run(
      'scrot',
      '--overwrite',
      '--autoselect',
      [x, y, width, height].join(),
      picture,
    );
    found = middleOf(colour, readFileSync(picture), width, height);
    return found !== undefined;
  });
  rmSync(folder, { recursive: true });
  return { x: found!.x + x, y: found!.y + y };
}

/** @returns the middle of all pixels of a colour, or undefined if there are too few pixels for an icon */
function middleOf(colour: Colour, ppm: Buffer, width: number, height: number): Point | undefined {
  // The header has any length. After the header, each pixel has three bytes.
  const pixels = ppm.subarray(-width * height * 3);
  const hits: Point[] = [];
  for (let i = 0; i < pixels.length / 3; i++) {
    if (colour.every((part, at) => pixels[3 * i + at] === part)) {
      hits.push({ x: i % width, y: Math.floor(i / width) });
    }
  }
  if (hits.length < 20) return undefined;
  const mean = (values: number[]) => Math.round(values.reduce((a, b) => a + b) / values.length);
  return { x: mean(hits.map(({ x }) => x)), y: mean(hits.map(({ y }) => y)) };
}

export async function click(
  desktop: DesktopSession,
  { x, y }: Point,
  button = LEFT,
): Promise<void> {
  await desktop.run('xdotool', 'mousemove', String(x), String(y), 'click', button);
}
