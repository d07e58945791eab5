import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { rows } from "../db/rows";
import { testStore } from "../db/testing";
import { remapZones } from "./remap.sql";

test("when contracts change, what is known to wait goes on waiting in the zones that name it now", async () => {
  const store = await testStore();
  const run = (text: string) => store.db.execute(sql.raw(text));
  await run(
    `insert into contract_revision (zone_id, revision, content_hash, yaml, body, applied_at, applied_by) select z, 1, z, '', '{}', now(), 'w' from unnest(array['old', 'new']) z`,
  );
  await run(`insert into zone (zone_id, title, revision, position) values ('old', 'Old', 1, 0), ('new', 'New', 1, 1)`);
  await run(
    `insert into zone_event values ('new', 'orders', 'OrderSubmitted', ''), ('new', 'orders', 'OrderSubmitted', 'inventory-service')`,
  );
  const fact = (reason: string, consumer: string, ref: string, event: string) =>
    `('inventory', '${reason}', '${consumer}', '${ref}', 'old', 'ORD-${ref}', '${event}', now() - interval '1 hour', true, false)`;
  await run(`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since, confirmed, flagged) values
    ${fact("undelivered", "inventory-service", "1", "OrderSubmitted")}, ${fact("undelivered", "mail-service", "2", "OrderSubmitted")}, ${fact("held", "inventory-service", "3", "OrderSubmitted")}, ${fact("undelivered", "inventory-service", "4", "Gone")}`);
  await run(
    `insert into dead_letter_group (fingerprint, source_id, consumer, event_type, error_type, template, first_at, last_at, open_n) values ('f', 'inventory', 'inventory-service', 'OrderSubmitted', 'E', 't', now(), now(), 1)`,
  );
  await run(`insert into dead_letter (source_id, source_seq, group_id, message_id, business_key, consumer_version, parked_at, since, seen_at, state, attempts, changed_at)
    select 'inventory', 7, group_id, gen_random_uuid(), 'ORD-7', '1', now(), now() - interval '2 hours', now(), 'parked', 5, now() from dead_letter_group`);
  await store.db.transaction((tx) => remapZones(tx));
  expect(await rows(store.db, sql`select zone_id as zone, business_key as key, facts from open_key order by key`)).toEqual([
    { zone: "new", key: "ORD-1", facts: 1 },
    { zone: "new", key: "ORD-3", facts: 1 },
    { zone: "new", key: "ORD-7", facts: 1 },
  ]);
  expect(await rows(store.db, sql`select zones from dead_letter_group`)).toEqual([{ zones: ["new"] }]);
  await store.close();
});
