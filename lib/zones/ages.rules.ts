import type { KeysByAge } from "./rules";

// 20 bars are the window and 12 more are past it, as in the picture: a bar of a 5 min window is 15 s.
const WINDOW_BARS = 20;
const BARS = 32;

type Shape = { barMs: number; windowBars: number };

/** Unresolved keys by age: bars of a twentieth of the window, the last takes everything older. */
export const keysByAge = {
  bars: BARS,
  shape: (windowMs: number): Shape => ({ barMs: windowMs / WINDOW_BARS, windowBars: WINDOW_BARS }),
  fill(shape: Shape, counted: readonly { bar: number; n: number }[]): Omit<KeysByAge, "oldestKey"> {
    const bars = Array.from({ length: BARS }, () => 0);
    for (const { bar, n } of counted) bars[bar] = (bars[bar] ?? 0) + n;
    const passingBars = Math.min(WINDOW_BARS, Math.max(1, Math.round(60_000 / shape.barMs)));
    const sum = (from: number, to: number) => bars.slice(from, to).reduce((a, b) => a + b, 0);
    return {
      ...shape,
      bars,
      insideN: sum(0, WINDOW_BARS - passingBars),
      passingN: sum(WINDOW_BARS - passingBars, WINDOW_BARS),
      pastN: sum(WINDOW_BARS, BARS),
    };
  },
};
