import { expect, test } from "vitest";
import { countText, dateText, durationText, initials, percentText, whenText } from "./format";

const NBSP = " ";

test("counts are exact to 99,999, then short", () => {
  expect([0, 1_204, 99_999, 128_400, 1_250_000].map(countText)).toEqual(["0", "1,204", "99,999", `128${NBSP}k`, `1.3${NBSP}M`]);
});

test("a share never rounds to 100 % unless it is", () => {
  expect(percentText(0.9999)).toBe(`99.9${NBSP}%`);
  expect(percentText(1)).toBe(`100${NBSP}%`);
  expect(percentText(0.99912, 3)).toBe(`99.912${NBSP}%`);
});

test("durations do not break inside", () => {
  expect(durationText(460_000)).toBe(`7m${NBSP}40s`);
});

test("a time says as much as is needed: clock today, weekday this week, date after, with its year in another one", () => {
  const now = Date.UTC(2026, 5, 16, 3, 12, 41);
  expect(whenText(Date.UTC(2026, 5, 16, 3, 5, 31), now, "UTC")).toBe("03:05:31");
  expect(whenText(Date.UTC(2026, 5, 15, 22, 14), now, "UTC")).toBe("Mon 22:14");
  expect(whenText(Date.UTC(2026, 4, 16, 22, 14), now, "UTC")).toBe("16 May 22:14");
  expect(whenText(Date.UTC(2025, 4, 16, 22, 14), now, "UTC")).toBe("16 May 2025 22:14");
  expect([dateText(Date.UTC(2026, 11, 1), now, "UTC"), dateText(Date.UTC(2027, 5, 16), now, "UTC")]).toEqual([
    "1 Dec",
    "16 Jun 2027",
  ]);
});

test("initials come from the first two words", () => {
  expect(initials("M. Keller")).toBe("MK");
  expect(initials("admin@demo.example")).toBe("AD");
});
