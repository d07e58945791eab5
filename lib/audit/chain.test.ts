import { sql } from "drizzle-orm";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Ctx } from "../context";
import { type TestStore, testStore } from "../db/testing";
import { linkAudit, verifyAudit } from "./chain";
import { appendAudit, listAudit } from "./service";
import { verificationSentence } from "./words";

let store: TestStore;
/** The owner, who may disable what keeps everybody else from changing entries. */
let owner: pg.Client;

beforeEach(async () => {
  store = await testStore(6);
  owner = new pg.Client(store.ownerUrl);
  await owner.connect();
});
afterEach(async () => {
  await owner.end();
  await store.close();
});

const entry = (id: string, at = Date.now()) => ({
  at,
  actor: { kind: "worker", workerId: "w" } as const,
  action: "case.open",
  target: { kind: "case", id, zones: ["orders"] },
  result: "done" as const,
  detail: { n: 1.5, text: "it’s", nested: [null, true] },
});
const write = async (...ids: string[]) => {
  for (const id of ids) await appendAudit(store.db, entry(id));
};
const idOf = async (target: string) =>
  (await owner.query<{ id: string }>("select id from audit_entry where target_id = $1", [target])).rows[0]!.id;
const forced = (statement: string) =>
  owner.query(`alter table audit_entry disable trigger user; alter table audit_link disable trigger user; ${statement};
    alter table audit_entry enable trigger user; alter table audit_link enable trigger user`);

test("S9: a chain over all entries holds, is forged by one of several workers, and goes on where it ended", async () => {
  expect(await verifyAudit(store.db)).toMatchObject({ entriesN: 0, head: null, why: null });
  await write("1", "2", "3");
  await Promise.all([linkAudit(store.db), linkAudit(store.db), linkAudit(store.db)]);
  await linkAudit(store.db);
  const first = await verifyAudit(store.db);
  expect(first).toMatchObject({ entriesN: 3, why: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await write("4");
  await linkAudit(store.db);
  const next = await verifyAudit(store.db);
  expect(next).toMatchObject({ entriesN: 4, why: null });
  expect(next.head).not.toBe(first.head);
  expect(verificationSentence(next)).toBe("4 entries verified: none was changed, taken away or put in.");
});

test("S9: an entry that is committed after a higher one is linked when it is seen", async () => {
  let commit: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let written: () => void = () => {};
  const isWritten = new Promise<void>((resolve) => {
    written = resolve;
  });
  const late = store.db.transaction(async (tx) => {
    await appendAudit(tx, entry("late"));
    written();
    await waits;
  });
  await isWritten;
  await write("early");
  await linkAudit(store.db);
  commit();
  await late;
  await linkAudit(store.db);
  const { rows } = await owner.query(
    "select target_id as id from audit_link l join audit_entry e on e.id = l.entry_id order by seq",
  );
  expect(rows).toEqual([{ id: "early" }, { id: "late" }]);
  expect(await verifyAudit(store.db)).toMatchObject({ entriesN: 2, why: null });
});

test.each([
  ["changed", "update audit_entry set reason = 'another one' where target_id = '2'", "2"],
  ["taken away", "delete from audit_entry where target_id = '2'", "2"],
  [
    "given another time of its taking",
    "update audit_entry set recorded_at = recorded_at - interval '1 second' where target_id = '2'",
    "2",
  ],
  ["taken away with its link", "delete from audit_link where seq = 2; delete from audit_entry where target_id = '2'", "3"],
])("S9: an entry that was %s breaks the chain, and is named", async (_what, statement, at) => {
  await write("1", "2", "3");
  await linkAudit(store.db);
  const broken = Number(await idOf(at));
  await forced(statement);
  const found = await verifyAudit(store.db);
  expect(found).toMatchObject({ why: "changed", brokenEntry: broken });
  expect(verificationSentence(found)).toContain(`Entry ${broken} is not what was written`);
  const ctx: Ctx = { db: store.db, actor: { kind: "worker", workerId: "w" }, now: Date.now() };
  expect((await listAudit(ctx, { limit: 10 })).verification).toMatchObject({
    holds: false,
    sentence: verificationSentence(found),
  });
});

test("S9: the end of the chain cannot be taken away, nor an entry be put in beside it or dated back", async () => {
  await write("1", "2");
  await linkAudit(store.db);
  await forced(
    "delete from audit_link where seq = 2; update audit_entry set recorded_at = now() - interval '1 hour', at = now() - interval '1 hour' where target_id = '2'",
  );
  expect(await verifyAudit(store.db)).toMatchObject({ why: "unlinked", brokenEntry: Number(await idOf("2")) });
  await forced("delete from audit_entry where target_id = '2'");
  await appendAudit(store.db, entry("back", Date.now() - 3_600_000));
  await linkAudit(store.db);
  expect(await verifyAudit(store.db)).toMatchObject({ why: "misdated", brokenEntry: Number(await idOf("back")) });
});

test("S9: the runtime role gives an entry neither its number nor the time of its taking, and changes no link", async () => {
  const values = "('worker', 'w', 'case.open', 'case', '1', '{}', 'done')";
  const columns = "actor_kind, actor_name, action, target_kind, target_id, zones, result";
  for (const statement of [
    sql.raw(`insert into audit_entry (at, recorded_at, ${columns}) values (now(), now(), ${values.slice(1)}`),
    sql.raw(`insert into audit_entry (id, at, ${columns}) overriding system value values (1, now(), ${values.slice(1)}`),
    sql.raw("update audit_link set hash = ''"),
    sql.raw("delete from audit_link"),
  ])
    await expect(store.db.execute(statement)).rejects.toMatchObject({ code: "42501" });
});
