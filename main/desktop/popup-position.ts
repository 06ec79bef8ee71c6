export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** Between the popup and the edge of the work area, in pixels. */
const GAP = 6;

/**
 * Where the popup goes: centred on what it belongs to, at the side of the work area that this is nearest to (a panel lies there),
 * and wholly within the work area.
 * @param anchor the tray icon, or the pointer where the desktop does not tell where the icon is
 */
export function popupPosition(
  anchor: Rectangle,
  size: { width: number; height: number },
  workArea: Rectangle,
): Point {
  const centre = { x: anchor.x + anchor.width / 2, y: anchor.y + anchor.height / 2 };
  const right = workArea.x + workArea.width;
  const bottom = workArea.y + workArea.height;
  const isLow = centre.y - workArea.y > workArea.height / 2;
  return {
    x: within(centre.x - size.width / 2, workArea.x + GAP, right - size.width - GAP),
    y: within(
      isLow ? anchor.y - size.height - GAP : anchor.y + anchor.height + GAP,
      workArea.y + GAP,
      bottom - size.height - GAP,
    ),
  };
}

/**
 * Where the tray icon must be, where the desktop does not tell: under the pointer that has just clicked it. On X11, Chromium loses
 * sight of the pointer over other programs' windows, panels among them (electron#42519): a pointer that seems to be anywhere but
 * on the panel is not where it was, and the panel's end, where trays are, is the better guess.
 */
export function likelyAnchor(
  pointer: Point,
  { bounds, workArea }: { bounds: Rectangle; workArea: Rectangle },
): Rectangle {
  const { x, y } = isInside(workArea, pointer) ? trayCorner(bounds, workArea) : pointer;
  return { x, y, width: 0, height: 0 };
}

function isInside({ x, y, width, height }: Rectangle, point: Point): boolean {
  return point.x >= x && point.x < x + width && point.y >= y && point.y < y + height;
}

/** The right end of a panel at the top or the bottom, the lower end of one at a side. */
function trayCorner(bounds: Rectangle, workArea: Rectangle): Point {
  const isPanelAtTop = workArea.y > bounds.y;
  const isPanelAtLeft = workArea.x > bounds.x;
  return {
    x: isPanelAtLeft && !isPanelAtTop ? bounds.x : bounds.x + bounds.width,
    y: isPanelAtTop ? bounds.y : bounds.y + bounds.height,
  };
}

function within(value: number, least: number, most: number): number {
  return Math.round(Math.max(least, Math.min(value, most)));
}
