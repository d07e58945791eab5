import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Contract } from "../contracts/rules";
import { rows } from "../db/rows";
import { type TestStore, testStore } from "../db/testing";
import { days, hours, minutes } from "../time";
import { noCounts } from "./counting.rules";
import { forgetObjectives, promisedOf, readFigures } from "./figures";
import { selectCauses, selectDays, selectZoneDays } from "./read.sql";
import { ObjectiveTally } from "./tally";

const now = Date.UTC(2026, 10, 28, 2, 17, 30);
const windowMs = minutes(5);
const contract = (target: number): Contract =>
  ({
    zoneId: "orders",
    expectation: { windowMs, slo: { target, overMs: days(30) } },
    semantics: { events: [] },
    recovery: { reconciliation: [] },
  }) as unknown as Contract;

let store: TestStore;
beforeAll(async () => {
  store = await testStore();
  // A month of a hundred deliveries an hour, of which two are missed; an incident that missed half for the last hour, and ten times as many before the month.
  const tally = new ObjectiveTally(() => windowMs);
  const delivery = { zoneId: "orders", consumer: "stock", eventType: "Placed" };
  const at = (minutesAgo: number, lagMs: number) => {
    const processedAt = now - minutes(minutesAgo);
    tally.converged(delivery, { since: processedAt - lagMs, processedAt, missed: null });
  };
  for (let hour = 0; hour < 24 * 29; hour++)
    for (let i = 0; i < 100; i++) at(hour * 60 + 30.5, i < (hour === 0 ? 50 : 2) ? windowMs + 1 : 1_000);
  for (let i = 0; i < 1_000; i++) at(31 * 24 * 60, windowMs * 2);
  await store.db.transaction((tx) => tally.write(tx));
}, 60_000);
afterAll(() => store.close());

const asked = (target: number) => readFigures(store.db, [contract(target)], now, () => [minutes(5), hours(1), hours(6), days(3)]);

test("budget and burn over a month with known losses are what they are worked out to be by hand", async () => {
  const found = (await asked(0.97)).get("orders")!;
  const n = 24 * 29 * 100;
  const missedN = 24 * 29 * 2 + 48;
  expect(found.counts).toMatchObject({ keptN: n - missedN, missedN, lateN: missedN });
  const { converged, left, burns } = promisedOf(found);
  expect(converged).toBeCloseTo(1 - missedN / n, 12);
  expect(left).toBeCloseTo(1 - missedN / (n * 0.03), 9);
  // Nothing was delivered in the last five minutes: no burn, which is not a burn of zero.
  expect(Object.keys(burns)).toEqual([String(hours(1)), String(hours(6)), String(days(3))]);
  expect(burns[hours(1)]).toBeCloseTo(0.5 / 0.03, 9);
  expect(burns[hours(6)]).toBeCloseTo((50 + 5 * 2) / 600 / 0.03, 9);
  expect(burns[days(3)]).toBeCloseTo((50 + 71 * 2) / 7_200 / 0.03, 9);
});

test("a zone of which nothing was judged has no figure", async () => {
  const other = { ...contract(0.99), zoneId: "elsewhere" };
  const found = (await readFigures(store.db, [other], now, () => [hours(1)])).get("elsewhere")!;
  expect(found.counts).toMatchObject(noCounts);
  expect(promisedOf(found)).toEqual({ converged: null, left: null, burns: {} });
});

test("a year's strip and a month's report are one small read each, and so are the causes of a month", async () => {
  // As after a year: 400 zones a day each, minutes of one zone beside them.
  await store.db.execute(
    sql`insert into objective_count (level_s, zone_id, measure, consumer, event_type, at, kept_n, missed_n)
        select 86400, 'z' || z, 'delivery', c, c, '2025-11-01'::timestamptz + d * interval '1 day', 1000, 1 from generate_series(1, 40) z, generate_series(0, 390) d, unnest(array['', 'a', 'b']) c
        union all select 60, 'z1', 'delivery', c, c, '2026-11-14'::timestamptz + m * interval '1 minute', 10, 0 from generate_series(0, 20000) m, unnest(array['', 'a']) c`,
  );
  await store.db.execute(sql`insert into objective_cause (zone_id, at, cause, consumer, event_type, missed_n)
        select 'z' || z, '2026-10-01'::timestamptz + h * interval '1 hour', 'undelivered', 'a', 'Placed', 1 from generate_series(1, 40) z, generate_series(0, 1400) h`);
  await store.db.execute(sql`analyze objective_count, objective_cause`);
  const reads = {
    strip: await buffersOf(() => selectDays(store.db, "z1", "delivery", now - days(365), now)),
    report: await buffersOf(() =>
      selectZoneDays(
        store.db,
        Array.from({ length: 40 }, (_, i) => ({ zoneId: `z${i + 1}`, measure: "delivery" as const })),
        now - days(28),
        now,
      ),
    ),
    causes: await buffersOf(() => selectCauses(store.db, ["z1"], now - days(28), now)),
  };
  console.log(`pages read: ${JSON.stringify(reads)}`);
  // At most a page a day and what leads there, however much else was counted.
  expect(reads.strip).toBeLessThan(365 + 10);
  expect(reads.report).toBeLessThan(40 * (29 + 6));
  expect(reads.causes).toBeLessThan(100);
});

test("minutes go after two weeks and everything after 400 days; what screens ask for is the same before and after", async () => {
  const before = await asked(0.97);
  await forgetObjectives(store.db, now);
  expect(await asked(0.97)).toEqual(before);
  const [oldest] = await rows<{ minute: number }>(
    store.db,
    sql`select min(at) as minute from objective_count where level_s = 60`,
  );
  expect(oldest!.minute).toBeGreaterThanOrEqual(now - days(14));
});

/** How many pages the statement of a read touches, as the server counts them. */
async function buffersOf(read: () => Promise<unknown>): Promise<number> {
  let pages = 0;
  const { execute } = store.db;
  store.db.execute = (async (query: Parameters<typeof execute>[0]) => {
    const [plan] = await rows<{ "QUERY PLAN": { Plan: Record<string, number> }[] }>(
      { execute: execute.bind(store.db) },
      sql`explain (analyze, buffers, format json) ${query}`,
    );
    const { Plan } = plan!["QUERY PLAN"][0]!;
    pages += Plan["Shared Hit Blocks"]! + Plan["Shared Read Blocks"]!;
    return execute.call(store.db, query);
  }) as typeof execute;
  try {
    await read();
  } finally {
    store.db.execute = execute;
  }
  return pages;
}
