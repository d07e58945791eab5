import { afterAll, beforeAll, expect, test } from "vitest";
import { stopFault } from "../../demo/faults";
import { type WatchedEstate, watchedEstate } from "../../demo/kit/watched.testing";
import type { Contract } from "../contracts/rules";
import { readContracts } from "../contracts/service";
import { GAMMA } from "../histogram";
import { rollUpLags } from "../lag/service";
import { rangeOf } from "../range";
import { readZoneCharts } from "./charts";
import { chartPoints } from "./charts.rules";
import { everywhere, page, shownCauses, sources, truth } from "./figures.testing";
import { bringAboutAllFigures } from "./figures-mix.testing";
import { readZone, readZones } from "./service";
import type { ZoneRow, ZoneView } from "./views";

/** Which figure of docs/figures.md a field of a zone's row shows; null for what is no figure: names, sentences, the contract's own numbers. */
const figureOf: Record<keyof ZoneRow, string | null> = {
  zoneId: null,
  title: null,
  verdict: "zones by verdict",
  was: null,
  silent: null,
  verdictSince: null,
  class: null,
  windowMs: null,
  atRiskRatio: null,
  oldest: "oldest key",
  shareOfWindow: "oldest key",
  keysN: "open keys",
  parkedN: "parked",
  divergencesN: "divergences",
  casesN: "cases",
  alertsN: "alerts",
  objective: "promise kept",
  publishLagMsP95: "publish lag",
  processingLagMsP95: "processing lag",
  publishTrend: "publish lag",
  processingTrend: "processing lag",
  sagasAskingN: "sagas asking",
  sagasStuckN: "sagas stuck",
  compensatingN: "compensating",
  compensations: "compensations ok",
  lastHour: "last hour",
  owner: null,
  onCall: null,
  why: null,
  observedAt: null,
};
const others = [
  "divergences by kind",
  "keys of a cause",
  "keys inside the window",
  "keys passing",
  "keys past the window",
  "without a contract",
  "sources up",
];

let watched: WatchedEstate;
let contracts: Contract[];
beforeAll(async () => {
  watched = await watchedEstate();
  contracts = await readContracts(watched.store.db);
  await bringAboutAllFigures(watched);
});
afterAll(async () => {
  for (const fault of ["stopped-relay", "stopped-consumer"] as const)
    await stopFault(fault, watched.estate.adminUrl, watched.estate);
  await watched.close();
});

test("every figure has its line in docs/figures.md, and every line its figure", () => {
  const listed = [...page.matchAll(/^\| (?!figure |---)([^|]+?) \|/gm)].map((match) => match[1]!);
  const shown = [...new Set([...Object.values(figureOf).filter((name) => name !== null), ...others])];
  expect(listed.toSorted()).toEqual(shown.toSorted());
});

test("at a quiet moment every figure of every zone equals what the statements of docs/figures.md count in the services' databases", async () => {
  const overview = await readZones(watched.ada());
  const met = new Set<string>();
  for (const contract of contracts) {
    const real = await truth(watched, contract);
    const view: ZoneView = await readZone(watched.ada(), { zoneId: contract.zoneId });
    const row = overview.zones.find(({ zoneId }) => zoneId === contract.zoneId)!;
    expect(Object.keys(row).toSorted()).toEqual(Object.keys(figureOf).toSorted());
    for (const shown of [row, view.zone]) {
      const { oldest, ...figures } = real.row;
      expect({ zone: contract.zoneId, ...shown }).toMatchObject({ zone: contract.zoneId, ...figures });
      expect(shown.oldest?.key).toBe(oldest?.key);
      expect(Math.abs((shown.oldest?.since ?? 0) - (oldest?.since ?? 0))).toBeLessThan(2);
    }
    const { insideN, passingN, pastN } = view.keysByAge!;
    expect({ zone: contract.zoneId, inside: insideN, passing: passingN, past: pastN }).toEqual({
      zone: contract.zoneId,
      ...real.ages,
    });
    expect(await shownCauses(watched, view.causes)).toEqual(real.causes);
    for (const kind of Object.keys(real.causes)) met.add(kind.split("-")[0]!);
    const charts = chartPoints(await readZoneCharts(watched.ada(), { zoneId: contract.zoneId, range: rangeOf("1h")! }));
    expect(charts.divergences.findLast(({ missing }) => missing !== null)).toMatchObject(real.divergences);
    const lastAge = charts.oldest.findLast(({ ageMs }) => ageMs !== null)!.ageMs!;
    expect(Math.abs(lastAge - (real.row.oldest ? real.judgedAt - real.row.oldest.since : 0))).toBeLessThan(2);
    expect(charts.parked.findLast(({ n }) => n !== null)!.n).toBe(real.row.parkedN);
    const ended = (of: "ok" | "failed") => charts.compensations.reduce((sum, bar) => sum + bar[of], 0);
    expect({ ok: ended("ok"), failed: ended("failed") }).toEqual(real.row.compensations);
  }
  const { row: order, divergences, ages } = await truth(watched, contracts.find(({ zoneId }) => zoneId === "order-commitment")!);
  // What is not in the mix would be compared with nothing. No relation of the estate can hold a key twice.
  const { duplicate: _, ...kinds } = divergences;
  const { casesN: __, alertsN: ___, ...counts } = order;
  for (const figures of [counts, order.compensations, order.lastHour, kinds, ages])
    expect(Object.entries(figures).filter(([, n]) => n === 0)).toEqual([]);
  expect([...met].toSorted()).toEqual(["divergence", "held", "parked", "saga", "undelivered", "unpublished"]);
});

test("lags are those of the databases within the histogram's error, and the counts over all zones add up", async () => {
  const profile = contracts.find(({ zoneId }) => zoneId === "customer-profile")!;
  const real = await truth(watched, profile);
  // Everything of this zone is done, so that no present age is among its lags.
  expect(real.row.keysN).toBe(0);
  // By the hour, since the statuses of ten seconds' steps may lie in two of them.
  await rollUpLags(watched.store.db, Date.now());
  const charts = chartPoints(await readZoneCharts(watched.ada(), { zoneId: "customer-profile", range: rangeOf("7d")! }));
  const { zone } = await readZone(watched.ada(), { zoneId: "customer-profile" });
  for (const [points, lags, lastMinute, trend] of [
    [charts.publish, real.publishing, zone.publishLagMsP95, zone.publishTrend],
    [charts.processing, real.processing, zone.processingLagMsP95, zone.processingTrend],
  ] as const) {
    // A chart's points are whole milliseconds.
    expect([Math.round(lastMinute!), trend.at(-1)]).toEqual([points.findLast(({ p95 }) => p95 !== null)!.p95, lastMinute]);
    const point = points.findLast(({ p95 }) => p95 !== null)!;
    const sorted = [...lags].sort((a, b) => a - b);
    for (const [name, share] of [
      ["p50", 0.5],
      ["p95", 0.95],
      ["p99", 0.99],
    ] as const) {
      const exact = Math.max(1, sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!);
      expect(point[name]! / exact).toBeGreaterThan(1 / GAMMA);
      expect(point[name]! / exact).toBeLessThan(GAMMA);
    }
  }
  const view = await readZones(watched.ada());
  expect(Object.values(view.counts).reduce((sum, n) => sum + n, 0)).toBe(view.zones.length);
  const named = new Set(contracts.flatMap(({ semantics }) => semantics.events.map(({ eventType }) => eventType)));
  expect(view.noContractN).toBe((await everywhere(watched, "parked")).filter(({ event }) => !named.has(event)).length);
  expect(view.freshness).toMatchObject({ sourcesUp: sources.length, sourcesAll: sources.length });
  const [oldest] = (
    await watched.store.pool.query("select (extract(epoch from min(observed_at)) * 1000)::float8 as at from source_status")
  ).rows;
  expect(Math.abs(view.freshness.asOf! - oldest.at)).toBeLessThan(2);
});
