import { expect, test } from "vitest";
import { besideOf } from "./beside.rules";

const window = { width: 400, height: 600 };
const at = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 20 });
const size = { width: 100, height: 80 };

test("what floats stands on the side that is wished where it has room, and on the other where only that has", () => {
  const below = { side: "bottom", align: "start", gapPx: 4 } as const;
  expect(besideOf(at(50, 100), size, window, below)).toEqual({ left: 50, top: 124 });
  expect(besideOf(at(50, 560), size, window, below)).toEqual({ left: 50, top: 476 });
  const above = { side: "top", align: "center", gapPx: 5 } as const;
  expect(besideOf(at(150, 300), size, window, above)).toEqual({ left: 120, top: 215 });
  expect(besideOf(at(150, 10), size, window, above)).toEqual({ left: 120, top: 35 });
});

test("what floats never leaves the window, whatever its anchor does", () => {
  for (const left of [-90, 0, 200, 395])
    for (const top of [-50, 0, 300, 595])
      for (const side of ["top", "bottom"] as const)
        for (const align of ["start", "center"] as const) {
          const place = besideOf(at(left, top), size, window, { side, align, gapPx: 4 });
          expect(place.left).toBeGreaterThanOrEqual(8);
          expect(place.top).toBeGreaterThanOrEqual(8);
          expect(place.left + size.width).toBeLessThanOrEqual(window.width - 8);
          expect(place.top + size.height).toBeLessThanOrEqual(window.height - 8);
        }
});
