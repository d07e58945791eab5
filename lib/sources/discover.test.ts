import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfiguration } from "../contracts/files";
import { parseAccord, parseContract } from "../contracts/input";
import { testDatabase } from "../db/testing";
import { discoverCommand } from "./discover-command";
import { fixtures } from "./presets/mapped/frameworks.testing";

type Database = Awaited<ReturnType<typeof testDatabase>>;
const made: Database[] = [];
const database = async (name: string, text = "") => {
  const one = await testDatabase(name);
  made.push(one);
  const client = new pg.Client({ connectionString: one.url });
  await client.connect();
  if (text) await client.query(text);
  await client.end();
  return one;
};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "accord-discover-"));
});
afterAll(async () => {
  await Promise.all(made.map((one) => one.drop()));
  await rm(folder, { recursive: true });
});

const run = async (urls: string[], ...more: string[]) => {
  const { lines, exitCode } = await discoverCommand([...urls, ...more], {}, folder);
  return { text: lines.join("\n"), exitCode };
};
const accordOf = (text: string) =>
  /# accord.yaml\n([\s\S]*?)contracts: .\/contracts/.exec(text)![0].replace("# accord.yaml\n", "");
/** What the linter says of the suggested files; every variable leads somewhere. */
function problemsOf(text: string): string[] {
  const yaml = accordOf(text);
  const variables = [...yaml.matchAll(/\$\{(\w+)\}/g)].map((match) => [match[1]!, "postgres://reader:x@db/x"] as const);
  const parsed = parseAccord(yaml, "accord.yaml", Object.fromEntries(variables));
  return parsed.ok ? [] : parsed.problems.map(({ line, message }) => `${line}: ${message}`);
}

test("six frameworks in one database are named, each with its variant, its grants and a source that Accord takes", async () => {
  const six = [
    "spring-modulith: v2",
    "masstransit-ef: names of EF Core",
    "wolverine: plain",
    "cap: v5 and later",
    "pg-boss: v10",
    "graphile-worker: 0.14 and later",
  ];
  const one = await database("six");
  for (const name of six) await fixtures.find(({ preset, variant }) => `${preset}: ${variant}` === name)!.make(one.url);
  const { text, exitCode } = await run([one.url]);
  expect(exitCode).toBe(0);
  const presets = [...accordOf(text).matchAll(/preset: (\S+)/g)].map((match) => match[1]);
  expect(presets.sort()).toEqual(six.map((name) => name.split(":")[0]!).sort());
  for (const name of six) expect(text).toContain(`, ${name.split(": ")[1]}, by `);
  expect(text).toContain('grant update ("Retries", "ExpiresAt") on "cap".received to accord_actor;');
  expect(problemsOf(text)).toEqual([]);
  expect(text).not.toContain(new URL(one.url).password || "no password here");
});

test("an outbox, an inbox and dead letters of nobody's framework become a map, with the reasons; odd names are quoted", async () => {
  const one = await database(
    "own",
    `create schema "Große Bestellung"; create table "Große Bestellung"."Event.Outbox" (id uuid primary key, event_type text, aggregate_id text, payload jsonb, created_at timestamptz, published_at timestamptz);
     create schema app; create table app.processed_messages (consumer text, message_id uuid, processed_at timestamptz, primary key (consumer, message_id));
     create table app.failed_jobs (id bigint primary key, queue text, payload jsonb, status text, retry_count int, error_message text, failed_at timestamptz);
     insert into app.failed_jobs select i, 'q', '{}', case when i % 3 = 0 then 'FAILED' else 'DONE' end, 1, 'x', now() from generate_series(1, 300) i; analyze app.failed_jobs;
     create table app.undecided_failures (id bigint primary key, body text, state int, error text, attempts int); insert into app.undecided_failures select i, 'x', i % 4, 'y', 1 from generate_series(1, 100) i; analyze app.undecided_failures`,
  );
  const { text } = await run([one.url]);
  expect(text).toContain(`from: '"Große Bestellung"."Event.Outbox" t'`);
  expect(text).toContain("parked: t.status::text = 'FAILED'");
  expect(text).toContain("done: t.status::text = 'DONE'");
  expect(text).toContain("# likely: app.failed_jobs is a table of dead letters, by its name, and the columns");
  expect(text).toContain("which value of its status says that a row of app.undecided_failures is parked; map parked: by hand.");
  expect(problemsOf(text)).toEqual([]);
});

test("tables of two databases that share their keys become rules, the projection by its name; what only looks alike does not", async () => {
  const tables = (name: string, from: number) =>
    `create table ${name} (order_id text primary key, state text, amount_cents int, updated_at timestamptz); insert into ${name} select 'ORD-' || i, 'paid', i, now() from generate_series(${from}, ${from + 99}) i; analyze ${name}; create table settings (name text primary key, value text); insert into settings select '${name}-' || i, 'x' from generate_series(1, 20) i`;
  const payments = await database("payments", tables("payment", 1));
  const orders = await database("orders", `create schema shop; set search_path = shop; ${tables("payment_view", 11)}`);
  // A database with one framework is one source, with two it is several, and a rule still names one that is there.
  for (const [url, names] of [
    [payments.url, ["pg-boss: v10"]],
    [orders.url, ["pg-boss: v10", "wolverine: plain"]],
  ] as const)
    for (const name of names) await fixtures.find(({ preset, variant }) => `${preset}: ${variant}` === name)!.make(url);
  const { text } = await run([payments.url, orders.url]);
  const contract = /# contracts\/copies.yaml\n([\s\S]*?)\n# Grants/.exec(text)![1]!;
  const parsed = parseContract(contract, "contracts/copies.yaml");
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(parsed.contract.recovery.reconciliation).toMatchObject([
    {
      authority: { relation: "payment", key: "order_id", changedAt: "updated_at" },
      projection: { relation: "shop.payment_view", columns: ["state", "amount_cents"] },
    },
  ]);
  expect(text).toContain("of 100 sampled keys of payment");
  const [rule] = parsed.contract.recovery.reconciliation;
  const sources = [...accordOf(text).matchAll(/^ {2}([\w-]+):$/gm)].map((match) => match[1]);
  expect(sources).toHaveLength(4);
  expect(sources).toEqual(expect.arrayContaining([rule!.authority.sourceId, rule!.projection.sourceId]));
  for (const grant of ["select on payment", "usage on schema shop", "select on shop.payment_view"])
    expect(text).toContain(`grant ${grant} to accord_observer;`);
  expect(problemsOf(text)).toEqual([]);
});

test("among 500 unknown tables it samples the largest, and says what it left out", async () => {
  const one = await database(
    "many",
    `do $$ begin for i in 1..250 loop execute format('create table public.thing_%s (id bigint primary key, name text, colour text, size int)', i); execute format('insert into public.thing_%s select g, ''n'', ''c'', g from generate_series(1, 50) g', i);
      end loop; create schema other; for i in 1..250 loop execute format('create table other.thing_%s (id bigint primary key, name text, colour text, size int)', i); end loop; end $$`,
  );
  const { text } = await run([one.url]);
  expect(text).toContain("500 tables");
  expect(text).toMatch(/has 500 business tables; copies were looked for among the 120 largest\./);
});

test("what may not be read is said and keeps nobody from the rest; views, parts and empty databases are no trouble", async () => {
  const one = await database(
    "denied",
    `drop role if exists discover_reader; create role discover_reader login password 'secret'; create table secret (id bigint primary key, a text); create table open_to_all (id bigint primary key, a text); grant select on open_to_all to discover_reader;
     create view seen as select * from open_to_all; create table parted (id bigint primary key, a text) partition by range (id); create table parted_1 partition of parted for values from (0) to (10)`,
  );
  const url = Object.assign(new URL(one.url), { username: "discover_reader", password: "secret" }).href;
  const { text, exitCode } = await run([url]);
  expect(exitCode).toBe(0);
  expect(text).toContain(
    "this login may not read public.parted, public.secret, public.seen, so that only their columns are known: grant it usage on their schema and select on them, and look again.",
  );
  const empty = await run([(await database("empty")).url]);
  expect(empty.text).toContain("has no table that this login may know of.");
});

test("nothing is written without --write, nor over what is there; a wrong address is told in words, without its password", async () => {
  const one = await database(
    "written",
    "create table outbox_events (id uuid primary key, type text, payload jsonb, created_at timestamptz, sent_at timestamptz)",
  );
  await run([one.url]);
  await expect(readFile(join(folder, "accord.yaml"), "utf8")).rejects.toThrow();
  expect(await run([one.url], "--write")).toMatchObject({ exitCode: 0 });
  const written = await readFile(join(folder, "accord.yaml"), "utf8");
  expect(written).toContain("preset: generic");
  const [, variable] = /\$\{(\w+)\}/.exec(written)!;
  expect(await loadConfiguration(join(folder, "accord.yaml"), { [variable!]: one.url })).toMatchObject({ ok: true });
  const again = await run([one.url], "--write");
  expect(again).toMatchObject({ exitCode: 1 });
  expect(again.text).toContain("Nothing was written: accord.yaml and contracts/first.yaml are there already.");
  const wrong = await run([Object.assign(new URL(one.url), { username: "nobody", password: "pa55word" }).href]);
  expect(wrong.exitCode).toBe(1);
  expect(wrong.text).not.toContain("pa55word");
  expect((await run(["ORDERS_URL"])).exitCode).toBe(2);
});
