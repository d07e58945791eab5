import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { migrateStore, migrationFrom } from "./migrate";
import { testDatabase } from "./testing";

const statements = `create table thing (id int primary key);--> statement-breakpoint
create table audit_entry (id int not null, at int not null) partition by range (at);--> statement-breakpoint
create table audit_entry_1 partition of audit_entry for values from (0) to (10);`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "accord-migrations-"));
  mkdirSync(path.join(folder, "meta"));
  writeFileSync(path.join(folder, "0000_first.sql"), statements);
  const entries = [{ idx: 0, version: "7", when: 1, tag: "0000_first", breakpoints: true }];
  writeFileSync(path.join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
});
afterAll(() => rmSync(folder, { recursive: true }));

let ownerUrl: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ url: ownerUrl, drop } = await testDatabase("migrate"));
});
afterEach(() => drop());

function as(role: string): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = "runtime";
  return url.href;
}

async function run(url: string, text: string): Promise<number | null> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rowCount;
  } finally {
    await client.end();
  }
}

test("four migrations at once all succeed, and a fifth finds nothing to do", async () => {
  const options = { folder, runtimeRole: "migrate_race", runtimePassword: "runtime" };
  await Promise.all([1, 2, 3, 4].map(() => migrateStore(ownerUrl, options)));
  await migrateStore(ownerUrl, options);
  expect(await run(ownerUrl, "select 1 from drizzle.__drizzle_migrations")).toBe(1);
});

test("two databases of one server may be migrated at once, though they share the role", async () => {
  const other = await testDatabase("migrate_other");
  const options = { folder, runtimeRole: "migrate_shared", runtimePassword: "runtime" };
  await Promise.all([migrateStore(ownerUrl, options), migrateStore(other.url, options)]);
  await other.drop();
});

test("the runtime role works with rows, makes no tables, and neither alters nor removes an audit entry", async () => {
  await migrateStore(ownerUrl, { folder, runtimeRole: "migrate_runtime", runtimePassword: "runtime" });
  const url = as("migrate_runtime");
  expect(await run(url, "insert into thing values (1), (2)")).toBe(2);
  expect(await run(url, "update thing set id = id + 10")).toBe(2);
  expect(await run(url, "delete from thing")).toBe(2);
  expect(await run(url, "insert into audit_entry values (1, 1)")).toBe(1);
  const forbidden = [
    "update audit_entry set id = 2",
    "delete from audit_entry",
    "delete from audit_entry_1",
    "truncate audit_entry",
    "drop table thing",
    "create table mine (id int)",
  ];
  for (const text of forbidden) await expect(run(url, text), text).rejects.toMatchObject({ code: "42501" });
  expect(await run(ownerUrl, "select 1 from audit_entry")).toBe(1);
});

test("the owner and the runtime role come from their own addresses", () => {
  const env = { DATABASE_URL: "postgres://accord_app:se%40cret@db/accord", DATABASE_OWNER_URL: "postgres://owner:x@db/accord" };
  expect(migrationFrom(env)).toEqual({
    ownerUrl: env.DATABASE_OWNER_URL,
    runtimeUrl: env.DATABASE_URL,
    options: { runtimeRole: "accord_app", runtimePassword: "se@cret" },
    warning: null,
  });
});

test("one role for both is allowed, with a warning", () => {
  expect(migrationFrom({ DATABASE_URL: "postgres://one:x@db/accord" })).toMatchObject({
    warning: expect.stringMatching(/does not protect the audit trail/),
  });
});

test("what is missing or malformed is said in a sentence", () => {
  expect(migrationFrom({})).toEqual({ problem: expect.stringMatching(/^DATABASE_URL is missing/) });
  expect(migrationFrom({ DATABASE_URL: "mysql://a@b/c" })).toEqual({
    problem: expect.stringMatching(/^DATABASE_URL is not an address/),
  });
  expect(migrationFrom({ DATABASE_URL: "postgres://a@b/c", DATABASE_OWNER_URL: "b" })).toEqual({
    problem: expect.stringMatching(/^DATABASE_OWNER_URL is not an address/),
  });
});
