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

function within(value: number, least: number, most: number): number {
  return Math.round(Math.max(least, Math.min(value, most)));
}
