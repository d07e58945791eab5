import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { rollUpLags } from "../lag/service";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { rangeOf } from "../range";
import { days, minutes } from "../time";
import { parseTrends } from "./input";
import { judgeZones, rollUpZones } from "./judge";
import { readSource, readSourceLag } from "./source";
import { readSources } from "./sources";
import { readZoneTrends } from "./trends";

let pair: TestPair;
let all: Ctx;
let sales: Ctx;
let books: Ctx;
let none: Ctx;
beforeAll(async () => {
  pair = await testPair();
  const { db } = pair.store;
  const seeing = async (zones: string[] | null) =>
    (await makeOperator(db, Date.now(), { role: "viewer", zones, name: `Sees ${zones?.join() ?? "all"}` })).ctx;
  [all, sales, books, none] = [await seeing(null), await seeing(["sales"]), await seeing(["books"]), await seeing([])] as const;
  await observe();
  // Stock takes one, fails at one and leaves four; one of these is of both zones. Two are not even published.
  await pair.process(await pair.emit("Placed", "S-1"));
  await pair.park(await pair.emit("Placed", "S-2", { ago: "6 minutes" }));
  for (const key of ["S-3", "S-4"]) await pair.emit("Placed", key, { ago: "5 minutes" });
  await pair.emit("Both", "S-5", { ago: "5 minutes" });
  await pair.emit("Posted", "B-1", { ago: "4 minutes" });
  for (const key of ["S-6", "S-7"]) await pair.emit("Placed", key, { published: false, ago: "2 minutes" });
  await observe();
});
afterAll(() => pair.close());

async function observe() {
  await pair.observe("shop");
  await pair.observe("stock");
  await pair.observe("shop");
}
const now = (ctx: Ctx): Ctx => ({ ...ctx, now: Date.now() });
const later = (ctx: Ctx, ms: number): Ctx => ({ ...ctx, now: Date.now() + ms });
async function flowsOf(ctx: Ctx) {
  const { sources } = await readSources(ctx);
  return sources.flatMap(({ sourceId, flows }) =>
    flows.map(({ kind, name, state, waitingN, parkedN }) => [sourceId, kind, name, state, waitingN, parkedN]),
  );
}

test("X16: each consumer and outbox has its line: what waits there, without what is parked; by what the reader sees of zones", async () => {
  expect(await flowsOf(now(all))).toEqual([
    ["shop", "outbox", "shop-service", "behind", 2, null],
    ["shop", "consumer", "shop-service", "idle", 0, 0],
    ["stock", "consumer", "stock-service", "behind", 6, 1],
    ["stock", "outbox", "stock-service", "idle", 0, null],
  ]);
  const [, , stock] = await flowsOf(now(sales));
  expect(stock).toEqual(["stock", "consumer", "stock-service", "behind", 5, 1]);
  const ofBooks = await flowsOf(now(books));
  expect(ofBooks).toEqual([
    ["shop", "outbox", "shop-service", "works", 0, null],
    ["stock", "consumer", "stock-service", "stopped", 2, 0],
  ]);
  expect(await flowsOf(now(none))).toEqual([]);
});

test("X16: a consumer that took nothing for half a minute while newer waits is stopped, and one that is not looked at is not seen", async () => {
  const { sources } = await readSources(now(all));
  const stock = sources[1]!.flows[0]!;
  expect(stock.lastAt).toBeGreaterThan(Date.now() - minutes(1));
  expect(stock.windowMs).toBe(30_000);
  expect(stock.trend.reduce((sum, n) => sum + n, 0)).toBe(1);
  expect(stock.oldestSince).toBeLessThan(Date.now() - minutes(5) + 2_000);
  await pair.store.db.execute(sql`update recent_count set last_at = last_at - interval '10 minutes'`);
  expect((await flowsOf(now(all))).map(([, kind, name, state]) => [kind, name, state])).toEqual([
    ["outbox", "shop-service", "stopped"],
    ["consumer", "shop-service", "idle"],
    ["consumer", "stock-service", "stopped"],
    ["outbox", "stock-service", "idle"],
  ]);
  const states = (await flowsOf(later(all, 20_000))).map(([, , , state]) => state);
  expect(new Set(states)).toEqual(new Set(["unseen"]));
});

test("X16: figures that cross the wire hold no other zone's counts by consumer", async () => {
  const { sources } = await readSources(now(books));
  for (const { figures } of sources) expect(Object.keys(figures!)).not.toContain("flows");
});

test("X16: a source's page says what it publishes and consumes by zone, what fails there, and is found by its service's name too", async () => {
  const view = await readSource(now(all), { sourceId: "stock-service" });
  expect(view.source.sourceId).toBe("stock");
  const consumed = view.consumes.map(({ zoneId, eventType, consumer, others, n }) => [zoneId, eventType, consumer, others, n]);
  expect(consumed.toSorted()).toEqual([
    ["books", "Both", "stock-service", ["shop-service"], 0],
    ["books", "Posted", "stock-service", ["shop-service"], 0],
    ["sales", "Both", "stock-service", ["shop-service"], 0],
    ["sales", "Placed", "stock-service", ["shop-service"], 1],
  ]);
  expect(view.publishes.map(({ zoneId, eventType, others }) => [zoneId, eventType, others])).toEqual([
    ["sales", "Taken", ["shop-service"]],
  ]);
  expect(view.failing).toMatchObject([{ consumer: "stock-service", eventType: "Placed", openN: 1 }]);
  const shop = await readSource(now(all), { sourceId: "shop" });
  expect(shop.publishes.find(({ zoneId, eventType }) => zoneId === "sales" && eventType === "Placed")).toMatchObject({ n: 4 });
});

test("X16, S12: a source's page and its lags tell nothing of other zones, and to who has none that there is no such source", async () => {
  const view = await readSource(now(books), { sourceId: "stock" });
  expect([...view.consumes, ...view.publishes].map(({ zoneId }) => zoneId)).toEqual(["books", "books"]);
  expect(view.failing).toEqual([]);
  for (const read of [
    () => readSource(now(none), { sourceId: "stock" }),
    () => readSourceLag(now(none), { sourceId: "stock", range: rangeOf("1h")! }),
    () => readSource(now(all), { sourceId: "nowhere" }),
  ])
    await expect(read()).rejects.toMatchObject({ kind: "not_found" });
});

test("X16: the lags of a source are a line for each consumer and for its outbox, over any range", async () => {
  await rollUpLags(pair.store.db, Date.now());
  for (const text of ["30m", "24h", "400d"]) {
    const lag = await readSourceLag(now(all), { sourceId: "stock", range: rangeOf(text)! });
    expect(lag.lines.map(({ kind, name }) => [kind, name])).toEqual([
      ["consumer", "stock-service"],
      ["outbox", "stock-service"],
    ]);
    const [consumer, outbox] = lag.lines.map(({ points }) => points.filter(({ p95 }) => p95 !== null));
    expect(consumer!.at(-1)?.p95, text).toBeGreaterThan(minutes(4));
    expect(outbox, text).toEqual([]);
  }
});

test("X28: every zone that the reader sees is charted over one range in one answer, on the same steps", async () => {
  const { db } = pair.store;
  const at = Date.now();
  await judgeZones(db, at);
  await rollUpLags(db, at);
  await rollUpZones(db, at);
  await db.execute(
    sql`insert into compensation_count (minute, zone_id, saga_type, name, succeeded, failed) values (date_trunc('minute', to_timestamp(${at - minutes(3)}::float8 / 1000)), 'sales', 'sale', 'unpay', 4, 1)`,
  );
  for (const text of ["15m", "1h", "24h", "7d"]) {
    const view = await readZoneTrends({ ...all, now: at + 1 }, { range: rangeOf(text)! });
    const n = Math.ceil((view.to - view.from) / view.stepMs);
    expect(n, text).toBeLessThanOrEqual(76);
    expect(view.zones.map(({ zoneId }) => zoneId).toSorted()).toEqual(["books", "sales"]);
    for (const zone of view.zones)
      for (const of of ["lagMsP95", "oldestMs", "compensationsOk", "compensationsFailed"] as const)
        expect(zone[of], `${text} ${zone.zoneId} ${of}`).toHaveLength(n);
    const zone = view.zones.find(({ zoneId }) => zoneId === "sales")!;
    const last = (of: (number | null)[]) => of.findLast((value) => value !== null);
    expect(last(zone.oldestMs)).toBeGreaterThan(minutes(5));
    expect(last(zone.lagMsP95)).toBeGreaterThan(minutes(1));
    expect([zone.compensationsOk, zone.compensationsFailed].map((of) => of.reduce((sum, each) => sum + each, 0))).toEqual([4, 1]);
  }
  expect(parseTrends({ range: "7d" }).range.spanMs).toBe(days(7));
  expect(() => parseTrends({ range: "8d" })).toThrow("more than a week");
  const own = await readZoneTrends({ ...books, now: at + 1 }, { range: rangeOf("1h")! });
  expect(own.zones.map(({ zoneId }) => zoneId)).toEqual(["books"]);
  expect((await readZoneTrends({ ...none, now: at + 1 }, { range: rangeOf("1h")! })).zones).toEqual([]);
});
