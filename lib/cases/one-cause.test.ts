import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../context";
import { list, rows } from "../db/rows";
import { type TestPair, testPair } from "../observation/testing";
import { makeOperator } from "../operators/testing";
import { minutes } from "../time";
import { judgeZones } from "../zones/judge";
import { followCases } from "./opening";
import { resolveCase } from "./service";
import { apartWords } from "./title-words";

let pair: TestPair;
let jo: Ctx;
beforeAll(async () => {
  pair = await testPair({ connections: 6 });
  jo = (await makeOperator(db(), Date.now(), { name: "Jo" })).ctx;
  await pair.observe("shop");
  await pair.observe("stock");
});
afterAll(() => pair.close());

const db = () => pair.store.db;
/** Differences that a rule of `sales` confirmed; seen first so long ago. */
const differ = (rule: string, keys: readonly string[], { kind = "mismatch", ago = "10 minutes" } = {}) =>
  Promise.all(
    keys.map((key) =>
      db().execute(sql`insert into divergence (zone_id, rule, business_key, key, kind, state, since, first_seen_at, last_seen_at, fields, seen_n, due_at, history)
        values ('sales', ${rule}, ${key}, ${key}, ${kind}, 'open', now() - interval '10 minutes', now() - ${ago}::interval, now(), '[]', 3, now(), '[]')`),
    ),
  );
const casesOf = (...refs: string[]) =>
  rows<{ caseId: number; ref: string; part: string; title: string; resolution: string | null }>(
    db(),
    sql`select case_id as "caseId", cause_ref as ref, cause_part as part, title, resolution from case_file where cause_ref = any(${list(refs, "text")}) or cause_kind = any(${list(refs, "text")}) order by case_id`,
  );
const twoWorkers = () => Promise.all([followCases(db()), followCases(db())]);
const orders = Array.from({ length: 12 }, (_, i) => `ORD-${i}`);

test("X5: a key counts to the rule that has its case already, whichever rule comes first by name and however it differs there", async () => {
  await differ("stock-agrees", orders);
  await twoWorkers();
  await differ("prices-agree", orders, { kind: "missing" });
  await twoWorkers();
  expect((await casesOf("stock-agrees", "prices-agree")).map(({ ref }) => ref)).toEqual(["stock-agrees"]);
  await differ("prices-agree", ["ORD-99"]);
  await twoWorkers();
  expect((await casesOf("stock-agrees", "prices-agree")).map(({ ref }) => ref)).toEqual(["stock-agrees", "prices-agree"]);
});

test("X5: what began to differ after somebody said that it is no divergence is another case, and what was there before is not", async () => {
  await differ("bins-agree", ["B-1", "B-2", "B-3"]);
  await twoWorkers();
  const [first] = await casesOf("bins-agree");
  const resolution = { resolution: "no_divergence" as const, reason: "these three are meant to be so", until: null };
  await resolveCase(jo, { caseId: first!.caseId, ...resolution, key: "no-divergence" });
  await twoWorkers();
  expect(await casesOf("bins-agree")).toHaveLength(1);
  await db().execute(sql`update case_file set resolved_at = now() - interval '6 minutes' where case_id = ${first!.caseId}`);
  await differ("bins-agree", ["B-7"], { ago: "5 minutes" });
  await twoWorkers();
  expect((await casesOf("bins-agree")).map(({ resolution }) => resolution)).toEqual(["no_divergence", null]);
});

test("X5, X6: sagas that wait for what is parked or was lost are no case beside that one; when it is repaired and they still stand, they are", async () => {
  for (const key of ["S-parked", "S-lost", "S-parked-and-lost"])
    await db().execute(sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, state, step, started_at, deadline_at)
      values ('shop', gen_random_uuid(), 'sale', 'sales', ${key}, 'running', 'pay', now() - interval '9 minutes', now() - interval '8 minutes')`);
  await judgeZones(db());
  const missed = [{ sourceId: "shop", consumers: ["stock-service"], eventTypes: ["Placed"], oldest: Date.now() - minutes(9) }];
  await db().execute(sql`update zone_status set causes = causes || ${JSON.stringify({ missed })}::jsonb where zone_id = 'sales'`);
  await db().execute(sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, since) values
    ('stock', 'parked', 'stock-service', 'p1', 'sales', 'S-parked', now()), ('stock', 'parked', 'stock-service', 'p2', 'sales', 'S-parked-and-lost', now()),
    ('shop', 'undelivered', 'stock-service', 'l1', 'sales', 'S-lost', now()), ('shop', 'undelivered', 'stock-service', 'l2', 'sales', 'S-parked-and-lost', now())`);
  await twoWorkers();
  expect(await casesOf("saga")).toEqual([]);
  expect((await casesOf("missed")).map(({ ref }) => ref)).toEqual(["shop"]);
  await db().execute(sql`delete from unresolved where ref = 'p1'`);
  await twoWorkers();
  expect((await casesOf("saga")).map(({ title }) => title)).toEqual(["sale is stuck at pay"]);
});

test("X5: two failures of one consumer on one event have titles of their own", async () => {
  const broken = ["TypeError: no lines", "RangeError: too many", "RangeError: no site named"];
  for (const [i, error] of broken.entries()) await pair.park(await pair.emit("Placed", `T-${i}`), error);
  await pair.observe("stock");
  await Promise.all([0, 1].map(() => followCases(db(), Date.now() + minutes(3))));
  const titles = (await casesOf("group")).map(({ title }) => title);
  expect(new Set(titles).size).toBe(3);
  expect(titles[0]).toBe("stock-service cannot process Placed");
  for (const title of titles.slice(1))
    expect(title).toMatch(/^stock-service cannot process Placed, with (Type|Range)Error(, group \d+)?$/);
});

test("X5: what tells causes apart that one title fits", () => {
  expect(apartWords({ kind: "saga", sourceId: "shop", sagaType: "sale", step: "pay", failedN: 1 }, "sale")).toEqual(["at pay"]);
  expect(apartWords({ kind: "mass", rule: "stock-agrees", n: 9 }, "stock-agrees")).toEqual(["by stock-agrees"]);
  expect(apartWords({ kind: "manual" }, "x")).toEqual([]);
});
