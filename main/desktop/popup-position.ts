export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** The distance between the popup and the edge of the work area, in pixels. */
const GAP = 6;

/**
 * The position of the popup: centred on its anchor, at the edge of the work area where the panel is, and completely within the
 * work area. If the popup is higher than the work area, as on a small screen with large text, its content scrolls.
 * @param anchor the tray icon, or the pointer if the desktop does not tell where the icon is
 */
export function popupBounds(
  anchor: Rectangle,
  wanted: { width: number; height: number },
  workArea: Rectangle,
): Rectangle {
  const size = { ...wanted, height: Math.min(wanted.height, workArea.height - 2 * GAP) };
  const centre = { x: anchor.x + anchor.width / 2, y: anchor.y + anchor.height / 2 };
  const right = workArea.x + workArea.width;
  const bottom = workArea.y + workArea.height;
  const isInLowerHalf = centre.y - workArea.y > workArea.height / 2;
  return {
    ...size,
    x: clamp(centre.x - size.width / 2, workArea.x + GAP, right - size.width - GAP),
    y: clamp(
      isInLowerHalf ? anchor.y - size.height - GAP : anchor.y + anchor.height + GAP,
      workArea.y + GAP,
      bottom - size.height - GAP,
    ),
  };
}

/**
 * Guesses where the tray icon is, if the desktop does not tell: under the pointer that clicked the icon. On X11, Chromium does
 * not see the pointer over other programs' windows, such as the panel (electron#42519). So a pointer outside the panel is an old
 * position. Then guess the end of the panel, where trays are.
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

/** The right end of a panel at the top or the bottom, the lower end of a panel at a side. */
function trayCorner(bounds: Rectangle, workArea: Rectangle): Point {
  const isPanelAtTop = workArea.y > bounds.y;
  const isPanelAtLeft = workArea.x > bounds.x;
  return {
    x: isPanelAtLeft && !isPanelAtTop ? bounds.x : bounds.x + bounds.width,
    y: isPanelAtTop ? bounds.y : bounds.y + bounds.height,
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.round(Math.max(min, Math.min(value, max)));
}
