import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audited } from "../audited";
import type { Actor, Ctx, Role } from "../context";
import { firstRow, rows } from "../db/rows";
import { type Sent, type TestPair, testPair } from "../observation/testing";
import { noPlan } from "../operations/plan.rules";
import { requestRetry } from "../operations/service";
import { textOf } from "../words";
import { findAnything } from "./find";
import { parseFind, parseKey } from "./input";
import { readKey } from "./service";

let pair: TestPair;
let parked: Sent;
let waiting: Sent;
let closed: Sent;
let letterId: number;
const sagaId = randomUUID();

const ctxOf = (zones: string[] | null, role: Role = "operator"): Ctx => {
  const operatorId = "00000000-0000-4000-8000-000000000001";
  const actor: Actor = { kind: "operator", operatorId, name: "Omar", email: "o@x.example", role, zones, sessionId: operatorId };
  return { db: pair.store.db, actor, now: Date.now() };
};
const find = async (text: string, ctx = ctxOf(null)) =>
  (await findAnything(ctx, parseFind({ text }))).hits.map(({ kind, title, href }) => `${kind} ${title} ${href}`);
const key = (of: string, ctx = ctxOf(null), before?: string) => readKey(ctx, parseKey({ key: of, ...(before && { before }) }));

beforeAll(async () => {
  pair = await testPair();
  parked = await pair.emit("Placed", "S-100");
  waiting = await pair.emit("Both", "S-1000");
  closed = await pair.emit("Posted", "B-7");
  await pair.park(parked);
  const seq = await pair.park(closed);
  await pair.observe("shop");
  await pair.observe("stock");
  await pair.settle(seq, "resolved");
  await pair.process(closed);
  await pair.observe("stock");
  letterId = (await pair.letters())[0]!.id;
  await pair.store.db.execute(sql`update dead_letter_body set correlation_id = 'corr-é-1'`);
  await pair.store.db.execute(sql`update dead_letter_history set body = jsonb_set(body, '{correlation_id}', '"corr-é-1"')`);
  await pair.store.db.execute(
    sql`insert into saga (source_id, saga_id, saga_type, zone_id, business_key, correlation_id, state, step, started_at, deadline_at)
        values ('shop', ${sagaId}::uuid, 'sale', 'sales', 'S-100', 'corr-é-1', 'running', 'pay', now() - interval '5 minutes', now() - interval '4 minutes')`,
  );
});
afterAll(() => pair.close());

test("a pasted id or a typed name leads to its thing, what is named whole first", async () => {
  expect(await find("S-100")).toEqual(["key S-100 /keys/S-100", "key S-1000 /keys/S-1000"]);
  expect(await find("s-100")).toEqual(["key S-100 /keys/S-100", "key S-1000 /keys/S-1000"]);
  expect(await find("B-")).toEqual(["key B-7 /keys/B-7"]);
  expect(await find("Sales")).toEqual(["zone Sales /zones/sales"]);
  expect(await find(parked.messageId)).toEqual([`message Placed of S-100 /dead-letters/messages/${letterId}`]);
  expect(await find(waiting.messageId.toUpperCase())).toEqual(["message Both of S-1000 /keys/S-1000"]);
  expect(await find(closed.messageId)).toEqual(["message Posted of B-7 /keys/B-7"]);
  expect(await find(String(letterId))).toContain(`dead_letter Placed of S-100 /dead-letters/messages/${letterId}`);
  expect(await find(sagaId)).toEqual([`saga sale of S-100 /sagas/shop/${sagaId}`]);
  expect(await find("corr-é-1")).toEqual(["correlation B-7 /keys/B-7", "correlation S-100 /keys/S-100"]);
  expect(await find("stock")).toEqual([
    "source stock-service /sources/stock",
    "consumer stock-service /dead-letters?q=consumer%3Astock-service",
  ]);
  expect(await find("taken")).toEqual(["event Taken /zones/sales/contract"]);
  expect(await find("nothing like it")).toEqual([]);
});

test("divergences and cases are found by their numbers, and stand in the list of their key", async () => {
  await pair.store.db.execute(
    sql`insert into case_file (zone_id, cause_kind, cause_ref, business_key, title, facts, opened_at, opened_by_name, due_at) values ('books', 'manual', 'm', 'C-1', 'Somebody asked', '{}', now(), 'Vera', now())`,
  );
  await pair.store.db.execute(
    sql`insert into divergence (zone_id, rule, business_key, key, kind, state, since, first_seen_at, last_seen_at, confirmed_at, fields, seen_n, restarts, due_at, history)
        values ('books', 'r', 'C-1', '1', 'missing', 'open', now(), now(), now(), now(), '[]', 2, 0, now(), '[]'), ('books', 'r', 'C-2', '2', 'missing', 'candidate', now(), now(), now(), null, '[]', 1, 0, now(), '[]')`,
  );
  const [one] = await rows<{ caseId: number; open: number; candidate: number }>(
    pair.store.db,
    sql`select (select case_id from case_file) as "caseId", (select divergence_id from divergence where state = 'open') as open, (select divergence_id from divergence where state = 'candidate') as candidate`,
  );
  expect(await find(`CASE-${one!.caseId}`)).toEqual([`case CASE-${one!.caseId} /cases/${one!.caseId}`]);
  expect(await find(`d-${one!.open}`)).toEqual([`divergence D-${one!.open} /divergences/${one!.open}`]);
  expect(await find(`D-${one!.candidate}`)).toEqual([]);
  for (const text of [`CASE-${one!.caseId}`, `D-${one!.open}`, "C-"]) expect(await find(text, ctxOf(["sales"]))).toEqual([]);
  expect((await key("C-1")).entries.map(({ service, text }) => `${service}: ${text}`).sort()).toEqual([
    "Reconciler: found missing",
    `Vera: opened CASE-${one!.caseId}`,
  ]);
});

test("a fingerprint and a group's number lead to the group", async () => {
  const group = await firstRow<{ groupId: number; fingerprint: string }>(
    pair.store.db,
    sql`select group_id as "groupId", fingerprint from dead_letter_group where event_type = 'Placed'`,
  );
  const hit = `group Error /dead-letters/groups/${group!.groupId}`;
  expect(await find(group!.fingerprint)).toEqual([hit]);
  expect(await find(String(group!.groupId))).toContain(hit);
});

test("a bare number finds the keys of the contracts' pattern", async () => {
  await pair.store.db.execute(
    sql`update contract_revision set body = jsonb_set(body, '{businessKey,pattern}', '"S-\\\\d+"') where zone_id = 'sales'`,
  );
  expect(await find("1000")).toEqual(["key S-1000 /keys/S-1000"]);
});

test("a hit in another zone does not exist, whatever is asked by", async () => {
  const books = ctxOf(["books"]);
  for (const text of ["S-100", parked.messageId, sagaId, "Sales", String(letterId), "Placed"])
    expect((await find(text, books)).filter((hit) => /S-100$|\bsales\b|Placed/.test(hit))).toEqual([]);
  // The event Both stands in both zones, and B-7 in books only.
  expect(await find(waiting.messageId, books)).toEqual(["message Both of S-1000 /keys/S-1000"]);
  expect(await find("corr-é-1", books)).toEqual(["correlation B-7 /keys/B-7"]);
  expect(await find("corr-é-1", ctxOf(["sales"]))).toEqual(["correlation S-100 /keys/S-100"]);
  for (const text of ["S-", "B-", "stock", "Both", sagaId, waiting.messageId]) expect(await find(text, ctxOf([]))).toEqual([]);
});

test("people are found by who may see the list of them", async () => {
  await pair.store.db.execute(sql`insert into operator (name, email, role) values ('Vera "V" Diaz', 'vera@x.example', 'viewer')`);
  expect(await find("vera", ctxOf(null, "administrator"))).toEqual([
    `operator Vera "V" Diaz /audit?q=${encodeURIComponent('who:"Vera V Diaz"')}`,
  ]);
  for (const ctx of [ctxOf(null, "approver"), ctxOf(["sales"], "administrator")]) expect(await find("vera", ctx)).toEqual([]);
});

test("a key tells what is open, since when and against which window, and where", async () => {
  const view = await key("S-100");
  expect(view).toMatchObject({ known: true, verdict: "at_risk", older: null, near: [], open: { windowMs: 30_000, factsN: 1 } });
  expect(textOf(view.sentence)).toMatch(
    /^S-100 has not converged: parked at stock-service since \d\d:\d\d UTC, \d+(\.\d)? s of 30 s\.$/,
  );
  expect(view.zones.map((zone) => zone.zoneId)).toEqual(["sales"]);
  expect(view.entries.map(({ service, text }) => `${service}: ${text}`)).toEqual([
    "stock-service: parked Placed v1 after 5 attempts",
    "shop-service: saga sale passed its deadline at pay",
    "shop-service: saga sale began",
  ]);
  expect(view.holdings.map(({ service, verdict, text }) => [service, verdict, text])).toEqual([
    ["shop-service", "healthy", "nothing open"],
    ["stock-service", "at_risk", "Placed parked at stock-service"],
  ]);
  expect(view.limits.at(-1)).toContain("counted, not stored");
});

test("what people did with it and how that ended are in the list", async () => {
  const ctx = ctxOf(null);
  const request = {
    selection: { messages: [letterId], groups: [], asOf: null },
    reason: "the fix is out now",
    ticket: null,
    plan: noPlan,
    key: "press",
  };
  const { operationId } = await requestRetry(ctx, request);
  await audited(ctx, "dead_letter.discard", { kind: "dead_letter", id: String(letterId), zones: ["sales"] }, async () => {}, {
    reason: "for the record",
  });
  const view = await key("S-100");
  expect(view.entries.map(({ service, text, note }) => `${service}: ${text} (${note})`)).toEqual(
    expect.arrayContaining([
      `Omar: asked for a retry, OP-${operationId} (the fix is out now)`,
      "Omar: discard messages (for the record)",
    ]),
  );
  expect(textOf(view.sentence)).toContain(`OP-${operationId} is not done with it.`);
  expect(await find(`op-${operationId}`)).toEqual([`operation OP-${operationId} /operations/${operationId}`]);
  expect(await find(`OP-${operationId}`, ctxOf(["books"]))).toEqual([]);
});

test("a key of which nothing is open any more says what was last, and a silent source keeps it from being green", async () => {
  const view = await key("B-7");
  expect(view).toMatchObject({ verdict: "healthy", open: null });
  expect(textOf(view.sentence)).toMatch(
    /^Nothing is open for B-7\. Its Posted at stock-service was resolved at \d\d:\d\d UTC\.$/,
  );
  expect(view.entries.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    "closed Posted v1 was resolved",
    "parked parked Posted v1 after 5 attempts",
  ]);
  const late = await readKey({ ...ctxOf(null), now: Date.now() + 60_000 }, { key: "B-7", before: null });
  expect(late.verdict).toBe("unknown");
  expect(textOf(late.sentence)).toMatch(/^We cannot vouch for B-7: shop-service and stock-service are silent\./);
});

test("an unknown key offers near matches and says where was looked; a key of another zone is unknown", async () => {
  const unknown = await key("s-10x");
  expect(unknown).toMatchObject({ known: false, verdict: "unknown", entries: [], holdings: [] });
  expect(unknown.looked).toContain("sagas");
  const mistyped = await key("S-10xx");
  expect(mistyped.near.map((near) => near.key)).toEqual(["S-100", "S-1000"]);
  const hidden = await key("B-7", ctxOf(["sales"]));
  const { key: _, sentence, ...rest } = await key("B-8", ctxOf(["sales"]));
  expect(hidden).toMatchObject({ ...rest, now: hidden.now });
  expect(textOf(hidden.sentence)).toBe(textOf(sentence).replace("B-8", "B-7"));
});

test("a key of two zones shows each reader what stands in theirs", async () => {
  expect((await key("S-1000")).zones.map((zone) => zone.zoneId)).toEqual(["books", "sales"]);
  const books = await key("S-1000", ctxOf(["books"]));
  expect(books.zones.map((zone) => zone.zoneId)).toEqual(["books"]);
  expect(books.entries).toHaveLength(1);
});

test("a list longer than a page goes on where it ended, none twice and none left out", async () => {
  await pair.store.db.execute(
    sql`insert into dead_letter_history (id, source_id, source_seq, group_id, message_id, business_key, consumer_version, occurred_at, parked_at, closed_at, closed_as, attempts, body)
        select 100000 + i, 'stock', 100000 + i, (select group_id from dead_letter_group where event_type = 'Posted'), gen_random_uuid(), 'B-long', '1.0', 'infinity', now() - interval '1 hour', now() - (i / 4) * interval '1 second', 'resolved', 5, '{}' from generate_series(1, 250) i`,
  );
  const seen: string[] = [];
  for (let before: string | null | undefined; before !== null; ) {
    const view = await key("B-long", ctxOf(null), before);
    expect(view.entries.length).toBeLessThanOrEqual(200);
    seen.push(...view.entries.map((entry) => entry.id));
    before = view.older;
  }
  expect(seen).toHaveLength(500);
  expect(new Set(seen).size).toBe(500);
});

test.each([
  [{ text: "" }, /empty/],
  [{ text: "   " }, /empty/],
  [{}, /missing/],
  [{ text: "x".repeat(201) }, /200/],
  [{ text: "a\u0000b" }, /no text has/],
  [{ text: ["a", "b"] }, /must be a text/],
])("what cannot be looked for is refused in words: %j", (input, words) => {
  expect(() => parseFind(input)).toThrow(words);
});

test.each([
  [{ key: "k".repeat(501) }, /500/],
  [{ key: "\ud800" }, /no text has/],
  [{ key: "k", before: "yesterday" }, /before/],
  [{ key: "k", before: "9999999999999999-x" }, /before/],
])("what cannot be a key or a place is refused in words: %j", (input, words) => {
  expect(() => parseKey(input)).toThrow(words);
});

test("wildcards, quotes and the ends of Unicode are text like any other", async () => {
  for (const text of ["%", "_", "S_1", "'; --", "\\", "\u{10FFFF}", "é", "__proto__"]) expect(await find(text)).toEqual([]);
});

test("a line of a log or a stack that was pasted into one line leads to the group that failed so, whatever its numbers", async () => {
  await pair.park(await pair.emit("Both", "S-2000"), "StockError: no stock in warehouse 7");
  await pair.observe("stock");
  for (const text of [
    "no stock in warehouse 12",
    "2026-11-27 ERROR StockError: no stock in warehouse 12",
    "StockError: no stock in warehouse 12     at plan (src/plan.ts:4:2)     at run (src/run.ts:9:1)",
  ])
    expect(await find(text)).toEqual([expect.stringMatching(/^group StockError \/dead-letters\/groups\/\d+$/)]);
});
