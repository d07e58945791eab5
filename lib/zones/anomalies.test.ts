import { expect, test } from "vitest";
import type { ContractMap } from "../contracts/map.rules";
import type { SourceStatus } from "../sources/read.sql";
import type { RecentCount } from "../sources/rules";
import { minutes } from "../time";
import { noDivergences, type ZoneFacts, zoneVerdict } from "../verdicts/rules";
import { textOf } from "../words";
import { anomaliesOf, anomalyCountsOf } from "./anomalies";
import { overviewSentence } from "./overview-words";
import type { Anomaly, StoredCauses } from "./rules";
import { causesOf, type Told, zoneSentence } from "./words";

const now = Date.UTC(2026, 5, 18, 3, 12, 40);
const at = (minute: number) => Date.UTC(2026, 5, 18, 3, minute);

// order-service sends Placed in schema 2 to stock-service and Told to mail-service; only the first is in the zone.
const map = {
  zonesOfEvent: (_: string, type: string) => (type === "Placed" ? ["orders"] : ["mails"]),
  zonesOfConsumed: (_: string, type: string) => (type === "Placed" ? ["orders"] : ["mails"]),
  zonesOfSource: (sourceId: string) => (sourceId === "mail" ? ["mails"] : ["orders"]),
  schemasOf: () => [2],
} as unknown as ContractMap;

const count = (measure: RecentCount["measure"], n: number, over: Partial<RecentCount> = {}): RecentCount => ({
  sourceId: "stock",
  consumer: "stock-service",
  eventType: "Placed",
  measure,
  detail: "",
  n,
  lastAt: at(11),
  ...over,
});
const status = (sourceId: string, over: Partial<SourceStatus> = {}): SourceStatus =>
  ({ sourceId, clockOffsetMs: 20, timesOffMs: null, timesOffAt: null, ...over }) as SourceStatus;
const anomalies = (
  counts: RecentCount[],
  sources = [status("shop"), status("stock")],
  zoneId = "orders",
  retrying: string[] = [],
) => anomaliesOf(zoneId, { news: counts, habits: counts, sources, map, retrying, now });

test("a calm hour has no anomalies, and its own counts", () => {
  const counts = [count("processed", 1_000), count("duplicate_dropped", 4), count("stale", 2)];
  expect(anomalies(counts)).toEqual([]);
  expect(anomalyCountsOf("orders", { news: counts, habits: [], sources: [], map, retrying: [], now })).toEqual({
    duplicatesDropped: 4,
    duplicatesApplied: 0,
    staleSkipped: 2,
    staleRetried: 0,
  });
});

test("copies and older versions are anomalous when they are more than everyday: a share, and not two of three", () => {
  const usual = count("processed", 100);
  expect(anomalies([usual, count("duplicate_dropped", 5)])).toEqual([]);
  expect(anomalies([usual, count("duplicate_dropped", 40)])).toMatchObject([
    { kind: "duplicates", consumers: ["stock-service"], n: 40, ofN: 140 },
  ]);
  expect(anomalies([usual, count("stale", 6)])).toMatchObject([{ kind: "stale", n: 6, ofN: 100 }]);
  expect(anomalies([count("processed", 3), count("stale", 2)])).toEqual([]);
});

test("X11: what a retry brought back is that operation's to tell, while it runs and after", () => {
  const counts = [count("processed", 100), count("stale", 40), count("duplicate_dropped", 30)];
  const retried = [...counts, count("stale_retried", 40), count("duplicate_retried", 29)];
  expect(anomalies(counts)).toHaveLength(2);
  expect(anomalies(retried)).toEqual([]);
  expect(anomalies([...counts, count("stale_retried", 30)]), "what is left of it stands out by itself").toMatchObject([
    { kind: "duplicates", n: 30 },
    { kind: "stale", n: 10 },
  ]);
  expect(anomalies(counts, undefined, undefined, ["stock-service"]), "some of it is not told back yet").toEqual([]);
});

test("one copy with an effect is an anomaly, and what concerns another zone is none", () => {
  expect(anomalies([count("semantic_duplicate", 1), count("processed", 100_000)])).toMatchObject([{ kind: "effects", n: 1 }]);
  expect(anomalies([count("semantic_duplicate", 1, { eventType: "Told" })])).toEqual([]);
});

test("schemas of one event are one anomaly, at its producer", () => {
  const sent = { sourceId: "shop", consumer: "" };
  expect(
    anomalies([count("unknown_schema", 3, { ...sent, detail: "3" }), count("unknown_schema", 1, { ...sent, detail: "4" })]),
  ).toEqual([
    {
      kind: "schema",
      sourceId: "shop",
      eventTypes: ["Placed"],
      versions: ["3", "4"],
      known: [2],
      n: 4,
      lastAt: at(11),
    },
  ]);
});

test("wrong times are anomalous while they were seen lately, and a database's clock where one of the zone's sources has it", () => {
  const misdated = [count("misdated", 7)];
  const off = (timesOffAt: number) => [status("stock", { timesOffMs: 90_000, timesOffAt })];
  expect(anomalies(misdated, off(now - minutes(1)))).toMatchObject([{ kind: "times", sourceId: "stock", offMs: 90_000, n: 7 }]);
  expect(anomalies(misdated, off(now - minutes(16)))).toEqual([]);
  const clock = [status("stock", { clockOffsetMs: -4_000 }), status("mail", { clockOffsetMs: 9_000 })];
  expect(anomalies([], clock)).toEqual([{ kind: "clock", sourceId: "stock", offMs: -4_000 }]);
});

const found = { eventTypes: ["Placed"], lastAt: at(11) };
const all: Anomaly[] = [
  { kind: "effects", consumer: "stock-service", sourceId: "stock", ...found, n: 12 },
  { kind: "schema", sourceId: "shop", versions: ["3"], known: [2], ...found, n: 61 },
  { kind: "times", sourceId: "stock", offMs: -90_000, n: 8, lastAt: at(11) },
  { kind: "clock", sourceId: "stock", offMs: 4_000 },
  { kind: "duplicates", consumers: ["mail-service", "stock-service"], ...found, n: 310, ofN: 620 },
  { kind: "stale", consumers: ["stock-service"], ...found, n: 1, ofN: 12 },
];

function told(anomalies: Anomaly[], ageMs: number | null = null, causes: Partial<StoredCauses> = {}): Told {
  const oldestSince = ageMs === null ? null : now - ageMs;
  const source = (sourceId: string) => ({ sourceId, service: `${sourceId}-service`, observedAt: now, error: null, oldestSince });
  const facts: ZoneFacts = {
    windowMs: minutes(5),
    atRiskRatio: 0.7,
    judgedAt: now,
    sources: [source("shop"), source("stock")],
    oldest: oldestSince === null ? null : { since: oldestSince, key: "S-1", reason: "undelivered" },
    oldestAgeMsMinuteAgo: null,
    keysN: ageMs === null ? 0 : 9,
    usualKeysN: null,
    parkedN: 0,
    divergences: noDivergences,
    awaitsPersonN: 0,
    compensationsFailedN: 0,
    compensationsLateN: 0,
  };
  return {
    zoneId: "orders",
    title: "Orders",
    keyName: "order",
    facts,
    judgement: zoneVerdict(facts, now),
    was: null,
    causes: { parked: [], waiting: [], sagas: [], divergences: [], ...causes, anomalies, at: now },
  };
}

test("each anomaly in its words, below what explains open keys", () => {
  const rows = causesOf(told(all), now).map((cause) => [cause.tone, ...[cause.title, cause.evidence, cause.next].map(textOf)]);
  expect(rows).toEqual([
    [
      "risk",
      "stock-service applied 12 duplicates of Placed a second time",
      "Within the last hour, the last at 03:11 UTC. Each came under an id of its own, with a key and a version that had been applied before.",
      "mend stock-service so that it asks for key and version. What was done twice needs a person.",
    ],
    [
      "risk",
      "shop-service sends Placed in schema 3; the contract says 2",
      "61 events within the last hour, the last at 03:11 UTC.",
      "roll shop-service back, or ship consumers that read schema 3, and then say so in the contract.",
    ],
    [
      "risk",
      "The times of stock-service are 1m 30s behind its database's clock",
      "8 messages in the last 15 min, the last at 03:11 UTC. Such an event looks older than it is, and lags are not counted.",
      "set the clock of the host that stock-service runs on.",
    ],
    [
      "calm",
      "The clock of stock-service's database is 4.0 s ahead of Accord's",
      "Ages and lags are corrected by that.",
      "set it.",
    ],
    [
      "calm",
      "310 duplicates were dropped by mail-service and stock-service",
      "310 of 620 messages in the last 15 min had been processed before: Placed. A copy that is dropped has no effect.",
      "nothing here; see why messages come twice.",
    ],
    [
      "calm",
      "1 older version was skipped by stock-service",
      "1 of 12 messages in the last 15 min came after a newer version, which stands: Placed.",
      "nothing here; see whether somebody published them again, or why messages overtake each other.",
    ],
  ]);
});

test("X24: a producer that stopped sending an unknown schema sent it, and is not to be rolled back any more", () => {
  const over: Anomaly = {
    kind: "schema",
    sourceId: "shop",
    versions: ["3"],
    known: [2],
    eventTypes: ["Placed"],
    lastAt: at(8),
    n: 61,
  };
  const [cause] = causesOf(told([over]), now);
  expect(textOf(cause!.title)).toBe("shop-service sent Placed in schema 3; the contract says 2");
  expect(textOf(cause!.next)).toBe("see that the consumers of Placed got past what came; shop-service has stopped sending it.");
  expect(textOf(zoneSentence(told([over]), now))).toContain("shop-service sent Placed in schema 3, where the contract says 2.");
});

test("the sentence ends with the one anomaly that somebody should act on, whatever the verdict, and with nothing that is only unusual", () => {
  const [effects, schema, times, ...calm] = all as [Anomaly, Anomaly, Anomaly, ...Anomaly[]];
  const sentence = (...of: Anomaly[]) => textOf(zoneSentence(told(of), now));
  const kept = "Orders keeps its contract. Nothing is waiting.";
  expect(sentence(effects, schema)).toBe(`${kept} stock-service applied 12 duplicates a second time within the last hour.`);
  expect(sentence(schema, times)).toBe(`${kept} shop-service sends Placed in schema 3, where the contract says 2.`);
  expect(sentence(times)).toBe(`${kept} The times of stock-service are 1m 30s behind its database's clock.`);
  expect(sentence(...calm)).toBe(kept);
  expect(textOf(overviewSentence([told([]), told([effects])], now))).toBe(
    "Both zones keep their contracts. Nothing is waiting. stock-service applied 12 duplicates a second time within the last hour.",
  );
});

const waiting: StoredCauses["waiting"][number] = {
  reason: "undelivered",
  sourceId: "stock",
  consumer: "stock-service",
  eventTypes: ["Placed"],
  keysN: 9,
  factsN: 9,
  oldest: at(5),
  oldestKey: "S-1",
};
const rates = { donePerMinute: 58, camePerMinute: 690 };

test.each([
  [{ throughput: { state: "stopped", ...rates } }, "stock-service has not processed Placed", "UTC."],
  [
    { throughput: { state: "slow", ...rates } },
    "stock-service falls behind on Placed",
    "UTC, doing 58 a minute while 690 a minute come.",
  ],
  [{ throughput: { state: "catching_up", ...rates } }, "stock-service catches up on Placed", "UTC, and catches up."],
  [
    { throughput: { state: "passed_over", ...rates } },
    "stock-service goes on without some Placed",
    "UTC, and goes on with newer ones.",
  ],
  [
    { reason: "held", waitsFor: 41 },
    "stock-service holds Placed back for an earlier version",
    "for an earlier version, the oldest from 03:05 UTC.",
  ],
] as [Partial<typeof waiting>, string, string][])("what waits, by how its consumer keeps up: %j", (over, title, end) => {
  const zone = told([], minutes(7), { waiting: [{ ...waiting, ...over }] });
  const [cause] = causesOf(zone, now);
  expect(textOf(cause!.title)).toBe(title);
  expect(textOf(zoneSentence(zone, now)).endsWith(end)).toBe(true);
  if (over.waitsFor) expect(textOf(cause!.evidence)).toContain("S-1 waits for its version 41.");
});

test("a zone that cannot converge by itself says by what, though more waits that will", () => {
  const parked = {
    groupId: 7,
    consumer: "stock-service",
    eventType: "Placed",
    errorType: "TypeError",
    template: "no lines",
    frame: null,
    openN: 3,
    keysN: 3,
    perMinute: 0,
    firstAt: at(11),
    lastAt: at(12),
    versions: {},
    deploy: null,
    busyN: 0,
  };
  const zone = told([], minutes(1), { parked: [parked], waiting: [{ ...waiting, oldest: at(11) }] });
  const judgement = zoneVerdict({ ...zone.facts, parkedN: 3 }, now);
  expect(textOf(zoneSentence({ ...zone, judgement }, now))).toBe(
    "Orders cannot converge by itself. stock-service has parked 3 orders since 03:11 UTC.",
  );
});
