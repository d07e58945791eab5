import { expect, test } from "vitest";
import type { Contract } from "../contracts/rules";
import { minutes } from "../time";
import { noDivergences, type ZoneFacts } from "../verdicts/rules";
import { readingOf, type Seen } from "./reading.rules";

const at = Date.UTC(2026, 10, 28, 3);
const facts: ZoneFacts = {
  ...{ windowMs: minutes(5), atRiskRatio: 0.7, judgedAt: at, oldest: null, oldestAgeMsMinuteAgo: null },
  sources: [{ sourceId: "orders", service: "order-service", observedAt: at, error: null, oldestSince: null }],
  ...{ keysN: 0, usualKeysN: null, parkedN: 0, divergences: noDivergences, awaitsPersonN: 0 },
  ...{ compensationsFailedN: 0, compensationsLateN: 0 },
};
const seen = (more: Partial<Seen> = {}): Seen => ({
  contract: { expectation: { slo: null } } as Contract,
  facts,
  figures: { publishLagMsP95: 10, processingLagMsP95: 20, sagasOverdueN: 0 },
  ...{ growing: [], counts: { cases: 0, casesOverdue: 0, mutedN: 0 }, news: [], reasons: null, rules: [], promised: null },
  ...more,
});
const rule = (more: Partial<Seen["rules"][number]> = {}) => ({
  ranAt: at,
  coveredAt: at,
  authorityN: 12,
  openN: 0,
  mass: null,
  ...more,
});
const rateOf = (...rules: Seen["rules"]) => readingOf(seen({ rules }), at).values?.match_rate ?? 0;

test("what agrees is all but open divergences: what differs and may still converge is none of these", () => {
  expect(rateOf(rule())).toBe(1);
  expect(rateOf(rule({ openN: 3 }), rule())).toBe(0.75);
  expect(rateOf(rule({ openN: 1, authorityN: 0 }))).toBe(0);
  expect(rateOf(rule({ mass: { n: 600, ofN: 1_000 } }))).toBe(0.4);
});

test("a rule that has not been through once says nothing of what agrees, and no rule nothing at all", () => {
  expect(readingOf(seen({ rules: [rule(), rule({ ranAt: null })] }), at).unknown).toMatchObject({ match_rate: "not_run" });
  expect(readingOf(seen(), at).unknown).toMatchObject({ match_rate: "no_rule", coverage_age: "no_rule" });
});

test("what covers is a run that compared every key; one that was stopped since nearly all differs does not", () => {
  const stopped = rule({ coveredAt: at - minutes(9), mass: { n: 600, ofN: 1_000 } });
  expect(readingOf(seen({ rules: [rule(), stopped] }), at).since).toEqual({ coverage_age: at - minutes(9) });
  const never = readingOf(seen({ rules: [rule(), rule({ coveredAt: null })] }), at);
  expect([never.since, never.unknown?.coverage_age, never.values?.match_rate]).toEqual([undefined, "not_run", 1]);
});

test("muted messages are no parked ones, and a source that is silent makes counts the least there is", () => {
  const parked = { ...facts, parkedN: 7 };
  expect(readingOf(seen({ facts: parked, counts: { cases: 0, casesOverdue: 0, mutedN: 5 } }), at).values).toMatchObject({
    parked: 2,
  });
  const silent = {
    ...parked,
    sources: [...parked.sources, { ...parked.sources[0]!, sourceId: "stock", observedAt: at - minutes(1) }],
  };
  const reading = readingOf(seen({ facts: silent }), at);
  expect(reading.atLeast).toContain("parked");
  expect(reading.causes).toEqual({ sources_silent: [{ id: "stock", value: 1 }] });
  expect(reading.since).toMatchObject({ silence: at - minutes(1) });
});

test("sagas count as overdue by their deadlines alone, and where nobody counted them they are unknown", () => {
  const figures = { publishLagMsP95: 10, processingLagMsP95: 20 };
  expect(readingOf(seen({ figures: { ...figures, sagasOverdueN: 3 } }), at).values).toMatchObject({ sagas_overdue: 3 });
  expect(readingOf(seen({ figures }), at).unknown).toMatchObject({ sagas_overdue: "unasked" });
});

test("a zone that nobody sees is neither breached nor at risk, and not the contrary", () => {
  const unseen = { ...facts, judgedAt: at - minutes(1) };
  expect(readingOf(seen({ facts: unseen }), at).unknown).toMatchObject({ breached: "unseen", at_risk: "unseen" });
});
