import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Contract, SourceConfig } from "../contracts/rules";
import { ownTables, testFiles } from "../contracts/testing";
import { type TestStore, testDatabase, testStore } from "../db/testing";
import { checkDueSources, checkSource } from "./check";
import { type SourceCheck, type SourceCheckName, sourceChecks } from "./check.rules";
import { checkCommand } from "./check-command";
import { installNative } from "./presets/native/install";
import { readSourceCheck } from "./service";
import { replaceSources } from "./sql";

let database: { url: string; drop: () => Promise<void> };
let config: SourceConfig;
let owner: pg.Client;

beforeAll(async () => {
  database = await testDatabase("check");
  const observer = { user: "check_observer", password: "secret" };
  const actor = { user: "check_actor", password: "secret" };
  await installNative(database.url, { observer, actor });
  const as = (user: string) => Object.assign(new URL(database.url), { username: user, password: "secret" }).href;
  config = {
    sourceId: "orders",
    service: "order-service",
    preset: "native",
    url: as(observer.user),
    actUrl: as(actor.user),
    consumers: [],
    schema: "messaging",
    observeEveryMs: 2_000,
    act: true,
    timeZone: "UTC",
    ...ownTables,
  };
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.drop();
});

const rowOf = (checks: readonly SourceCheck[], check: SourceCheckName) => checks.find((one) => one.check === check)!;

test("a source as the installer leaves it passes every check, each with its sentence", async () => {
  const checks = await checkSource(config);
  expect(checks.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(rowOf(checks, "observer").sentence).toBe("The observer connects as check_observer.");
  expect(rowOf(checks, "poll").sentence).toMatch(/^One poll takes \d+ ms\.$/);
});

test("what is wrong is told on its own line, with the statement that mends it", async () => {
  await owner.query(`revoke select on messaging.saga from accord_observer; revoke insert on messaging.redelivery from accord_actor;
    drop index messaging.dead_letter_open; alter table messaging.inbox enable row level security;
    alter role check_observer set datestyle = 'German'`);
  const checks = await checkSource(config);
  await owner.query(`grant select on messaging.saga to accord_observer; grant insert on messaging.redelivery to accord_actor;
    create index dead_letter_open on messaging.dead_letter (parked_at) where state in ('parked', 'redelivering');
    alter table messaging.inbox disable row level security; alter role check_observer reset datestyle`);
  expect(rowOf(checks, "observer_rights")).toMatchObject({
    state: "fail",
    sentence: "The observer lacks: select on saga.",
    todo: expect.stringContaining('grant select on "messaging".saga to check_observer;'),
  });
  expect(rowOf(checks, "actor_rights").todo).toContain('grant insert on "messaging".redelivery to check_actor;');
  expect(rowOf(checks, "indexes").sentence).toContain("dead_letter_open on dead_letter");
  expect(rowOf(checks, "row_security")).toMatchObject({ state: "fail", sentence: expect.stringContaining("inbox") });
  expect(rowOf(checks, "settings")).toMatchObject({ state: "ok", sentence: expect.stringContaining("datestyle is German") });
  expect(rowOf(checks, "poll").state).toBe("fail");
});

test("one role that owns everything works, and is said to be able to do too much", async () => {
  const checks = await checkSource({ ...config, url: database.url, actUrl: database.url });
  expect(checks.filter(({ state }) => state === "fail")).toEqual([]);
  expect(rowOf(checks, "observer_rights").state).toBe("warn");
});

test("what rules compare is asked for too, and a source with business tables only needs nothing else", async () => {
  await owner.query("create table payment (order_id int, amount int); grant select on payment to check_observer");
  const side = { sourceId: "orders", relation: "payment", key: "order_id", columns: ["amount"], changedAt: null, version: null };
  const contract = {
    semantics: { events: [] },
    recovery: { reconciliation: [{ authority: side, projection: { ...side, sourceId: "other" } }] },
  } as unknown as Contract;
  const tables = { ...config, preset: "tables" };
  expect(rowOf(await checkSource(tables, [contract]), "compared")).toMatchObject({
    state: "fail",
    sentence: expect.stringContaining("payment has no index that begins with order_id"),
  });
  await owner.query("alter table payment add primary key (order_id)");
  const checks = await checkSource(tables, [contract]);
  expect(checks.filter(({ state }) => state !== "ok")).toEqual([]);
  expect(rowOf(checks, "compared").sentence).toBe("Rules can compare payment along an index.");
});

test("where nobody gets in, that is what fails, and the rest is unknown, never ok", async () => {
  const url = Object.assign(new URL(config.url), { password: "wrong" }).href;
  const checks = await checkSource({ ...config, url, act: false });
  expect(rowOf(checks, "observer").sentence).toMatch(/^The observer does not get in\. .*name or the password/);
  const others = checks.filter(({ check }) => !["observer", "actor", "actor_rights", "compared", "capture"].includes(check));
  expect(new Set(others.map(({ state }) => state))).toEqual(new Set(["unknown"]));
  expect(JSON.stringify(checks)).not.toContain("wrong");
});

test("what a worker found is kept for those who look, and is not asked again at once", async () => {
  const store: TestStore = await testStore();
  const ctx = { db: store.db, actor: { kind: "worker", workerId: "w" } as const, now: Date.now() };
  await replaceSources(store.db, [config], ctx.now);
  expect(await readSourceCheck(ctx, { sourceId: "orders" })).toEqual({ sourceId: "orders", checkedAt: null, checks: [] });
  await checkDueSources(store.db, [config], [], Date.now());
  const first = await readSourceCheck(ctx, { sourceId: "orders" });
  expect(first.checks).toHaveLength(sourceChecks.length - 2);
  await checkDueSources(store.db, [config], [], Date.now());
  expect((await readSourceCheck(ctx, { sourceId: "orders" })).checkedAt).toBe(first.checkedAt);
  await expect(readSourceCheck(ctx, { sourceId: "nowhere" })).rejects.toThrow(
    "There is no such source, or it is not in your zones.",
  );
  await store.close();
});

test("C11: the command checks the sources of a file by name, and ends 1 when something stops one, 2 when there is nothing to ask", async () => {
  const files = await testFiles({
    "accord.yaml":
      'version: 1\nenvironment: test\nsources:\n  orders: { service: order-service, url: "$' +
      '{URL}", act_url: "$' +
      '{ACT}" }\n',
    "contracts/a.yaml": `version: 1
zone: orders
title: Orders
promise: An order is known.
expectation: { class: eventual, window: 5m }
semantics: { events: { OrderSubmitted: { from: orders, to: [order-service] } } }
accountability: { owner: checkout }
`,
  });
  const env = { ACCORD_CONFIG: files.path, URL: config.url, ACT: config.actUrl };
  const good = await checkCommand(["orders"], env);
  expect(good.exitCode).toBe(0);
  expect(good.lines).toHaveLength(sourceChecks.length - 1);
  expect(good.lines[1]).toBe("  ok      observer         The observer connects as check_observer.");
  const bad = await checkCommand([], { ...env, ACT: config.actUrl.replace("secret", "wrong") });
  expect(bad).toMatchObject({ exitCode: 1, lines: expect.arrayContaining([expect.stringContaining("act: false")]) });
  expect(await checkCommand(["nowhere"], env)).toEqual({
    exitCode: 2,
    lines: ['accord.yaml has no source "nowhere"; it has orders.'],
  });
  expect(await checkCommand([], { ...env, ACCORD_CONFIG: "nowhere.yaml" })).toMatchObject({ exitCode: 2 });
  await files.remove();
});
