import { sql } from "drizzle-orm";
import pg from "pg";
import { expect, test } from "vitest";
import { firstRow, list, rows, unnestOf } from "./rows";
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

test("a list arrives as it was, whatever its texts say, and nothing in it as null", async () => {
  const store = await testStore();
  const texts = ["", "NULL", "null", 'a "b" \\ c\\', "{1,2}", " , ", "line\nline\t", "\u00e4 \ud83d\ude00", "'; --", null];
  const unbroken = [...texts.filter((text) => !text?.includes("\n")), '{"a": "b\\"c", "d": [1, null]}', "\u2028 \x7f"];
  const numbers = [0, -1.5, 1e300, Number.NaN, Number.NEGATIVE_INFINITY, null];
  const row = await firstRow<Record<string, unknown>>(
    store.db,
    sql`select ${list([...texts, undefined], "text")} as texts, ${list(unbroken, "text")} as unbroken, ${list(numbers, "float8")} as numbers, ${list([true, false], "boolean")} as booleans,
          ${list([1, "9007199254740993", 3n], "bigint")}::text[] as ids, ${list([], "text")} as empty`,
  );
  expect(row).toEqual({
    texts: [...texts, null],
    unbroken,
    numbers,
    booleans: [true, false],
    ids: ["1", "9007199254740993", "3"],
    empty: [],
  });
  await store.close();
});

test("items are a table, whether a column says the same of all of them or not, and of none it is empty", async () => {
  const store = await testStore();
  const items = [
    { key: "a", same: 'x"', n: 1, none: null, big: Number.NaN },
    { key: "a", same: 'x"', n: null, none: undefined, big: Number.NaN },
  ];
  const table = (some: typeof items) =>
    unnestOf("t", some, {
      key: ["text", (one) => one.key],
      same: ["text", (one) => one.same],
      n: ["int", (one) => one.n],
      none: ["boolean", (one) => one.none],
      big: ["float8", (one) => one.big],
    });
  expect(await rows(store.db, sql`select t.* from ${table(items)} order by n`)).toEqual(
    items.map((item) => ({ ...item, none: null })),
  );
  expect(await rows(store.db, sql`select key, none from ${table([])}`)).toEqual([]);
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
  await store.db.execute(sql`select keep_partitions()`);
  expect(await children()).toEqual(before);
  await expect(store.db.execute(sql`select keep_partitions_at(now() + interval '30 days')`)).rejects.toThrow();
  await asOwner(store.ownerUrl, "select keep_partitions_at(now() + interval '30 days')");
  const after = await children();
  expect(before.length).toBeGreaterThan(1);
  expect(after.some(({ name }) => before.some((old) => old.name === name))).toBe(false);
  await expect(store.db.execute(sql`create table sneaky (a int)`)).rejects.toThrow();
  await store.close();
});

test("S2: who may log in to the server and is nobody to Accord may call nothing, read nothing, and not even connect", async () => {
  const store = await testStore();
  const open = await rows<{ what: string }>(
    store.db,
    sql`select 'function ' || p.oid::regprocedure as what from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where p.pronamespace = 'public'::regnamespace and a.grantee = 0
        union all select 'relation ' || c.oid::regclass from pg_class c, aclexplode(c.relacl) a where c.relnamespace in ('public'::regnamespace, 'drizzle'::regnamespace) and a.grantee = 0`,
  );
  expect(open).toEqual([]);
  await store.close();
});

test("S2: what only its owner may do is done with the owner's rights by functions that take no argument", async () => {
  const store = await testStore();
  const definers = await rows<{ name: string }>(
    store.db,
    sql`select p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.pronargs > 0`,
  );
  expect(definers).toEqual([]);
  await store.close();
});

async function asOwner(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
