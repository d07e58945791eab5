import { expect, test } from "vitest";
import { hours, minutes, seconds } from "../time";
import { verdictCodes } from "../verdicts/rules";
import { effectPoints, effectSpan, isFineEnough, lastPoint, pointAtBegin } from "./zone-effect.rules";

const at = (s: number) => Date.UTC(2026, 5, 18, 3, 20) + seconds(s);
const axis = { from: at(0), to: at(60), stepMs: seconds(10) };
const sample = (s: number, keysN: number | null, oldestMs: number | null = null, verdict = verdictCodes.at_risk) => ({
  at: at(s),
  verdict,
  keysN,
  oldestMs,
});

test("an effect is looked for from a minute before the operation to now, and to five minutes after its end", () => {
  expect(effectSpan({ begunAt: at(60), endedAt: null }, at(90))).toEqual({ from: at(0), to: at(90), over: false });
  expect(effectSpan({ begunAt: at(60), endedAt: at(80) }, at(90))).toEqual({ from: at(0), to: at(90), over: false });
  expect(effectSpan({ begunAt: at(60), endedAt: at(80) }, at(80) + hours(1))).toEqual({
    from: at(0),
    to: at(80) + minutes(5),
    over: true,
  });
});

test("a step is the most of its samples; where nobody judged, or nobody saw the zone, it is unknown and never zero", () => {
  const samples = [
    sample(0, 441, 9_000),
    sample(5, 440, 9_500),
    sample(20, 0),
    sample(30, 7, 100, verdictCodes.unknown),
    sample(40, null),
    sample(70, 9),
  ];
  const seen = [{ keysN: 441, oldestMs: 9_500 }, null, { keysN: 0, oldestMs: null }, null, null, null];
  expect(effectPoints(samples, axis, false)).toEqual(seen);
  // Watched by nobody in a part, it is unknown however well it is seen.
  expect(effectPoints(samples, axis, true)[3]).toEqual({ keysN: 7, oldestMs: 100 });
  expect(lastPoint(seen, axis)).toEqual({ at: at(20), keysN: 0, oldestMs: null });
  expect(lastPoint([null], axis)).toBe(null);
});

test("what it was like at the beginning is of the step that it began in, or of the last one before that is known", () => {
  const points = [{ keysN: 3, oldestMs: 1 }, null, { keysN: 2, oldestMs: 1 }];
  const then = (s: number) => pointAtBegin(points, { ...axis, begunAt: at(s) })?.keysN ?? null;
  expect([then(3), then(19), then(20)]).toEqual([3, 3, 2]);
  expect(pointAtBegin([null, { keysN: 2, oldestMs: 1 }], { ...axis, begunAt: at(3) })).toBe(null);
});

test("samples of an hour say nothing of an operation that took a minute", () => {
  expect(isFineEnough(axis, seconds(60))).toBe(true);
  expect(isFineEnough(axis, hours(1))).toBe(false);
  expect(isFineEnough({ from: at(0), to: at(0) + hours(5) }, hours(1))).toBe(true);
});
