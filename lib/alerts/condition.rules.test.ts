import { expect, test } from "vitest";
import { readCondition } from "../contracts/conditions";
import { type AlertMetric, alertMetrics } from "../contracts/rules";
import { minutes, seconds } from "../time";
import { conditionKey, evaluationsOf, whyUnknown } from "./condition.rules";
import type { Reading } from "./rules";
import { figureWords } from "./words";

const at = Date.UTC(2026, 10, 28, 3);
const window = minutes(5);
const condition = (text: string) => {
  const read = readCondition(text);
  if (!read.ok) throw new Error(read.expected);
  return read.value;
};
const holds = (text: string, reading: Omit<Reading, "at">, open: string[] = []) =>
  evaluationsOf(condition(text), { at, ...reading }, window, new Set(open)).map((found) => found.holds);

const bounds: [text: string, holding: Omit<Reading, "at">, not: Omit<Reading, "at">][] = [
  [
    "oldest_unresolved > window",
    { since: { oldest_unresolved: at - window - 1 } },
    { since: { oldest_unresolved: at - window } },
  ],
  [
    "oldest_unresolved >= 80% of window",
    { since: { oldest_unresolved: at - minutes(4) } },
    { since: { oldest_unresolved: at - minutes(4) + 1 } },
  ],
  ["oldest_unresolved > 2x window", { since: { oldest_unresolved: at - minutes(11) } }, {}],
  ["publish_lag > 5s", { values: { publish_lag: 5_001 } }, { values: { publish_lag: 5_000 } }],
  ["processing_lag > 50% of window", { values: { processing_lag: 150_001 } }, {}],
  ["silence > 1m", { since: { silence: at - seconds(61) } }, { since: { silence: at - seconds(60) } }],
  ["unresolved > 100", { values: { unresolved: 101 } }, { values: { unresolved: 100 } }],
  ["divergences > 20", { values: { divergences: 21 } }, { values: { divergences: 20 } }],
  ["unpublished >= 5", { values: { unpublished: 5 } }, { values: { unpublished: 4 } }],
  ["undelivered > 0", { values: { undelivered: 1 } }, {}],
  ["held > 0", { values: { held: 1 } }, {}],
  ["parked > 10", { values: { parked: 11 } }, { values: { parked: 10 } }],
  ["sagas_overdue > 0", { values: { sagas_overdue: 1 } }, {}],
  ["compensations_failed > 0", { values: { compensations_failed: 1 } }, {}],
  ["compensations_late > 0", { values: { compensations_late: 1 } }, {}],
  ["cases > 3", { values: { cases: 4 } }, { values: { cases: 3 } }],
  ["cases_overdue > 0", { values: { cases_overdue: 1 } }, {}],
  ["breached > 0", { values: { breached: 1 } }, {}],
  ["at_risk > 0", { values: { at_risk: 1 } }, {}],
  ["coverage_age > 1h", { since: { coverage_age: at - minutes(61) } }, { since: { coverage_age: at - minutes(60) } }],
  ["budget_left < 10%", { values: { budget_left: 0.0999 } }, { values: { budget_left: 0.1 } }],
  ["converged < 99.9%", { values: { converged: 0.99899 } }, { values: { converged: 0.999 } }],
  ["match_rate < 99.5%", { values: { match_rate: 0.99 } }, { values: { match_rate: 0.995 } }],
];
test.each(bounds)("%s holds exactly beyond its bound", (text, holding, not) => {
  expect(holds(text, holding)).toEqual([true]);
  expect(holds(text, not)).toEqual([false]);
});

const ofCauses: [text: string, metric: AlertMetric][] = [
  ["sources_silent > 0", "sources_silent"],
  ["new_groups > 0", "new_groups"],
  ["group_growth > 5", "group_growth"],
  ["regressions > 0", "regressions"],
];
test.each(ofCauses)(
  "%s is asked of each cause by itself, and of those that have an alert until they are over",
  (text, metric) => {
    expect(holds(text, {})).toEqual([]);
    const causes = {
      [metric]: [
        { id: "orders", value: 6 },
        { id: "stock", value: 7 },
      ],
    };
    expect(holds(text, { causes })).toEqual([true, true]);
    expect(holds(text, { causes }, ["gone"])).toEqual([true, true, false]);
  },
);

test("every figure that a condition can name is in one of these tables, or is a burn, and has its unit in words", () => {
  const asked = [...bounds, ...ofCauses].map(([text]) => condition(text).metric);
  expect(new Set([...asked, "budget_burn"])).toEqual(new Set(Object.keys(alertMetrics)));
  expect(["7m 12s", "1,204", "99.912 %", "14.4x"]).toEqual([
    figureWords("oldest_unresolved", 432_000),
    figureWords("parked", 1_204),
    figureWords("converged", 0.99912),
    figureWords("budget_burn", 14.4),
  ]);
});

test("a burn holds in its span and in a twelfth of it, so that it ends soon after its cause", () => {
  const burns = (hour: number, fiveMinutes: number) => ({ burns: { "3600000": hour, "300000": fiveMinutes } });
  expect(holds("budget_burn > 14.4x over 1h", burns(15, 15))).toEqual([true]);
  expect(holds("budget_burn > 14.4x over 1h", burns(15, 0))).toEqual([false]);
  expect(holds("budget_burn > 14.4x over 1h", burns(0, 15))).toEqual([false]);
  expect(holds("budget_burn > 14.4x over 1h", {})).toEqual([null]);
  expect(whyUnknown(condition("budget_burn > 14.4x over 1h"), { at })).toBe("no_delivery");
});

test("what nobody can tell neither holds nor does not, and says why", () => {
  const reading = { unknown: { publish_lag: "no_flow" } } as const;
  expect(holds("publish_lag > 1s", reading)).toEqual([null]);
  expect(whyUnknown(condition("publish_lag > 1s"), { at, ...reading })).toBe("no_flow");
});

test("while a source is silent there may be more: enough is proven, too little is not", () => {
  const reading = { values: { parked: 5 }, atLeast: ["parked"] } satisfies Omit<Reading, "at">;
  expect(holds("parked > 4", reading)).toEqual([true]);
  expect(holds("parked > 5", reading)).toEqual([null]);
  expect(holds("parked < 6", reading)).toEqual([null]);
  expect(holds("parked < 5", reading)).toEqual([false]);
});

test("an open alert's bound lies a tenth further back, so that a figure that plays around it raises once", () => {
  expect(holds("divergences > 20", { values: { divergences: 19 } })).toEqual([false]);
  expect(holds("divergences > 20", { values: { divergences: 19 } }, [""])).toEqual([true]);
  expect(holds("divergences > 20", { values: { divergences: 18 } }, [""])).toEqual([false]);
  expect(holds("match_rate < 90%", { values: { match_rate: 0.905 } }, [""])).toEqual([true]);
  expect(holds("match_rate < 90%", { values: { match_rate: 0.91 } }, [""])).toEqual([false]);
});

test.each(["match_rate", "converged", "budget_left"])(
  "an alert of a share is over at all of it, whatever its bound: %s",
  (metric) => {
    for (const bound of ["100%", "99.99%", "99%", "90%", "50%", "1%", "0.01%"])
      expect(holds(`${metric} < ${bound}`, { values: { [metric]: 1 } }, [""]), bound).toEqual([false]);
  },
);

test("one condition is the same alert however it is spaced", () => {
  expect(conditionKey({ text: " divergences>20   for 2m" })).toBe("divergences > 20 for 2m");
});
