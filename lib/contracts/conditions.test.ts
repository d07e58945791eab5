import { expect, test } from "vitest";
import { readCondition, readRunbookCondition } from "./conditions";

const read = (text: string) => {
  const result = readCondition(text);
  if (!result.ok) return result.expected;
  const { text: _, ...rest } = result.value;
  return rest;
};

test("an alert's condition is read with its unit, how long it must hold, and over which span", () => {
  const now = { forMs: 0, overMs: null };
  expect(read("oldest_unresolved > window")).toEqual({ metric: "oldest_unresolved", op: ">", value: 1, unit: "window", ...now });
  expect(read("oldest_unresolved >= 80% of window")).toMatchObject({ op: ">=", value: 0.8, unit: "window" });
  expect(read("oldest_unresolved > 2x window for 30s")).toMatchObject({ value: 2, unit: "window", forMs: 30_000 });
  expect(read("publish_lag>5m")).toMatchObject({ metric: "publish_lag", value: 300_000, unit: "ms" });
  expect(read("divergences > 20 for 2m")).toEqual({
    metric: "divergences",
    op: ">",
    value: 20,
    unit: "count",
    forMs: 120_000,
    overMs: null,
  });
  expect(read("budget_burn > 14.4x over 1h")).toEqual({
    metric: "budget_burn",
    op: ">",
    value: 14.4,
    unit: "burn",
    forMs: 0,
    overMs: 3_600_000,
  });
  expect(read("budget_burn > 14.4x over 1h for 5m")).toMatchObject({ forMs: 300_000, overMs: 3_600_000 });
  expect(read("budget_burn > 14.4x for 5m over 1h")).toMatchObject({ forMs: 300_000, overMs: 3_600_000 });
  expect(read("match_rate < 99.5%")).toMatchObject({ op: "<", value: 0.995, unit: "ratio" });
});

test.each([
  ["divergences > many", "divergences to be compared with a whole number such as 20"],
  ["divergences > 20 for ever", "a duration such as 2m behind for and over"],
  ["publish_lag > 20", "publish_lag to be compared with window, 2x window, 80% of window, or a duration such as 5m"],
  ["budget_burn > 14.4 over 1h", "budget_burn to be compared with a multiple such as 14.4x"],
  ["match_rate < 0.99", "match_rate to be compared with a percentage such as 99%"],
  ["constructor > 1", "one of the figures oldest_unresolved"],
  ["", "a comparison such as oldest_unresolved > window"],
])("%s is refused with what was expected", (text, words) => {
  expect(read(text)).toContain(words);
});

test("a runbook's condition is a cause, its kind and its place", () => {
  expect(readRunbookCondition("divergence.missing at inventory")).toMatchObject({
    ok: true,
    value: { cause: "divergence", kind: "missing", at: "inventory" },
  });
  expect(readRunbookCondition("saga")).toMatchObject({ ok: true, value: { cause: "saga", kind: null, at: null } });
  expect(readRunbookCondition("parked.SchemaError at payment-service")).toMatchObject({
    value: { kind: "SchemaError", at: "payment-service" },
  });
  expect(readRunbookCondition("when it hurts").ok).toBe(false);
});
