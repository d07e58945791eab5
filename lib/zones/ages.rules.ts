import type { Instant } from "../time";
import type { KeysByAge } from "./rules";

// 20 bars are the window and 12 more are past it, as in the picture: a bar of a 5 min window is 15 s.
const WINDOW_BARS = 20;
const BARS = 32;

type Shape = { barMs: number; windowBars: number };

/** Unresolved keys by age: bars of a twentieth of the window, the last takes everything older. */
export const keysByAge = {
  bars: BARS,
  shape: (windowMs: number): Shape => ({ barMs: windowMs / WINDOW_BARS, windowBars: WINDOW_BARS }),
  /** What is open since then or longer stands in the last bar from now on, whatever its age. */
  oldFrom: ({ barMs }: Shape, now: Instant): Instant => Math.floor(now - (BARS - 1) * barMs),
  /** How many keys are in each bar: of the young ones it is told since when each is open, in µs and in order; of the others how many they are. */
  count({ barMs }: Shape, young: { sinceUs: Float64Array; keysN: number }, now: Instant): number[] {
    const younger = Array.from({ length: BARS - 1 }, (_, bar) => laterThan(young.sinceUs, (now - (bar + 1) * barMs) * 1_000));
    return [...younger, young.keysN].map((n, bar) => n - (younger[bar - 1] ?? 0));
  },
  fill(shape: Shape, bars: number[]): Omit<KeysByAge, "oldestKey"> {
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

/** How many of some numbers in order are greater than one: halves, so that no key is looked at for its bar. */
function laterThan(sorted: Float64Array, than: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! > than) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}
