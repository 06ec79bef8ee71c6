/** The panel of a desktop session, as seen and clicked by its user. */
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
/** The pointer's buttons, as xdotool names them. */
const LEFT = '1';
export const RIGHT = '3';

/** Waits for an icon of this colour on the panel, and returns its middle. */
export async function findIcon(desktop: DesktopSession, colour: Colour): Promise<Point> {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-panel-'));
  const picture = join(folder, 'panel.ppm');
  const area = `0,0,${SCREEN.width},${PANEL_HEIGHT}`;
  // On the icon, the pointer would open a tooltip.
  await desktop.run('xdotool', 'mousemove', '0', String(SCREEN.height - 1));
  let found: Point | undefined;
  await until('a tray icon on the panel', async () => {
    await desktop.run('scrot', '--overwrite', '--autoselect', area, picture);
    found = middleOf(colour, readFileSync(picture));
    return found !== undefined;
  });
  rmSync(folder, { recursive: true });
  return found!;
}

/** The middle of all pixels of a colour; undefined if they are too few for an icon. */
function middleOf(colour: Colour, ppm: Buffer): Point | undefined {
  // After a header of any length, each pixel has three bytes.
  const pixels = ppm.subarray(-SCREEN.width * PANEL_HEIGHT * 3);
  const hits: Point[] = [];
  for (let i = 0; i < pixels.length / 3; i++) {
    if (colour.every((part, at) => pixels[3 * i + at] === part)) {
      hits.push({ x: i % SCREEN.width, y: Math.floor(i / SCREEN.width) });
    }
  }
  if (hits.length < 20) return undefined;
  const mean = (values: number[]) => Math.round(values.reduce((a, b) => a + b) / values.length);
  return { x: mean(hits.map(({ x }) => x)), y: mean(hits.map(({ y }) => y)) };
}

/** Clicks with the real pointer. */
export async function click(
  desktop: DesktopSession,
  { x, y }: Point,
  button = LEFT,
): Promise<void> {
  await desktop.run('xdotool', 'mousemove', String(x), String(y), 'click', button);
}
