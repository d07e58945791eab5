import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Actor } from "../context";
import { contractMap } from "../contracts/map.rules";
import { readContracts } from "../contracts/service";
import { firstRow, rows } from "../db/rows";
import { readMessage } from "../dead-letters/service";
import { writeJson } from "../json";
import { observeSource } from "./service";
import { type TestPair, testPair } from "./testing";

/** What a source may do that would make Accord say "fine" when it is not; each row of the cases by its number. */
let pair: TestPair;
beforeAll(async () => {
  pair = await testPair();
});
afterAll(() => pair.close());
beforeEach(async () => {
  for (const side of [pair.shop, pair.stock])
    await side.rows(
      "delete from messaging.outbox; delete from messaging.inbox; delete from messaging.dead_letter; delete from messaging.saga; delete from messaging.saga_step",
    );
  await pair.forget();
  await pair.store.db.execute(
    sql`update source_status set cursor = null, lease_owner = null, lease_until = null, rechecked = null, error = null, failures = 0, next_poll_at = null, reread_why = null`,
  );
  await both();
});

const both = async () => {
  await pair.observe("shop");
  await pair.observe("stock");
};
const poll = (sourceId = "stock") =>
  firstRow<{ error: string | null; rereadWhy: string | null; cursor: unknown }>(
    pair.store.db,
    sql`select error, reread_why as "rereadWhy", cursor from source_status where source_id = ${sourceId}`,
  );
const retryNow = () => pair.store.db.execute(sql`update source_status set next_poll_at = null`);
/** A minute has passed since open rows were counted. */
const countDue = () =>
  pair.store.db.execute(
    sql`update source_status set cursor = jsonb_set(cursor, '{at,countedAt}', '0') where cursor->'at' <> 'null'`,
  );
const keys = async () => (await pair.letters()).map((letter) => letter.key);

test.each(["dead_letter", "outbox", "saga"])(
  "T2: row security on %s is a source that cannot be read, with the reason; nothing closes, and afterwards everything is read",
  async (table) => {
    await pair.park(await pair.emit("Placed", "S-1"));
    await both();
    await pair.stock.rows(`alter table messaging.${table} enable row level security`);
    try {
      await pair.park(await pair.emit("Placed", "S-2"));
      expect(await pair.observe("stock")).toBe("failed");
      expect((await poll())?.error).toMatch(/^Row-level security would hide rows from the observer .*bypassrls/);
      expect(await keys()).toEqual(["S-1"]);
    } finally {
      await pair.stock.rows(`alter table messaging.${table} disable row level security`);
    }
    await retryNow();
    await both();
    expect(await keys()).toEqual(["S-1", "S-2"]);
    expect(await pair.drift()).toEqual([]);
  },
);

test("T5: rows that were deleted and restored with their old marks are seen within a minute", async () => {
  for (const n of [1, 2, 3]) await pair.park(await pair.emit("Placed", `S-${n}`));
  await both();
  await pair.stock.rows("create table kept as select * from messaging.dead_letter");
  await pair.stock.rows("delete from messaging.dead_letter");
  await pair.store.db.execute(sql`update source_status set rechecked = null`);
  await both();
  expect(await keys()).toEqual([]);
  await pair.stock.rows(
    "begin; set local session_replication_role = replica; insert into messaging.dead_letter overriding system value select * from kept; drop table kept; commit",
  );
  await both();
  // No poll can see them: nobody wrote them.
  expect(await keys()).toEqual([]);
  await countDue();
  await both();
  await both();
  expect((await keys()).sort()).toEqual(["S-1", "S-2", "S-3"]);
  expect((await poll())?.rereadWhy).toMatch(/became visible that nobody wrote/);
  // And it is read anew once, not at every count.
  await pair.store.db.execute(sql`update source_status set reread_why = null`);
  await countDue();
  await both();
  expect((await poll())?.rereadWhy).toBeNull();
  expect(await pair.drift()).toEqual([]);
});

test("T5: an ordinary minute of parking and settling reads nothing anew", async () => {
  for (let n = 0; n < 5; n++) {
    const id = await pair.park(await pair.emit("Placed", `S-${n}`));
    if (n % 2 === 0) await pair.settle(id, "resolved");
    await countDue();
    await both();
  }
  expect((await poll())?.rereadWhy).toBeNull();
});

const saga = (fields: Record<string, string>) =>
  pair.stock.rows(
    `insert into messaging.saga (saga_id, saga_type, business_key, state, step, ${Object.keys(fields).join(", ")}) values ('${randomUUID()}', 'sale', 'S-1', 'running', 'pay', ${Object.values(fields).join(", ")})`,
  );

test.each(["null", "'infinity'"])(
  "T9: a saga whose row has the deadline %s is stuck when the contract's is over, counted from its start",
  async (deadline) => {
    await saga({ started_at: "clock_timestamp() - interval '30 days'", deadline_at: deadline });
    await both();
    expect(await pair.open()).toEqual(["sales saga S-1"]);
    await pair.stock.rows("update messaging.saga set started_at = clock_timestamp()");
    await both();
    expect(await pair.open()).toEqual([]);
  },
);

test("T9: a hold without an end is a hold", async () => {
  await saga({ started_at: "clock_timestamp()", deadline_at: "clock_timestamp() + interval '1 hour'", hold_until: "'infinity'" });
  await both();
  const [held] = await rows<{ until: number }>(pair.store.db, sql`select hold_until as until from saga`);
  expect(held?.until).toBe(Date.UTC(9000, 11, 31));
});

test.each([
  [5_000, 5, 50, 4_950],
  [60_000, 5, 50, 59_950],
])("T12: of %i attempts the first and the newest are kept, and how many are left out", async (n, first, shown, leftOut) => {
  const sent = await pair.emit("Placed", "S-1");
  await pair.park(sent);
  await pair.stock.rows(
    `update messaging.dead_letter set attempt_log = (select jsonb_agg(jsonb_build_object('at', to_timestamp(i), 'error_type', 'Error', 'error_message', 'attempt ' || i)) from generate_series(1, ${n}) i)`,
  );
  await both();
  const [body] = await rows<{ log: { error_message?: string; left_out?: number }[] }>(
    pair.store.db,
    sql`select attempt_log as log from dead_letter_body`,
  );
  const log = body!.log;
  expect(log.filter((each) => each.left_out === undefined)).toHaveLength(shown);
  expect(log[0]?.error_message).toBe("attempt 1");
  expect(log[first]?.left_out).toBe(leftOut);
  expect(log.at(-1)?.error_message).toBe(`attempt ${n}`);
});

test("T14: what is deleted before it is published is closed with what it was owed, and counted as lost under its name", async () => {
  await pair.emit("Placed", "S-1", { published: false });
  await pair.emit("Placed", "S-2");
  await both();
  expect(await pair.open()).toEqual(["sales undelivered S-1", "sales undelivered S-2", "sales unpublished S-1"]);
  await pair.shop.rows("delete from messaging.outbox");
  await pair.store.db.execute(sql`update source_status set rechecked = null`);
  await both();
  // What was published may still come, from wherever it is.
  expect(await pair.open()).toEqual(["sales undelivered S-2"]);
  expect(
    await rows(
      pair.store.db,
      sql`select source_id as source, event_type as event, n::int from recent_count where measure = 'lost'`,
    ),
  ).toEqual([{ source: "shop", event: "Placed", n: 1 }]);
  expect(await pair.drift()).toEqual([]);
});

test("T4: numbers of payload and headers are shown with the digits that they are stored with", async () => {
  await pair.park(await pair.emit("Placed", "S-1"));
  await pair.stock.rows(
    `update messaging.dead_letter set payload = '{"id": 9007199254740993, "price": 1.10, "n": 7}', headers = '{"trace": 12345678901234567890}'`,
  );
  await both();
  const [letter] = await pair.letters();
  const operatorId = "00000000-0000-4000-8000-000000000001";
  const actor: Actor = {
    kind: "operator",
    operatorId,
    name: "Ada",
    email: "a@x.example",
    role: "viewer",
    zones: null,
    sessionId: operatorId,
  };
  const view = await readMessage({ db: pair.store.db, actor, now: Date.now() }, { id: letter!.id });
  expect(writeJson([view.payload, view.headers])).toBe(
    '[{"n":7,"id":9007199254740993,"price":1.10},{"trace":12345678901234567890}]',
  );
});

test("C4: what change data capture carries never waits to be published; its delivery is judged by the inbox", async () => {
  const contracts = (await readContracts(pair.store.db)).map((contract) => ({
    ...contract,
    semantics: {
      ...contract.semantics,
      events: contract.semantics.events.map((event) => ({ ...event, propagation: "cdc" as const })),
    },
  }));
  const map = contractMap(contracts, [
    { sourceId: "shop", consumers: ["shop-service"] },
    { sourceId: "stock", consumers: ["stock-service"] },
  ]);
  const sent = await pair.emit("Placed", "S-1", { published: false });
  await observeSource({ db: pair.store.db, workerId: "test" }, { ...pair.of("shop"), map });
  expect(await pair.open()).toEqual(["sales undelivered S-1"]);
  // Debezium's router deletes the row once it is captured.
  await pair.shop.rows("delete from messaging.outbox");
  await pair.process(sent);
  await pair.observe("stock");
  expect(await pair.open()).toEqual([]);
});
