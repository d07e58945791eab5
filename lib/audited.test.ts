import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendAudit, listAudit } from "./audit/service";
import { audited } from "./audited";
import type { Actor, Ctx } from "./context";
import { firstRow, rows } from "./db/rows";
import { type TestStore, testStore } from "./db/testing";
import { Refusal } from "./refusal";

let store: TestStore;
const now = Date.UTC(2026, 5, 18, 3, 12, 41);
const person = (role: "viewer" | "operator", zones: string[] | null = null): Actor => ({
  kind: "operator",
  operatorId: `00000000-0000-4000-8000-00000000000${role === "viewer" ? 1 : 2}`,
  name: role === "viewer" ? "Vera" : "Omar",
  email: `${role}@example.test`,
  role,
  zones,
  sessionId: "00000000-0000-4000-8000-0000000000aa",
});
const ctxOf = (actor: Actor, at = now): Ctx => ({ db: store.db, actor, now: at });
const message = (id: string, zones = ["orders"]) => ({ kind: "dead_letter", id, zones });
const entriesOf = (targetId: string) =>
  rows<{ result: string; actor_name: string; reason: string | null; detail: Record<string, unknown> }>(
    store.db,
    sql`select result, actor_name, reason, detail from audit_entry where target_id = ${targetId} order by id`,
  );

beforeAll(async () => {
  store = await testStore(8);
});
afterAll(() => store.close());

test("a change and its entry commit together", async () => {
  const value = await audited(ctxOf(person("operator")), "dead_letter.retry", message("together"), async () => 7, {
    reason: "the fix is out",
    detail: (result) => ({ result }),
  });
  expect(value).toBe(7);
  expect(await entriesOf("together")).toEqual([
    { result: "done", actor_name: "Omar", reason: "the fix is out", detail: { result: 7 } },
  ]);
});

test("a change that refuses leaves neither change nor entry", async () => {
  const attempt = audited(ctxOf(person("operator")), "dead_letter.retry", message("refused"), async (tx) => {
    await tx.execute(sql`insert into sign_in_throttle (key, failures, last_failure_at) values ('half', 1, now())`);
    throw new Refusal("conflict", "Another operation was first.");
  });
  await expect(attempt).rejects.toMatchObject({ kind: "conflict" });
  expect(await entriesOf("refused")).toEqual([]);
  expect(await firstRow(store.db, sql`select 1 from sign_in_throttle where key = 'half'`)).toBeNull();
});

test("without permission nothing runs, and the attempt is recorded", async () => {
  let ran = false;
  const attempt = audited(ctxOf(person("viewer")), "dead_letter.retry", message("denied"), async () => {
    ran = true;
  });
  await expect(attempt).rejects.toMatchObject({ kind: "forbidden", message: expect.stringContaining("takes an operator") });
  expect(ran).toBe(false);
  expect(await entriesOf("denied")).toMatchObject([{ result: "denied", actor_name: "Vera" }]);
});

test("a hundred denials at once are one entry a minute, and denials over many targets end at sixty", async () => {
  const deny = (id: string, at = now) =>
    audited(ctxOf(person("viewer"), at), "dead_letter.discard", message(id), async () => {}).catch(() => {});
  await Promise.all(Array.from({ length: 100 }, () => deny("flood")));
  expect(await entriesOf("flood")).toHaveLength(1);
  const later = now + 600_000;
  for (let i = 0; i < 70; i++) await deny(`target-${i}`, later);
  const count = await firstRow<{ n: number }>(
    store.db,
    sql`select count(*) as n from audit_entry where target_id like 'target-%'`,
  );
  expect(count?.n).toBe(60);
});

test("a refused target of any length is recorded, cut", async () => {
  const long = "x".repeat(50_000);
  await expect(
    audited(ctxOf(person("viewer"), now + 900_000), "dead_letter.retry", message(long), async () => {}),
  ).rejects.toThrow(Refusal);
  expect(await entriesOf("x".repeat(300))).toHaveLength(1);
});

test("one key is one entry for its actor, action and target, and hides nobody else's act", async () => {
  const retry = (id: string) =>
    audited(ctxOf(person("operator")), "dead_letter.retry", message(id), async () => {}, { key: "same" });
  await Promise.all([retry("keyed"), retry("keyed"), retry("keyed-too")]);
  expect(await entriesOf("keyed")).toHaveLength(1);
  expect(await entriesOf("keyed-too")).toHaveLength(1);
});

test("an operation's result is appended exactly once, whoever repeats it", async () => {
  const result = () =>
    appendAudit(store.db, {
      at: now,
      actor: { kind: "worker", workerId: "worker-1" },
      action: "dead_letter.retry",
      target: { kind: "operation", id: "op-1", zones: ["orders"] },
      result: "result",
      entryKey: "result:op-1",
    });
  const answers = await Promise.all([result(), result(), result(), result()]);
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await entriesOf("op-1")).toHaveLength(1);
});

test.each([
  ["the runtime role", () => store.url],
  ["the owner", () => store.ownerUrl],
])("%s can neither change nor remove an entry", async (_who, url) => {
  const client = new pg.Client({ connectionString: url() });
  await client.connect();
  try {
    for (const statement of ["update audit_entry set reason = 'other'", "delete from audit_entry", "truncate audit_entry"])
      await expect(client.query(statement)).rejects.toMatchObject({ code: "42501" });
  } finally {
    await client.end();
  }
});

test("who is limited to zones reads their entries and their own, page by page, none twice", async () => {
  const reader = ctxOf(person("viewer", ["ledger"]));
  const operator = ctxOf(person("operator"));
  for (let i = 0; i < 5; i++)
    await audited(operator, "dead_letter.retry", message(`ledger-${i}`, ["ledger", "orders"]), async () => {});
  const first = await listAudit(reader, { limit: 3, targetKind: "dead_letter", zone: "ledger" });
  expect(first.entries.map((entry) => entry.target.id)).toEqual(["ledger-4", "ledger-3", "ledger-2"]);
  const [at, id] = first.next!.split("-").map(Number);
  const second = await listAudit(reader, { limit: 3, targetKind: "dead_letter", zone: "ledger", before: { at: at!, id: id! } });
  expect(second).toMatchObject({ next: null, entries: [{ target: { id: "ledger-1" } }, { target: { id: "ledger-0" } }] });
  const all = await listAudit(reader, { limit: 200 });
  expect(all.entries.some((entry) => entry.target.id === "together")).toBe(false);
  expect(all.entries.some((entry) => entry.target.id === "denied")).toBe(true);
});
