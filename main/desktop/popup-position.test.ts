import fc from 'fast-check';
import { expect, it } from 'vitest';
import { likelyAnchor, popupBounds } from './popup-position.ts';

const SCREEN = { x: 0, y: 30, width: 1280, height: 770 };
const SIZE = { width: 360, height: 400 };

it('hangs below an icon in a panel at the top', () => {
  const { x, y } = popupBounds({ x: 1185, y: 3, width: 24, height: 24 }, SIZE, SCREEN);
  expect({ x, y }).toEqual({ x: 914, y: 36 });
});

it('stands above an icon in a panel at the bottom', () => {
  const workArea = { x: 0, y: 0, width: 1280, height: 760 };
  const { y } = popupBounds({ x: 600, y: 765, width: 24, height: 24 }, SIZE, workArea);
  expect(y + SIZE.height).toBeLessThanOrEqual(760);
});

it('is wholly on the screen wherever the pointer is, on whichever screen', () => {
  const at = fc.integer({ min: -3000, max: 3000 });
  const height = fc.integer({ min: 300, max: 1440 });
  fc.assert(
    fc.property(at, at, at, at, height, (x, y, left, top, height) => {
      const workArea = { x: left, y: top, width: 1280, height };
      const placed = popupBounds({ x, y, width: 0, height: 0 }, SIZE, workArea);
      expect(placed.x).toBeGreaterThanOrEqual(left);
      expect(placed.y).toBeGreaterThanOrEqual(top);
      expect(placed.x + placed.width).toBeLessThanOrEqual(left + 1280);
      expect(placed.y + placed.height).toBeLessThanOrEqual(top + height);
    }),
  );
});

it.each([
  ['on the panel', { x: 1197, y: 15 }, SCREEN, { x: 1197, y: 15 }],
  ['lost, panel at the top', { x: 640, y: 400 }, SCREEN, { x: 1280, y: 0 }],
  [
    'lost, panel at the bottom',
    { x: 640, y: 400 },
    { x: 0, y: 0, width: 1280, height: 770 },
    { x: 1280, y: 800 },
  ],
  [
    'lost, panel at the left',
    { x: 640, y: 400 },
    { x: 48, y: 0, width: 1232, height: 800 },
    { x: 0, y: 800 },
  ],
] as const)(
  'guesses that the icon is where the pointer is, or where trays are: %s',
  (_, pointer, workArea, at) => {
    const bounds = { x: 0, y: 0, width: 1280, height: 800 };
    expect(likelyAnchor(pointer, { bounds, workArea })).toMatchObject(at);
  },
);
