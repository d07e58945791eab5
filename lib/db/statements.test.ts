import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { captureStatements, type Statement } from "./statements/capture.testing";
import { differingRows } from "./statements/declared.testing";
import { root, sitesOf, sourceOf } from "./statements/source.testing";
import { type TestStore, testStore } from "./testing";

// Presets ask the databases of services, which have no migrations of ours; `rows` and `pool` pass on what others ask.
const files = readdirSync(path.join(root, "lib"), { recursive: true, encoding: "utf8" })
  .map((name) => `lib/${name}`)
  .filter((file) => /\.ts$/.test(file) && !/\/presets\/|test(ing)?\.ts$|\/db\/(rows|pool)\.ts$/.test(file))
  .filter((file) => /from "drizzle-orm/.test(readFileSync(path.join(root, file), "utf8")));

let store: TestStore;
let client: pg.Client;
beforeAll(async () => {
  store = await testStore();
  client = new pg.Client(store.ownerUrl);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await store.close();
});

// Each compiles copies of files, which takes long beside other tests.
vi.setConfig({ testTimeout: 300_000 });

const refused = (statements: readonly Statement[]) =>
  statements.flatMap(({ file, site, problem }) => (problem ? [`${file} ${site?.name}: ${problem}`] : []));

test("the store prepares every statement, and gives rows with the names and types that their readers know them by", async () => {
  const statements = await captureStatements(client, files);
  const sites = files.flatMap((file) => sitesOf(sourceOf(file)));
  expect(sites.length).toBeGreaterThan(300);
  expect(refused(statements)).toEqual([]);
  const prepared = new Set(statements.map(({ site }) => site));
  const never = sites.filter((site) => ![...prepared].some((one) => one?.file === site.file && one.start === site.start));
  expect(never.map(({ file, name, call }) => `${file} ${name}: ${call} is never reached`)).toEqual([]);
  expect(await differingRows(statements)).toEqual([]);
  // What has no declared row is only asked whether there is one.
  const unread = statements.filter(({ site }) => site && site.row === null && /ow/.test(site.call));
  expect(
    unread.flatMap(({ file, site, columns }) => columns.map(({ name }) => `${file} ${site!.name} ${name}`)).filter(named),
  ).toEqual([]);
  console.log(`${sites.length} places give ${statements.length} statements to the store; each was prepared.`);
});

const named = (column: string) => !/ (\?column\?|pg_advisory_xact_lock)$/.test(column);

test("a column that a migration renames is found, with the file and the statement that still use its old name", async () => {
  const scratch = await testStore();
  const owner = new pg.Client(scratch.ownerUrl);
  await owner.connect();
  try {
    await owner.query("alter table zone_sample rename column keys_n to open_n");
    await owner.query("alter table verdict_change alter column oldest_key type int using null");
    const statements = await captureStatements(owner, ["lib/zones/sql.ts", "lib/verdicts/samples.sql.ts"]);
    expect(refused(statements)).toContain('lib/verdicts/samples.sql.ts selectSamples: column "keys_n" does not exist');
    expect(await differingRows(statements)).toContain("lib/zones/sql.ts selectChanges: oldestKey is number");
  } finally {
    await owner.end();
    await scratch.close();
  }
});

test("a row that lacks a column of its statement, or has one more, is found with the column's name", async () => {
  const statements = await captureStatements(client, ["lib/zones/sql.ts"]);
  const of = (name: string) => statements.find(({ site }) => site?.name === name)!;
  const lacking = of("selectOldest").columns.filter(({ name }) => name !== "since");
  const more = [...of("selectChanges").columns, { ...of("selectChanges").columns[0]!, name: "until" }];
  expect(
    await differingRows([
      { ...of("selectOldest"), columns: lacking },
      { ...of("selectChanges"), columns: more },
    ]),
  ).toEqual(["lib/zones/sql.ts selectOldest: since is no column", "lib/zones/sql.ts selectChanges: until is not in the row"]);
});
