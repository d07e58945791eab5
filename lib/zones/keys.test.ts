import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { testStore } from "../db/testing";
import { selectOpenKeys } from "./keys.sql";

test("open keys are paged oldest first without a gap or a repeat, though many are of one millisecond, and narrowed by reason", async () => {
  const store = await testStore();
  await store.db.execute(sql`insert into open_key (zone_id, business_key, since, reasons, facts)
    select 'sales', 'S-' || n, timestamptz '2026-11-21 01:00:00.000001+00' + (n / 3) * interval '100 microseconds', case when n % 10 = 0 then 8 else 2 end, 1 from generate_series(1, 250) n`);
  await store.db.execute(sql`insert into unresolved (source_id, reason, consumer, ref, zone_id, business_key, event_type, since)
    select 'stock', 'parked', 'stock-service', 'm' || n, 'sales', 'S-10', 'Placed', now() from generate_series(1, 9) n`);
  const seen: string[] = [];
  let after: { place: number; key: string } | null = null;
  do {
    const page = await selectOpenKeys(store.db, "sales", { reason: null, after }, 40);
    seen.push(...page.map(({ key }) => key));
    const last = page.at(-1);
    after = last && page.length === 40 ? { place: last.place, key: last.key } : null;
  } while (after !== null);
  expect([seen.length, new Set(seen).size]).toEqual([250, 250]);
  const parked = await selectOpenKeys(store.db, "sales", { reason: "parked", after: null }, 100);
  expect(parked).toHaveLength(25);
  expect(parked.find(({ key }) => key === "S-10")?.facts).toHaveLength(6);
  expect(await selectOpenKeys(store.db, "books", { reason: null, after: null }, 100)).toEqual([]);
  await store.close();
});
