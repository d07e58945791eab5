import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../../lib/db/testing";
import { installNative, printedSql } from "../../lib/sources/presets/native/install";
import { schemaFile, schemaWithoutRoles } from "../schema";
import { serviceGrants } from "./index.js";

let database: Awaited<ReturnType<typeof testDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase("client_schema");
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

// What a schema is made of, whoever made it.
const made = async () =>
  (
    await client.query(
      `select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as what from information_schema.columns where table_schema = 'messaging'
       union all select indexdef from pg_indexes where schemaname = 'messaging'
       union all select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid where c.relnamespace = 'messaging'::regnamespace
       union all select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'messaging'::regnamespace
       union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'messaging'::regnamespace order by 1`,
    )
  ).rows.map(({ what }) => what as string);

test("client/schema.sql is the native tables' own text without Accord's roles; `npx tsx client/schema.ts` writes it anew", () => {
  const text = readFileSync(schemaFile, "utf8");
  expect(text).toBe(schemaWithoutRoles());
  expect(text).not.toMatch(/accord_(observer|actor)|create role/);
});

test("a migration makes with it what Accord installs, and installing comes on top of it without a change", async () => {
  await client.query(readFileSync(schemaFile, "utf8"));
  const byMigration = await made();
  expect(byMigration.length).toBeGreaterThan(100);
  await client.query(readFileSync(schemaFile, "utf8"));
  await installNative(database.url);
  expect(await made()).toEqual(byMigration);
  await client.query("drop schema messaging cascade");
  await installNative(database.url);
  expect(await made()).toEqual(byMigration);
});

test("the rights of a service's role are those that Accord's own installer prints", () => {
  expect(printedSql("tables", { serviceRoles: ["order service"] })).toContain(serviceGrants("order service"));
});
