import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendAudit, forgetKeys, listAudit } from "./audit/service";
import { audited, auditedOnce } from "./audited";
import type { Actor, Ctx } from "./context";
import type { Db } from "./db/pool";
import { firstRow, rows } from "./db/rows";
import { type TestStore, testStore } from "./db/testing";
import type { Action } from "./permissions";
import { Refusal } from "./refusal";
import { days } from "./time";

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

test("S9: a change that refuses leaves nothing but the attempt and why", async () => {
  const attempt = audited(ctxOf(person("operator")), "dead_letter.retry", message("refused"), async (tx) => {
    await tx.execute(sql`insert into sign_in_throttle (key, failures, last_failure_at) values ('half', 1, now())`);
    throw new Refusal("conflict", "Another operation was first.");
  });
  await expect(attempt).rejects.toMatchObject({ kind: "conflict" });
  expect(await entriesOf("refused")).toMatchObject([{ result: "denied", detail: { why: "Another operation was first." } }]);
  expect(await firstRow(store.db, sql`select 1 from sign_in_throttle where key = 'half'`)).toBeNull();
});

test("S9: why an attempt was refused holds no address that was typed", async () => {
  const attempt = audited(ctxOf(person("operator")), "dead_letter.retry", message("typed"), async () => {
    throw new Refusal("conflict", "ann@example.test is somebody already.");
  });
  await expect(attempt).rejects.toThrow("ann@example.test");
  expect(await entriesOf("typed")).toMatchObject([{ detail: { why: "an e-mail address is somebody already." } }]);
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

type Asked = { actor?: Actor; action?: Action; of?: number };

/** Counts how often its change ran, and answers with the number of the run. */
const counter = (id: string) => {
  let ran = 0;
  const once = (key: string, { actor = person("operator"), action = "dead_letter.retry", of = 0 }: Asked = {}) =>
    auditedOnce(ctxOf(actor), action, { key, of }, async () => ({
      target: message(id),
      change: async (tx) => {
        await tx.execute(sql`select pg_sleep(0.01)`);
        return { run: ++ran };
      },
    }));
  return { once, ran: () => ran };
};

test("twelve times the same request at once under one key are one change, one entry and one answer", async () => {
  const { once, ran } = counter("keyed");
  const answers = await Promise.all(Array.from({ length: 12 }, () => once("same", { of: 1 })));
  expect(ran()).toBe(1);
  expect(new Set(answers.map(({ value }) => value.run)).size).toBe(1);
  expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  expect(await entriesOf("keyed")).toHaveLength(1);
  expect(await once("same", { of: 1 })).toEqual({ value: answers[0]!.value, repeated: true });
});

test("a key belongs to whoever sent it and to what they did with it", async () => {
  const { once } = counter("scoped");
  const { value } = await once("mine", { of: 1 });
  await expect(once("mine", { of: 2 })).rejects.toMatchObject({
    kind: "conflict",
    message: "This Idempotency-Key was used for another request. Send a new key.",
    detail: value,
  });
  const other: Actor = { ...person("operator"), operatorId: "00000000-0000-4000-8000-000000000003" } as Actor;
  expect(await once("mine", { actor: other, of: 2 })).toMatchObject({ repeated: false });
  expect(await once("mine", { action: "dead_letter.discard", of: 2 })).toMatchObject({ repeated: false });
  expect(await entriesOf("scoped")).toHaveLength(3);
});

test("a key of a change that was refused, or that died on its way, is free", async () => {
  const target = message("free");
  const ask = (change: (tx: Db) => Promise<{ ok: boolean }>) =>
    auditedOnce(ctxOf(person("operator")), "dead_letter.retry", { key: "free" }, async () => ({ target, change }));
  await expect(
    ask(async () => {
      throw new Refusal("conflict", "Not now.");
    }),
  ).rejects.toThrow("Not now.");
  const dies = async (tx: Db) => {
    await tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
    return { ok: true };
  };
  await expect(ask(dies)).rejects.toThrow();
  expect(await ask(async () => ({ ok: true }))).toEqual({ value: { ok: true }, repeated: false });
  expect((await entriesOf("free")).map(({ result }) => result)).toEqual(["denied", "done"]);
});

test("who comes second finds the answer of the first, also when the first left nothing to do", async () => {
  const target = message("last");
  let left = 1;
  let first: () => void = () => {};
  const isDone = new Promise<void>((resolve) => {
    first = resolve;
  });
  const ask = (wait: boolean) =>
    auditedOnce(ctxOf(person("operator")), "dead_letter.retry", { key: "last" }, async () => {
      if (wait) await isDone;
      if (left === 0) throw new Refusal("not_found", "Nothing is left.");
      return { target, change: async () => ({ left: --left }) };
    });
  const second = ask(true);
  expect(await ask(false)).toEqual({ value: { left: 0 }, repeated: false });
  first();
  expect(await second).toEqual({ value: { left: 0 }, repeated: true });
});

test("keys of long ago are forgotten, and those of yesterday are kept", async () => {
  const { once } = counter("forgotten");
  await once("old");
  await forgetKeys(store.db, now + days(400));
  expect(await once("old")).toMatchObject({ repeated: true });
  await forgetKeys(store.db, now + days(400) + 1);
  expect(await once("old")).toMatchObject({ repeated: false });
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
