import fc from "fast-check";
import { expect, test } from "vitest";
import { minutes, seconds } from "../time";
import {
  isSilent,
  noDivergences,
  type Reason,
  type SourceFacts,
  type Verdict,
  verdictCodes,
  verdictOfCode,
  verdicts,
  worstFirst,
  type ZoneFacts,
  zoneVerdict,
} from "./rules";

const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const source = (over: Partial<SourceFacts> = {}): SourceFacts => ({
  sourceId: "orders",
  service: "order-service",
  observedAt: now - seconds(2),
  error: null,
  oldestSince: null,
  ...over,
});
const payments = (over: Partial<SourceFacts> = {}) => source({ sourceId: "payments", service: "payment-service", ...over });
/** Facts of a zone with a window of five minutes whose oldest key is this old, at its only source. */
function facts(ageMs: number | null, over: Partial<ZoneFacts> = {}): ZoneFacts {
  const since = ageMs === null ? null : now - ageMs;
  return {
    windowMs: minutes(5),
    atRiskRatio: 0.7,
    judgedAt: now - seconds(1),
    sources: [source({ oldestSince: since })],
    oldest: since === null ? null : { since, key: "ORD-1", reason: "undelivered" },
    oldestAgeMsMinuteAgo: null,
    keysN: ageMs === null ? 0 : 1,
    usualKeysN: null,
    parkedN: 0,
    divergences: noDivergences,
    awaitsPersonN: 0,
    compensationsFailedN: 0,
    compensationsLateN: 0,
    ...over,
  };
}
const verdictOf = (given: ZoneFacts, at = now): Verdict => zoneVerdict(given, at).verdict;
const codesOf = (given: ZoneFacts): Reason["code"][] => zoneVerdict(given, now).reasons.map((reason) => reason.code);

test("nothing open and fresh proof is healthy, with no reason", () => {
  expect(zoneVerdict(facts(null), now)).toEqual({ verdict: "healthy", reasons: [], silent: [] });
});

test.each([
  [minutes(1), "healthy"],
  [minutes(1) + 1, "converging"],
  [minutes(3.5), "converging"],
  [minutes(3.5) + 1, "at_risk"],
  [minutes(5), "at_risk"],
  [minutes(5) + 1, "breached"],
] as const)("an oldest key of %d ms in a window of 5 min is %s", (ageMs, verdict) => {
  expect(verdictOf(facts(ageMs))).toBe(verdict);
});

test("a look is fresh for fifteen seconds, evaluated when it is read", () => {
  const seen = (ageMs: number) => facts(null, { sources: [source({ observedAt: now - ageMs })] });
  expect(verdictOf(seen(seconds(15)))).toBe("healthy");
  expect(verdictOf(seen(seconds(15) + 1))).toBe("unknown");
  expect(verdictOf(facts(null), now + seconds(14))).toBe("unknown");
});

test("a dead worker never leaves a green screen, and never a red one that nobody vouches for", () => {
  for (const ageMs of [null, minutes(2), minutes(9)]) {
    const stale = facts(ageMs, { judgedAt: now - seconds(16) });
    expect(zoneVerdict(stale, now)).toMatchObject({ verdict: "unknown", reasons: [{ code: "no_fresh_observation" }] });
  }
});

test("what was never judged, never looked at, or has no source at all is unknown", () => {
  expect(verdictOf(facts(null, { judgedAt: null }))).toBe("unknown");
  expect(verdictOf(facts(null, { sources: [source({ observedAt: null })] }))).toBe("unknown");
  expect(verdictOf(facts(null, { sources: [] }))).toBe("unknown");
});

test("one silent source makes a zone unknown, whatever less than a breach is known", () => {
  const silent = payments({ observedAt: now - minutes(41) });
  for (const given of [facts(null), facts(minutes(4)), facts(seconds(90), { parkedN: 3 })]) {
    const judgement = zoneVerdict({ ...given, sources: [...given.sources, silent] }, now);
    expect(judgement).toEqual({
      verdict: "unknown",
      reasons: [{ code: "source_silent", sources: ["payments"] }],
      silent: [silent],
    });
  }
});

test("a fresh proof of a breach outranks one silent source, and says what is not seen", () => {
  const silent = payments({ observedAt: now - minutes(41) });
  const given = facts(minutes(7));
  const judgement = zoneVerdict({ ...given, sources: [...given.sources, silent] }, now);
  expect(judgement.verdict).toBe("breached");
  expect(judgement.reasons).toEqual([
    { code: "past_window", ageMs: minutes(7) },
    { code: "source_silent", sources: ["payments"] },
  ]);
});

test("what a silent source knew is no fresh proof", () => {
  const since = now - minutes(60);
  const given = facts(minutes(60), { sources: [source(), payments({ observedAt: now - minutes(41), oldestSince: since })] });
  expect(verdictOf(given)).toBe("unknown");
});

test("an old fact that lies with none of the zone's sources breaches all the same", () => {
  expect(verdictOf(facts(minutes(6), { sources: [source()] }))).toBe("breached");
});

test("a compensation that failed or is late is a breach, however young everything is", () => {
  expect(codesOf(facts(null, { compensationsFailedN: 1 }))).toEqual(["compensation_failed"]);
  expect(codesOf(facts(seconds(5), { compensationsLateN: 2 }))).toEqual(["compensation_late"]);
  expect(codesOf(facts(minutes(6), { compensationsFailedN: 1, compensationsLateN: 1 }))).toEqual([
    "past_window",
    "compensation_failed",
    "compensation_late",
  ]);
});

test("what cannot converge by itself is at risk, however young", () => {
  expect(codesOf(facts(seconds(1), { parkedN: 1 }))).toEqual(["parked"]);
});

test("a difference that a rule leaves to a person is at risk, however young", () => {
  const given = facts(seconds(40), { divergences: { ...noDivergences, missing: 2 }, awaitsPersonN: 2 });
  expect(zoneVerdict(given, now)).toMatchObject({ verdict: "at_risk", reasons: [{ code: "awaits_person", n: 2 }] });
  expect(verdictOf(facts(seconds(40), { divergences: { ...noDivergences, missing: 2 } }))).toBe("healthy");
});

test("a trend that passes the window within a minute is at risk, and one that does not is not", () => {
  const growing = (ageMs: number, minuteAgo: number) => facts(ageMs, { oldestAgeMsMinuteAgo: minuteAgo, atRiskRatio: 1 });
  expect(zoneVerdict(growing(minutes(4.5), minutes(3.5)), now)).toMatchObject({
    verdict: "at_risk",
    reasons: [{ code: "trend", inMs: seconds(30) }],
  });
  expect(verdictOf(growing(minutes(4), minutes(3)))).toBe("converging");
  expect(verdictOf(growing(minutes(4.5), minutes(4.6)))).toBe("converging");
});

test("more waiting than usual is converging: above twice the usual, and by more than twenty", () => {
  expect(codesOf(facts(seconds(2), { keysN: 31, usualKeysN: 10 }))).toEqual(["more_waiting"]);
  expect(codesOf(facts(seconds(2), { keysN: 30, usualKeysN: 10 }))).toEqual([]);
  expect(codesOf(facts(seconds(2), { keysN: 100, usualKeysN: 50 }))).toEqual([]);
  expect(codesOf(facts(seconds(2), { keysN: 1_000, usualKeysN: null }))).toEqual([]);
});

test("an age is never below zero, though a clock runs ahead", () => {
  expect(verdictOf(facts(-minutes(30)))).toBe("healthy");
});

test("each verdict keeps the number that samples have for it, the worst the lowest; a number of none is unknown", () => {
  expect(verdictCodes).toEqual({ breached: 0, at_risk: 1, unknown: 2, converging: 3, healthy: 4 });
  expect(verdicts.map((verdict) => verdictOfCode(verdictCodes[verdict]))).toEqual(verdicts);
  expect([...verdicts].sort((a, b) => verdictCodes[a] - verdictCodes[b])).toEqual(verdicts);
  expect(verdictOfCode(9)).toBe("unknown");
});

test("getting older never makes a zone look better", () => {
  const rank = (verdict: Verdict) => verdicts.indexOf(verdict);
  fc.assert(
    fc.property(fc.nat(minutes(10)), fc.nat(minutes(10)), fc.boolean(), (a, b, parked) => {
      const judged = [Math.min(a, b), Math.max(a, b)].map((age) => rank(verdictOf(facts(age, { parkedN: parked ? 1 : 0 }))));
      expect(judged[1]).toBeLessThanOrEqual(judged[0]!);
    }),
  );
});

test("the worst comes first; ties by the share of the window that is used", () => {
  const zones = [
    { verdict: "healthy", windowShare: 0.1 },
    { verdict: "unknown", windowShare: 0 },
    { verdict: "breached", windowShare: 1.1 },
    { verdict: "converging", windowShare: 0.6 },
    { verdict: "at_risk", windowShare: 0.8 },
    { verdict: "breached", windowShare: 3 },
  ] as const;
  expect([...zones].sort(worstFirst).map((zone) => `${zone.verdict} ${zone.windowShare}`)).toEqual([
    "breached 3",
    "breached 1.1",
    "at_risk 0.8",
    "unknown 0",
    "converging 0.6",
    "healthy 0.1",
  ]);
});

const unwatched = [{ eventType: "Charged", consumer: "billing" }];

test("what nothing records takes the vouching alone: unknown, and not silent; what is proven outranks it", () => {
  const judgement = zoneVerdict(facts(minutes(1), { unwatched }), now);
  expect(judgement).toEqual({ verdict: "unknown", reasons: [{ code: "unwatched", n: 1, first: unwatched[0] }], silent: [] });
  expect(isSilent(judgement)).toBe(false);
  expect(verdictOf(facts(minutes(2), { unwatched }))).toBe("converging");
  expect(verdictOf(facts(minutes(4), { unwatched }))).toBe("at_risk");
  expect(verdictOf(facts(minutes(6), { unwatched }))).toBe("breached");
});

test("what no rule compares takes the vouching too, before what nothing records", () => {
  const uncompared = [{ rule: "stock-agrees", why: "The observer may not read stock_view.", since: now - minutes(3) }];
  const judgement = zoneVerdict(facts(minutes(1), { uncompared, unwatched }), now);
  expect([judgement.verdict, isSilent(judgement), judgement.reasons.map(({ code }) => code)]).toEqual([
    "unknown",
    false,
    ["uncompared", "unwatched"],
  ]);
  expect(verdictOf(facts(minutes(4), { uncompared }))).toBe("at_risk");
});

test("a source that is not seen is silent, also where something is unwatched besides", () => {
  const away = payments({ observedAt: now - minutes(2) });
  expect(isSilent(zoneVerdict(facts(null, { sources: [source(), away], unwatched }), now))).toBe(true);
  expect(isSilent(zoneVerdict(facts(null, { judgedAt: null, unwatched }), now))).toBe(true);
  expect(isSilent(zoneVerdict(facts(null), now))).toBe(false);
});
