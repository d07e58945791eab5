import { expect, test } from "vitest";
import { forecastQuery } from "../dead-letters/queries";
import { discoveryQuery } from "../sources/queries";
import { gapMs, intervalOf, limits, retryMs } from "./refresh-interval";

test("while the stream stands what goes on by itself is asked by the clock, three times a minute", () => {
  expect(intervalOf(2_000, "zones", "live", "standing")).toBe(20_000);
  expect(intervalOf(2_000, "dead-letters", "live", "standing")).toBe(30_000);
  expect(intervalOf(5_000, "timeline", "live", "standing"), "what no event names goes by its own interval").toBe(5_000);
  expect(intervalOf(300_000, "zones", "live", "standing")).toBe(300_000);
});

test("what a worker answers to somebody who waits for it is asked for at its own pace, since no event tells of it", () => {
  for (const { queryKey } of [forecastQuery("1"), discoveryQuery()])
    expect(intervalOf(400, queryKey[0], "live", "standing")).toBe(400);
});

test("without a stream screens ask by the clock, at their own interval first and every 5 s when it stays away", () => {
  expect(intervalOf(2_000, "zones", "live", "opening")).toBe(2_000);
  expect(intervalOf(2_000, "zones", "live", "lost", 1)).toBe(2_000);
  expect(intervalOf(2_000, "zones", "live", "lost", limits.triesMax)).toBe(5_000);
  expect(intervalOf(2_000, "zones", "live", "degraded")).toBe(5_000);
  expect(intervalOf(10_000, "zones", "live", "degraded")).toBe(10_000);
});

test("a chosen interval holds whatever the stream does, and off is off", () => {
  expect(intervalOf(2_000, "zones", "5s", "resting")).toBe(5_000);
  expect(intervalOf(60_000, "zones", "30s", "resting")).toBe(60_000);
  expect(intervalOf(2_000, "zones", "off", "resting")).toBe(false);
});

test("events are followed at once where asking is cheap, and at their own interval where it is not", () => {
  expect([gapMs(2_000), gapMs(10_000), gapMs(300_000)]).toEqual([500, 10_000, 300_000]);
});

test("tries come ever more slowly, never later than the bound and a quarter", () => {
  expect([0, 1, 2].map((tries) => retryMs(tries, 0.5))).toEqual([500, 1_000, 2_000]);
  expect(retryMs(40, 1)).toBe(18_750);
});
