/** From a value to a height in a small chart: 0 is its top, 32 its bottom. */
export type SmallScale = (value: number) => number;

const HEIGHT = 32;
const FLOOR_MS = 10;

/** Ages from zero to a little above the window, or to the greatest of them. */
export function ageScale(values: readonly (number | null)[], windowMs: number): SmallScale {
  const top = Math.max(windowMs * 1.25, ...values.map((value) => value ?? 0));
  return (value) => HEIGHT - 1 - (Math.min(value, top) / top) * (HEIGHT - 3);
}

/** Lags on a log scale, since a breach is a hundred times the usual. */
export function lagScale(values: readonly (number | null)[], windowMs: number): SmallScale {
  const top = Math.log(Math.max(windowMs * 1.5, FLOOR_MS * 10, ...values.map((value) => value ?? 0)) / FLOOR_MS);
  return (value) => HEIGHT - 1 - (Math.log(Math.max(value, FLOOR_MS) / FLOOR_MS) / top) * (HEIGHT - 3);
}

/** The line through some values, a hundred wide: a gap where nothing was measured, a dot where one stands alone. */
export function linePath(values: readonly (number | null)[], scale: SmallScale): string {
  const x = (i: number) => (((i + 0.5) / values.length) * 100).toFixed(2);
  let pen = false;
  return values
    .map((value, i) => {
      if (value === null) {
        pen = false;
        return "";
      }
      const alone = !pen && typeof values[i + 1] !== "number" ? "h.6" : "";
      const step = `${pen ? "L" : "M"}${x(i)},${scale(value).toFixed(1)}${alone}`;
      pen = true;
      return step;
    })
    .join("");
}

/** Bars over and under a zero line that stands where both have room. */
export function barsPath(up: readonly number[], down: readonly number[]): { zero: number; upPath: string; downPath: string } {
  const [high, low] = [Math.max(0, ...up), Math.max(0, ...down)];
  const unit = (HEIGHT - 2) / Math.max(1, high + low);
  const zero = low === 0 ? HEIGHT - 1 : 1 + high * unit;
  const width = 100 / Math.max(1, up.length);
  const bar = (i: number, n: number, sign: 1 | -1) => {
    if (n === 0) return "";
    const left = (i * width).toFixed(2);
    return `M${left},${zero.toFixed(1)}h${(width * 0.8).toFixed(2)}v${(-sign * Math.max(1.5, n * unit)).toFixed(1)}h${(-width * 0.8).toFixed(2)}z`;
  };
  return { zero, upPath: up.map((n, i) => bar(i, n, 1)).join(""), downPath: down.map((n, i) => bar(i, n, -1)).join("") };
}
