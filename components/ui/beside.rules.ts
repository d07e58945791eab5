export type Box = { left: number; top: number; right: number; bottom: number };
export type Size = { width: number; height: number };
export type Beside = { side: "top" | "bottom"; align: "start" | "center"; gapPx: number };

// So far from the window's edge as nothing floats.
const EDGE_PX = 8;

/** Where something floats beside its anchor: on the side that is wished, on the other where only that has room, and never out of the window. */
export function besideOf(anchor: Box, size: Size, window: Size, { side, align, gapPx }: Beside): { left: number; top: number } {
  const above = anchor.top - gapPx - size.height;
  const below = anchor.bottom + gapPx;
  const fitsAbove = above >= EDGE_PX;
  const fitsBelow = below + size.height <= window.height - EDGE_PX;
  const isAbove = side === "top" ? fitsAbove || !fitsBelow : fitsAbove && !fitsBelow;
  const start = align === "start" ? anchor.left : (anchor.left + anchor.right - size.width) / 2;
  return {
    left: within(start, window.width - size.width - EDGE_PX),
    top: within(isAbove ? above : below, window.height - size.height - EDGE_PX),
  };
}

const within = (at: number, most: number): number => Math.max(EDGE_PX, Math.min(at, most));
