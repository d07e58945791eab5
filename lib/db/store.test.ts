import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { firstRow, rows } from "./rows";
import { testStore } from "./testing";

test("instants and bigints leave the store as numbers, an id past 2^53 as the string it came as", async () => {
  const store = await testStore();
  const row = await firstRow<Record<string, unknown>>(
    store.db,
    sql`select '2026-11-21 01:02:03.456+00'::timestamptz as at, 12::bigint as n, 9007199254740993::bigint as big`,
  );
  expect(row).toEqual({ at: Date.UTC(2026, 10, 21, 1, 2, 3, 456), n: 12, big: "9007199254740993" });
  await store.close();
});

test("the runtime role keeps partitions through the function alone, and expired ones are dropped", async () => {
  const store = await testStore();
  const children = () =>
    rows<{ name: string }>(
      store.db,
      sql`select relname as name from pg_class where relname ~ '^lag_sample_10_p[0-9]+$' order by 1`,
    );
  const before = await children();
  await store.db.execute(sql`select keep_partitions(now() + interval '30 days')`);
  const after = await children();
  expect(before.length).toBeGreaterThan(1);
  expect(after.some(({ name }) => before.some((old) => old.name === name))).toBe(false);
  await expect(store.db.execute(sql`create table sneaky (a int)`)).rejects.toThrow();
  await store.close();
});
