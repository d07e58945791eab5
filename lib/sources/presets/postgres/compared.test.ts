import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../../../db/testing";
import type { Comparable, Relation } from "../../comparable";
import { comparedRelations } from "./compared";
import { poolOf } from "./connection";

let database: { url: string; drop: () => Promise<void> };
let owner: pg.Client;
let pool: pg.Pool;
let compared: Comparable;
beforeAll(async () => {
  database = await testDatabase("compared");
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`
    create schema sales;
    create table sales."Odd Order" ("order id" text primary key, amount numeric, meta jsonb, at timestamptz default now(), version int);
    create table own_order (id text collate "und-x-icu" primary key, amount int);
    create table c_order (id text collate "und-x-icu", amount int); create index on c_order (id collate "C");
    create table by_number (id bigint, amount int); create index on by_number (id);
    create table hidden (id int primary key, open int, secret int);
    create table bare (id int, amount int);
    create view seen as select * from by_number;
    create role compared_observer login password 'secret';
    grant usage on schema sales to compared_observer; grant select on sales."Odd Order", own_order, c_order, by_number, bare, seen to compared_observer;
    grant select (id, open) on hidden to compared_observer`);
  pool = poolOf(Object.assign(new URL(database.url), { username: "compared_observer", password: "secret" }).href, "accord test");
  compared = comparedRelations(pool);
});
afterAll(async () => {
  await pool.end();
  await owner.query("drop owned by compared_observer; drop role compared_observer");
  await owner.end();
  await database.drop();
});

const relation = (over: Partial<Relation>): Relation => ({
  relation: "by_number",
  key: "id",
  columns: ["amount"],
  changedAt: null,
  version: null,
  ...over,
});
const pagesOf = async (about: Relation, most: number) => {
  const shape = await compared.describe(about);
  const pages: string[][] = [];
  for (let after: string | null = null, more = true; more; ) {
    const page = await compared.page(about, shape, after, most);
    pages.push(page.rows.map((row) => row.key));
    after = page.rows.at(-1)?.key ?? null;
    more = page.more;
  }
  return { shape, pages };
};

test("what a relation is like is told before it is compared, and what it lacks in words that say what to change", async () => {
  const odd = relation({
    relation: "sales.Odd Order",
    key: "order id",
    columns: ["amount", "at", "meta"],
    changedAt: "at",
    version: "version",
  });
  expect(await compared.describe(odd)).toMatchObject({
    problem: null,
    order: "bytes",
    collated: false,
    kinds: ["number", "time", "json"],
  });
  const problems: [Partial<Relation>, string][] = [
    [{ relation: "nowhere" }, "There is no relation nowhere"],
    [{ relation: "by_number; drop table bare" }, "There is no relation"],
    [{ columns: ["amount", "sum"] }, "by_number has no column sum."],
    [{ relation: "hidden", columns: ["open", "secret"] }, "The observer may not read secret of hidden: grant select"],
    [{ relation: "bare" }, "bare has no index that begins with id"],
    [{ relation: "seen" }, "seen is a view, which has no index"],
  ];
  for (const [over, words] of problems) expect((await compared.describe(relation(over))).problem).toContain(words);
  expect(await compared.describe(relation({ relation: "own_order" }))).toMatchObject({ order: "own", problem: null });
  expect(await compared.describe(relation({ relation: "c_order" }))).toMatchObject({ order: "bytes", collated: true });
});

test("pages come in the order that is told, by an index of its own collation too, and never cut a key in two", async () => {
  const keys = ["a", "B", "ä", "Z-1", "z", "\u{10000}", "\uffee", "10", "9"];
  for (const table of ["own_order", "c_order"])
    await owner.query(`insert into ${table} select k, 1 from unnest($1::text[]) k`, [keys]);
  const bytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect((await pagesOf(relation({ relation: "c_order" }), 2)).pages.flat()).toEqual(bytes);
  expect((await pagesOf(relation({ relation: "own_order" }), 2)).pages.flat().sort()).toEqual([...keys].sort());

  await owner.query(
    "insert into by_number select case when n between 3 and 6 then 3 else n end, n from generate_series(-2, 12) n",
  );
  await owner.query("insert into by_number values (null, 0)");
  const { pages } = await pagesOf(relation({}), 7);
  expect(pages.map((page) => page.join(" "))).toEqual(["-2 -1 0 1 2", "3 3 3 3 7 8 9", "10 11 12"]);
  // One key that fills more than a page is known to be several by then.
  expect((await pagesOf(relation({}), 2)).pages.map((page) => page.join(" "))).toContain("3 3");
});

test("a long value is told apart by all of it, and costs a page no more than its beginning", async () => {
  const about = relation({ relation: "sales.Odd Order", key: "order id", columns: ["meta"] });
  const long = (end: string) => JSON.stringify({ text: "x".repeat(50_000) + end });
  await owner.query(`insert into sales."Odd Order" ("order id", meta) values ('a', $1), ('b', $1), ('c', $2)`, [
    long("1"),
    long("2"),
  ]);
  const { rows } = await compared.page(about, await compared.describe(about), null, 10);
  const [a, b, c] = rows.map((row) => row.values[0]!);
  expect(a).toBe(b);
  expect(a).not.toBe(c);
  expect(a!.length).toBeLessThan(400);
});

test("keys that a type cannot hold are in no row, and asking for them is no error", async () => {
  const about = relation({});
  const shape = await compared.describe(about);
  const { rows, now } = await compared.byKey(about, shape, ["7", "x", "9".repeat(40), "", "3' or true --", "12"]);
  expect(rows.map((row) => row.key).sort()).toEqual(["12", "7"]);
  expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
});

test("T2: row security on a compared table is an error with its reason, never fewer rows; without it all rows are there again", async () => {
  const guarded = relation({});
  const shape = await compared.describe(guarded);
  const before = await compared.page(guarded, shape, null, 100);
  await owner.query("alter table by_number enable row level security");
  try {
    await expect(compared.page(guarded, shape, null, 100)).rejects.toThrow(/row-level security/);
    await expect(compared.byKey(guarded, shape, ["1"])).rejects.toThrow(/row-level security/);
  } finally {
    await owner.query("alter table by_number disable row level security");
  }
  expect(await compared.page(guarded, shape, null, 100)).toEqual(before);
});

test("C11: a time without a zone is of the source's time_zone, and is compared as UTC", async () => {
  await owner.query(`create table local_time (id int primary key, at timestamp, seen timestamptz); create index on local_time (at);
    insert into local_time values (1, '2026-07-01 12:00', '2026-07-01 10:00Z'), (2, '2026-12-01 12:00', '2026-12-01 11:00Z');
    grant select on local_time to compared_observer`);
  const berlin = comparedRelations(pool, "Europe/Berlin");
  const about = relation({ relation: "local_time", columns: ["at", "seen"], changedAt: "at" });
  const shape = await berlin.describe(about);
  const { rows } = await berlin.page(about, shape, null, 10);
  expect(rows.map(({ values, changedAt }) => [...values, changedAt])).toEqual([
    Array(3).fill("2026-07-01 10:00:00+00"),
    Array(3).fill("2026-12-01 11:00:00+00"),
  ]);
  expect((await berlin.byKey(about, shape, ["1"])).changedUpTo).toBe("2026-12-01 11:00:00+00");
  expect((await compared.page(about, await compared.describe(about), null, 1)).rows[0]!.values[0]).toBe("2026-07-01 12:00:00");
});

test("C11: a relation whose name has a dot is named in double quotes", async () => {
  await owner.query(`create table sales."order.view" (id int primary key, amount int); insert into sales."order.view" values (7, 70);
    grant select on sales."order.view" to compared_observer`);
  const about = relation({ relation: 'sales."order.view"' });
  const { rows } = await compared.page(about, await compared.describe(about), null, 10);
  expect(rows.map(({ key, values }) => [key, ...values])).toEqual([["7", "70"]]);
});
