import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { rows } from "../db/rows";
import { contractOf, paymentAgrees, type TestReconciliation, testReconciliation } from "../reconciliation/testing";
import { proveKeys } from "./prove";
import type { ProofState } from "./rules";
import { handOverKeys, takeDueKeys } from "./sql";

let estate: TestReconciliation;
beforeAll(async () => {
  estate = await testReconciliation(contractOf(paymentAgrees));
  for (const [pool, table] of [
    [estate.payments, "payment"],
    [estate.orders, "payment_view"],
  ] as const)
    await pool.query(
      `create table ${table} (order_id text primary key, amount numeric, updated_at timestamptz not null default now(), version bigint not null default 1)`,
    );
});
afterAll(() => estate.close());
beforeEach(async () => {
  await estate.payments.query("truncate payment");
  await estate.orders.query("truncate payment_view");
  for (const table of ["operation_key", "operation_item", "dead_letter_group", "unresolved"])
    await estate.store.db.execute(sql.raw(`delete from ${table}`));
});

const pay = (key: string, paid: number | null, seen: number | null) =>
  Promise.all([
    paid !== null && estate.payments.query("insert into payment (order_id, amount) values ($1, $2)", [key, paid]),
    seen !== null && estate.orders.query("insert into payment_view (order_id, amount) values ($1, $2)", [key, seen]),
  ]);

let itemsN = 0;
/** An operation whose messages of these keys were delivered just now; `zones` is where their group stands. */
async function delivered(keys: readonly string[], zones = ["commitment"]): Promise<number[]> {
  const { db } = estate.store;
  const [group] = await rows<{ id: number }>(
    db,
    sql`insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, zones, first_at, last_at)
          values (${`f-${zones.join()}`}, 'orders', 'order-service', 'Paid', 'Error', 'no', ${sql.param(zones)}::text[], now(), now())
        on conflict (fingerprint) do update set last_at = now() returning group_id as id`,
  );
  const items = keys.map(() => ++itemsN);
  for (const [i, key] of keys.entries())
    await db.execute(
      sql`insert into operation_item (operation_id, item, dead_letter, source_id, source_seq, group_id, consumer, message_id, business_key)
            values (1, ${items[i]}, ${items[i]}, 'orders', ${String(items[i])}, ${group!.id}, 'order-service', ${`m-${items[i]}`}, ${key})`,
    );
  await handOverKeys(db, 1, items, Date.now() - 1_000);
  return items;
}
/** Both services were looked at, so long after now. */
const look = (afterMs = 0) =>
  estate.store.db.execute(
    sql`update source_status set observed_at = clock_timestamp() + ${afterMs}::float8 * interval '1 ms', poll_ms = 5, error = null`,
  );
const prove = (rules = [estate.rule()]) => proveKeys({ db: estate.store.db, rules, zonesOfSource: () => ["commitment"] });
const again = () =>
  estate.store.db.execute(sql`update operation_key set due_at = now() - interval '1 second' where due_at is not null`);
const states = async () =>
  Object.fromEntries(
    (
      await rows<{ key: string; state: ProofState; kind: string | null; due: boolean }>(
        estate.store.db,
        sql`select business_key as key, state, why ->> 'kind' as kind, due_at is not null as due from operation_key order by 1`,
      )
    ).map(({ key, state, kind, due }) => [key, `${state}${kind ? ` ${kind}` : ""}${due ? "" : ", settled"}`]),
  );

test("what both sides say alike is proven, what they do not is diverging when seen twice, and what neither has nothing compares", async () => {
  await Promise.all([pay("A", 1, 1), pay("B", 1, 2), pay("C", 1, null)]);
  await delivered(["A", "B", "C", "D"]);
  await look();
  expect(await prove()).toBe(4);
  expect(await states()).toEqual({ A: "proven, settled", B: "checking differs", C: "checking differs", D: "uncovered, settled" });
  await again();
  expect(await prove()).toBe(2);
  expect(await states()).toMatchObject({ B: "diverging differs", C: "diverging differs" });
  await estate.orders.query("update payment_view set amount = 1 where order_id = 'B'");
  await again();
  await prove();
  expect(await states()).toMatchObject({ B: "proven, settled", C: "diverging differs" });
});

test("what was seen before the delivery proves nothing, and neither does a service that is away", async () => {
  await pay("A", 1, 1);
  await delivered(["A"]);
  await look(-60_000);
  await prove();
  expect(await states()).toEqual({ A: "checking unread" });
  await look();
  await estate.store.db.execute(sql`update source_status set error = 'gone' where source_id = 'payments'`);
  await again();
  await prove();
  expect(await states()).toEqual({ A: "checking unread" });
  await look();
  await again();
  await prove();
  expect(await states()).toEqual({ A: "proven, settled" });
});

test("a key of which something is open waits for that, though both sides agree", async () => {
  await pay("A", 1, 1);
  await delivered(["A"]);
  await look();
  await estate.store.db.execute(
    sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged)
          values ('orders', 'held', 'order-service', 'm-9', 'commitment', 'A', 'Paid', now(), true, false)`,
  );
  await prove();
  expect(await states()).toEqual({ A: "waits fact" });
});

test("a rule that cannot be asked leaves its keys unproven, with the reason, and so does a message of no contract", async () => {
  await pay("A", 1, 1);
  await delivered(["A"]);
  await look();
  await prove([]);
  expect(await states()).toEqual({ A: "checking uncomparable" });
  await delivered(["Z"], []);
  await prove();
  expect(await states()).toMatchObject({ Z: "uncovered, settled" });
});

test("a key is looked at by one worker at a time; if that dies another takes it; delivered again it is proven anew", async () => {
  const { db } = estate.store;
  await pay("A", 1, 1);
  const items = await delivered(["A"]);
  await look();
  const taken = await Promise.all([takeDueKeys(db), takeDueKeys(db)]);
  expect(taken.map((keys) => keys.length).sort()).toEqual([0, 1]);
  expect(await prove()).toBe(0);
  await again();
  expect(await prove()).toBe(1);
  expect(await states()).toEqual({ A: "proven, settled" });
  await handOverKeys(db, 1, items, Date.now());
  expect(await states()).toEqual({ A: "checking" });
});
