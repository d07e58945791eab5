import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Ctx, Role } from "../context";
import { firstRow, rows } from "../db/rows";
import { makeOperator } from "../operators/testing";
import { minutes } from "../time";
import { textOf } from "../words";
import { comparedOf, type RanRule } from "./compared.rules";
import { parseDivergences, parseRun } from "./input";
import { readRules, requestRun } from "./running";
import { listDivergences, readDivergence, requestRecheck } from "./service";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation } from "./testing";
import { divergenceSentence, divergencesSentence } from "./words";

const otherRule = paymentAgrees.replace("payment-agrees", "also-agrees");
let estate: TestReconciliation;
beforeAll(async () => {
  estate = await testReconciliation(contractOf(paymentAgrees), contractOf(otherRule, { zone: "booking" }));
});
afterAll(() => estate.close());
beforeEach(async () => {
  for (const table of ["divergence", "unresolved"]) await estate.store.db.execute(sql.raw(`delete from ${table}`));
});

const people = new Map<string, Ctx>();
/** Somebody with a role in some zones, asking now. */
const as = async (role: Role, zones: string[] | null = null): Promise<Ctx> => {
  const name = `${role} of ${zones ?? "all"}`;
  if (!people.has(name)) people.set(name, (await makeOperator(estate.store.db, Date.now(), { role, zones, name })).ctx);
  return { ...people.get(name)!, now: Date.now() };
};
const open = async (key: string, over: { zone?: string; rule?: string; kind?: string; state?: string; agoMs?: number } = {}) => {
  const { zone = "commitment", rule = "payment-agrees", kind = "mismatch", state = "open", agoMs = minutes(4) } = over;
  const fields = [{ column: "amount", projectionColumn: "amount", authority: "2", projection: "1", differs: true, why: null }];
  const row = await firstRow<{ id: number }>(
    estate.store.db,
    sql`insert into divergence (zone_id, rule, business_key, key, kind, detail, state, since, first_seen_at, last_seen_at, resolved_at, resolution, fields, seen_n, due_at, history)
        values (${zone}, ${rule}, ${key}, ${key}, ${kind}, ${kind === "mismatch" ? "older" : null}, ${state}, now() - ${agoMs}::float8 * interval '1 ms', now(), now(), ${state === "resolved" ? sql`now()` : sql`null`},
          ${state === "resolved" ? "converged" : null}, ${JSON.stringify(fields)}::jsonb, 3, now() + interval '1 minute', '[]') returning divergence_id as id`,
  );
  return row!.id;
};
const list = (query: Record<string, string>) => parseDivergences(query);

test("a list is of the zones that one may see, filtered, and paged without a gap or a repeat though many are of one moment", async () => {
  for (let i = 0; i < 230; i++)
    await open(`ORD-${String(i).padStart(3, "0")}`, { kind: i % 2 ? "missing" : "mismatch", agoMs: minutes(4) + (i % 3) });
  await open("BOOK-1", { zone: "booking", rule: "also-agrees" });
  await open("ORD-S", { state: "candidate" });
  const all = await as("viewer");
  const seen: string[] = [];
  let after: string | null = null;
  let first: Awaited<ReturnType<typeof listDivergences>> | null = null;
  do {
    const page = await listDivergences(all, list(after === null ? {} : { after }));
    first ??= page;
    seen.push(...page.divergences.map((one) => one.key));
    after = page.after;
  } while (after !== null);
  expect(seen.length).toBe(231);
  expect(new Set(seen).size).toBe(231);
  expect(first).toMatchObject({
    counts: { missing: 115, mismatch: 116, unexpected: 0, duplicate: 0 },
    candidatesN: 1,
    ranAt: null,
  });
  expect(first!.divergences[0]).toMatchObject({
    authority: { service: "payment-service", relation: "payment" },
    columns: ["amount"],
    windowMs: 3_000,
  });

  const booking = await as("viewer", ["booking"]);
  const own = await listDivergences(booking, list({}));
  expect([own.divergences.map((one) => one.key), own.rules, own.candidatesN]).toEqual([
    ["BOOK-1"],
    [{ zoneId: "booking", rule: "also-agrees" }],
    0,
  ]);
  const narrowed = await listDivergences(
    all,
    list({ prefix: "ORD-00", kind: "missing", zone: "commitment", rule: "payment-agrees" }),
  );
  expect(narrowed.divergences.map((one) => one.key).sort()).toEqual(["ORD-001", "ORD-003", "ORD-005", "ORD-007", "ORD-009"]);
  expect(() => list({ state: "odd" })).toThrow("state: must be one of");
  expect(() => list({ after: "1" })).toThrow("is not a place in this list");
});

test("one divergence tells both sides and what explains it, to whoever may see its zone", async () => {
  const id = await open("ORD-1");
  await estate.store.db.execute(
    sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since) values ('orders', 'parked', 'order-service', 'm', 'commitment', 'ORD-1', 'Paid', now())`,
  );
  const view = await readDivergence(await as("viewer", ["commitment"]), { divergenceId: id });
  expect(view.fields[0]).toMatchObject({ column: "amount", authority: "2", projection: "1" });
  expect(view.divergence.explainedBy).toBe("parked at order-service");
  expect(textOf(divergenceSentence(view.divergence, view.now))).toMatch(
    /^amount differs: order-service holds an older version\. It has been so since .* UTC\. Parked at order-service\.$/,
  );
  await expect(readDivergence(await as("viewer", ["booking"]), { divergenceId: id })).rejects.toThrow(
    `There is no divergence ${id}`,
  );
});

test.each<[Role, string[] | null, string | null]>([
  ["viewer", null, "You are a viewer"],
  ["operator", ["booking"], "There is no"],
  ["operator", ["commitment"], null],
  ["approver", null, null],
])("as %s of %s: to recheck and to run is answered with %s", async (role, zones, words) => {
  const id = await open("ORD-2");
  const ctx = await as(role, zones);
  const asks = [
    () => requestRecheck(ctx, { divergenceId: id, key: "k" }),
    () => requestRun(ctx, parseRun({ zoneId: "commitment", rule: "payment-agrees", key: `k-${role}` })),
  ];
  for (const ask of asks) {
    if (words === null) await ask();
    else await expect(ask()).rejects.toThrow(words);
  }
  const due = await firstRow<{ due: boolean }>(
    estate.store.db,
    sql`select due_at <= now() as due from divergence where divergence_id = ${id}`,
  );
  expect(due!.due).toBe(words === null);
});

test("eight presses at once are one request, and what is settled is a conflict in words", async () => {
  const id = await open("ORD-3");
  const ctx = await as("operator");
  await Promise.all(Array.from({ length: 8 }, () => requestRecheck(ctx, { divergenceId: id, key: "press" })));
  const runs = await Promise.all(
    Array.from({ length: 8 }, () => requestRun(ctx, { zoneId: "commitment", rule: "payment-agrees", key: "run-press" })),
  );
  expect(runs.filter((run) => !run.repeated).length).toBe(1);
  const written = await rows<{ action: string }>(
    estate.store.db,
    sql`select action from audit_entry where actor_name = 'operator of all' and action in ('divergence.recheck', 'rule.run') order by 1`,
  );
  expect(written.map((entry) => entry.action)).toEqual(["divergence.recheck", "rule.run"]);
  await expect(requestRecheck(ctx, { divergenceId: await open("ORD-4", { state: "resolved" }), key: "late" })).rejects.toThrow(
    "The divergence of ORD-4 is settled",
  );
  await expect(requestRun(ctx, { zoneId: "commitment", rule: "nowhere", key: "x" })).rejects.toThrow("There is no such rule");
});

test("rules tell schedule, last run and what is wrong; a zone's are shown to whoever may see it", async () => {
  await estate.store.db.execute(
    sql`update reconciliation_rule set ran_at = now(), run_ms = 40, authority_n = 10, projection_n = 9, matched_n = 8, coverage = 1, error = 'orders: There is no relation payment_view.', error_since = now() where zone_id = 'booking'`,
  );
  await open("BOOK-2", { zone: "booking", rule: "also-agrees" });
  const { rules } = await readRules(await as("viewer", ["booking"]), {});
  expect(rules).toMatchObject([
    {
      rule: "also-agrees",
      keysN: 10,
      matched: { n: 8, of: 9 },
      openN: 1,
      running: null,
      error: { message: expect.stringContaining("no relation") },
    },
  ]);
  await expect(readRules(await as("viewer", ["booking"]), { zone: "commitment" })).rejects.toThrow("There is no such zone");
});

test("X15: the sentence over all says what differs and what was compared, and never calls silence good", () => {
  const none = { missing: 0, unexpected: 0, mismatch: 0, duplicate: 0 };
  const whole = { ranAt: 1, projectionN: 6_150, matchedN: 6_150, coverage: 1, error: null, bulkN: null };
  const say = ({ rules = [whole, whole], ...over }: Partial<Parameters<typeof divergencesSentence>[0]> & { rules?: RanRule[] }) =>
    textOf(
      divergencesSentence({ counts: none, openKeysN: 0, candidatesN: 0, failing: [], compared: comparedOf(rules), ...over }),
    );
  const ran = "2 rules compared 12,300 rows at their last runs";
  expect(say({})).toBe(`Every projection agrees with its authority. ${ran}.`);
  expect(say({ candidatesN: 3 })).toBe(`Nothing is known to differ. ${ran}. 3 keys are being checked.`);
  expect(say({ rules: [whole, { ...whole, matchedN: 6_148 }] })).toBe(
    `Nothing is known to differ. ${ran}, of which 2 did not agree then and are younger than the window, accepted or explained.`,
  );
  expect(say({ rules: [whole, { ...whole, coverage: 0.4 }] })).toBe(
    `Nothing is known to differ. ${ran}; 1 did not reach every key.`,
  );
  expect(say({ rules: [whole, { ...whole, bulkN: 1_853 }] })).toContain("1 stopped, since more differs than is read key by key.");
  expect(say({ rules: [whole, { ...whole, ranAt: null }] })).toBe("Nothing is known to differ yet. Not every rule has run.");
  expect(say({ failing: [{ zoneId: "z", rule: "r", error: "e", since: 1 }] })).toBe(
    "Nothing is known to differ, and not every rule can run.",
  );
  expect(say({ counts: { ...none, missing: 1 }, openKeysN: 1, candidatesN: 2 })).toBe(
    "1 key does not agree with the authority. 2 more keys are being checked.",
  );
  expect(say({ counts: { ...none, mismatch: 24 }, openKeysN: 12 }), "a key that two rules see is one key").toBe(
    "12 keys do not agree with the authority. 24 differences, since several rules see the same key.",
  );
});

test("X15: keys of which several rules see a difference count once", async () => {
  for (const rule of ["agrees", "also-agrees"]) await open("TWICE-1", { zone: "booking", rule });
  const ctx = await as("viewer", ["booking"]);
  const { counts, openKeysN } = await listDivergences(ctx, list({ prefix: "TWICE" }));
  expect([Object.values(counts).reduce((sum, n) => sum + n, 0), openKeysN]).toEqual([2, 1]);
});
