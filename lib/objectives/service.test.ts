import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { type TestPair, testPair } from "../observation/testing";
import { days } from "../time";
import { textOf } from "../words";
import { exportReport, readReport } from "./report";
import { readObjective } from "./service";

let pair: TestPair;
const by = (zones: string[] | null): Ctx => ({
  db: pair.store.db,
  actor: { kind: "person", operatorId: "1", name: "Ada", role: "viewer", zones } as unknown as Ctx["actor"],
  now: Date.now(),
});

beforeAll(async () => {
  pair = await testPair({
    written: (files) => ({
      ...files,
      "contracts/sales.yaml": files["contracts/sales.yaml"]!.replace(
        "at_risk: 60%",
        "at_risk: 60%, slo: { target: 90%, over: 30d }",
      ),
    }),
  });
  await pair.observe("shop");
  await pair.observe("stock");
  // Seven in time, three whose window is over: one parked, one that nobody took, one that its producer has not published.
  const kept = await Promise.all(Array.from({ length: 7 }, () => pair.emit()));
  const parked = await pair.emit("Placed", "S-parked", { ago: "5 minutes" });
  await pair.emit("Placed", "S-untaken", { ago: "5 minutes" });
  await pair.emit("Placed", "S-unsent", { ago: "5 minutes", published: false });
  await pair.observe("shop");
  for (const sent of kept) await pair.process(sent);
  await pair.park(parked);
  for (let i = 0; i < 2; i++) await pair.observe("stock");
});
afterAll(() => pair.close());

test("a zone's promise says what was kept, what is left, and leads to what used it up", async () => {
  const view = await readObjective(by(["sales"]), { zoneId: "sales" });
  expect(view).toMatchObject({ basis: "delivery", keptN: 7, missedN: 3, lateN: 0, openN: 3, otherN: 0, target: 0.9 });
  expect(view.converged).toBeCloseTo(0.7, 12);
  expect(view.budgetLeft).toBeCloseTo(-2, 9);
  expect(textOf(view.sentence)).toBe(
    "70.000 % of deliveries converged within 30 s over the last 30 days: 3 of 10 deliveries did not. 90 % are promised; the error budget is used up.",
  );
  expect(view.causes.map(({ title, href, missedN }) => [textOf(title), href.replace(/\d+$/, "N"), missedN])).toEqual([
    ["Error at stock-service, Placed", "/dead-letters/groups/N", 1],
    ["Placed was not processed by stock-service", "/zones/sales/keys?reason=undelivered", 1],
    ["Placed was not published, for stock-service", "/zones/sales/keys?reason=unpublished", 1],
  ]);
  expect(view.burns.map(({ spanMs, burn }) => [spanMs, burn])).toContainEqual([days(3), expect.closeTo(3, 9)]);
});

test("a zone in which nothing was judged has no figure, and another's zone does not exist", async () => {
  const view = await readObjective(by(["books"]), { zoneId: "books" });
  expect(view).toMatchObject({ converged: null, budgetLeft: null, nines: null, by: null, causes: [], days: [] });
  expect(textOf(view.sentence)).toBe("In the last 30 days nothing was delivered, so that there is no figure; that is not 100 %.");
  await expect(readObjective(by(["books"]), { zoneId: "sales" })).rejects.toThrow("There is no such zone");
});

test("what a source says only afterwards changes its own past: late where it was too late, kept where it was in time", async () => {
  const { rows } = pair.shop;
  const [untaken] = await rows<{ id: string; key: string; at: string }>(
    "select message_id::text as id, business_key as key, occurred_at::text as at from messaging.outbox where business_key = 'S-untaken'",
  );
  await pair.stock.rows(
    `insert into messaging.inbox (consumer, message_id, event_type, business_key, version, occurred_at, processed_at, outcome, consumer_version)
     values ('stock-service', $1, 'Placed', $2, 1, $3, $3::timestamptz + interval '30 seconds', 'applied', '1.0')`,
    [untaken!.id, untaken!.key, untaken!.at],
  );
  await pair.observe("stock");
  expect(await readObjective(by(null), { zoneId: "sales" })).toMatchObject({ keptN: 8, missedN: 2, lateN: 0, openN: 2 });
});

test("a month tells zones and owners, those that one may see; what is not known is empty in its file", async () => {
  const month = { name: "2026-01", from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) };
  await pair.store.db.execute(
    sql`insert into objective_count (level_s, zone_id, measure, consumer, event_type, at, kept_n, missed_n, late_n)
        values (86400, 'sales', 'delivery', '', '', '2026-01-03', 995, 5, 4), (86400, 'sales', 'delivery', '', '', '2026-01-04', 80, 20, 0), (86400, 'sales', 'delivery', '', '', '2026-02-01', 0, 9, 0)`,
  );
  const report = await readReport(by(null), { month, owner: null });
  expect(report.zones[0]).toMatchObject({ zoneId: "sales", keptN: 1_075, missedN: 25, lateN: 4, daysN: 2, missedDaysN: 1 });
  expect(report.byOwner).toEqual([
    { owner: "books", zonesN: 1, brokenN: 0, keptN: 0, missedN: 0, converged: null },
    { owner: "sales", zonesN: 1, brokenN: 0, keptN: 1_075, missedN: 25, converged: 1_075 / 1_100 },
  ]);
  expect(textOf(report.sentence)).toBe("1 zone kept what its contract promises.");
  expect((await readReport(by(["books"]), { month, owner: null })).zones.map(({ zoneId }) => zoneId)).toEqual(["books"]);
  const file = await exportReport(by(null), { month, owner: null });
  let text = "";
  for await (const chunk of file.chunks) text += chunk;
  expect(text.split("\r\n").slice(1, 3)).toEqual([
    "2026-01,sales,Sales,sales,deliveries,30,90 %,1100,1075,25,4,97.727 %,1.64,0.7727,2,1,2026-01-04",
    "2026-01,books,Books,books,deliveries,30,,0,0,0,0,,,,0,0,",
  ]);
  expect(report.to - report.from).toBe(days(31));
});
