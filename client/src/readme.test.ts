import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ctx } from "../../lib/context";
import { testFiles } from "../../lib/contracts/testing";
import { rows } from "../../lib/db/rows";
import { type TestStore, testDatabase, testPool, testStore, until } from "../../lib/db/testing";
import { program } from "../../lib/launch/programs";
import { root } from "../../lib/launch/root";
import { parseAct } from "../../lib/operations/input";
import { readOperation } from "../../lib/operations/reading";
import { requestRetry } from "../../lib/operations/service";
import { makeOperator } from "../../lib/operators/testing";
import { installNative } from "../../lib/sources/presets/native/install";
import { readZone } from "../../lib/zones/service";
import { serviceGrants } from "./index.js";

const accord = `version: 1
environment: test
sources:
  orders: { service: order-service, url: "\${ORDERS}", observe_every: 200ms }
  stock: { service: stock-service, url: "\${STOCK}", observe_every: 200ms }
contracts: ./contracts
`;
const contract = `version: 1
zone: reservations
title: Reservations
promise: Stock is reserved for every order.
business_key: { name: order, pattern: "ORD-\\\\d+" }
facts: [{ fact: order, authority: orders }]
expectation: { class: eventual, window: 10m, slo: { target: 99.9%, over: 30d } }
semantics:
  propagation: outbox
  ordering: by-key
  events:
    OrderPlaced: { from: orders, to: [stock-service], means: An order was placed., schema: 1 }
recovery:
  retry: { attempts: 3, backoff: exponential, first: 200ms, max: 5s }
  reconciliation:
    - rule: stock-follows-orders
      every: 1m
      authority: { source: orders, relation: customer_order, key: order_id, columns: [quantity] }
      projection: { source: stock, relation: reservation, key: order_id, columns: [quantity] }
      repair: case
accountability: { owner: shop, on_call: { team: shop, escalation: 5m } }
`;

type Database = Awaited<ReturnType<typeof testDatabase>> & { pool: pg.Pool; serviceUrl: string };
let folder: string;
let store: TestStore;
let orders: Database;
let stock: Database;
const role = `t_client_${randomBytes(4).toString("hex")}`;
const processes: ChildProcess[] = [];
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "accord-client-")));
  installPackage();
  store = await testStore(4);
  [orders, stock] = await Promise.all([serviceDatabase("readme_orders"), serviceDatabase("readme_stock")]);
  await orders.pool.query(`create role ${role} login password 'pw'`);
  await prepare(orders, "create table customer_order (order_id text primary key, sku text, quantity int)");
  await prepare(
    stock,
    "create table stock (sku text primary key, on_hand int); create table reservation (order_id text primary key, quantity int); insert into stock values ('SKU-1', 100)",
  );
});
afterAll(async () => {
  for (const child of processes) child.kill("SIGKILL");
  await Promise.all([orders.pool.end(), stock.pool.end()]);
  await Promise.all([store.close(), orders.drop(), stock.drop()]);
  const admin = new pg.Client({ connectionString: store.ownerUrl.replace(/\/[^/]*$/, "/postgres") });
  await admin.connect();
  await admin.query(`drop role ${role}`);
  await admin.end();
  rmSync(folder, { recursive: true, force: true });
});

// npm's own variables would make it work for the project that runs the tests.
const npm = (...args: string[]): string => {
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (name.startsWith("npm_")) delete env[name];
  return execFileSync("npm", args, { cwd: folder, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
};

/** The text of the README in an empty project, with what `npm pack` made of the package, and pg as it lies here. */
function installPackage(): void {
  npm("pack", path.join(root, "client"), "--pack-destination", folder, "--silent");
  writeFileSync(path.join(folder, "package.json"), '{ "name": "shop", "private": true, "type": "module" }');
  npm("install", "./accord-client-0.1.0.tgz", "--offline", "--no-audit", "--no-fund");
  mkdirSync(path.join(folder, "node_modules/@types"));
  for (const name of ["pg", "@types/pg", "@types/node"])
    symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name));
  writeFileSync(path.join(folder, "service.ts"), readmeService());
  // The page that leads here is held to the same types.
  writeFileSync(path.join(folder, "connect.ts"), codeOf("docs/connect/typescript.md"));
  writeFileSync(
    path.join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { strict: true, module: "nodenext", target: "es2023", types: ["node"] },
      files: ["service.ts", "connect.ts"],
    }),
  );
  execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "."], {
    cwd: folder,
    encoding: "utf8",
  });
}

const codeOf = (page: string): string => /```ts\n([\s\S]*?)```/.exec(readFileSync(path.join(root, page), "utf8"))![1]!;
const readmeService = () => codeOf("client/README.md");

async function serviceDatabase(name: string): Promise<Database> {
  const made = await testDatabase(name);
  const url = new URL(made.url);
  url.username = role;
  url.password = "pw";
  return { ...made, pool: testPool(made.url, 2), serviceUrl: url.href };
}

/** What a team's migration does, and what it runs for Accord. */
async function prepare({ pool, url }: Database, tables: string): Promise<void> {
  await pool.query(readFileSync(path.join(folder, "node_modules/@accord/client/schema.sql"), "utf8"));
  await pool.query(tables);
  await pool.query(`${serviceGrants(role)} grant select, insert, update on all tables in schema public to ${role}`);
  await installNative(url);
}

function run(args: string[], cwd: string, env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env, LOG_LEVEL: "silent" },
    stdio: ["pipe", "ignore", "inherit"],
  });
  processes.push(child);
  return child;
}

test("the package is small, and holds nothing but what its users need", () => {
  const manifest = JSON.parse(readFileSync(path.join(folder, "node_modules/@accord/client/package.json"), "utf8"));
  expect(manifest.dependencies ?? {}).toEqual({});
  const files = execFileSync("tar", ["-tzf", path.join(folder, "accord-client-0.1.0.tgz")], { encoding: "utf8" })
    .trim()
    .split("\n");
  expect(files.filter((file) => !/^package\/(package\.json|README\.md|schema\.sql|dist\/\w+\.(js|d\.ts))$/.test(file))).toEqual(
    [],
  );
  expect(files).toContain("package/dist/index.d.ts");
});

test("the service of the README, of forty lines at most, emits, fails, parks, is retried from Accord, and converges", async () => {
  const own = readmeService()
    .split("\n")
    .filter((line) => line.trim() !== "");
  expect(own.length).toBeLessThanOrEqual(40);
  const files = await testFiles({ "accord.yaml": accord, "contracts/reservations.yaml": contract });
  run(program("worker"), root, { DATABASE_URL: store.url, ACCORD_CONFIG: files.path, ORDERS: orders.url, STOCK: stock.url });
  // A door to the service: a line of standard input is an order.
  writeFileSync(
    path.join(folder, "door.js"),
    'import { createInterface } from "node:readline";\nimport { placeOrder } from "./service.js";\nfor await (const line of createInterface({ input: process.stdin })) await placeOrder(...line.split(" "), 2);\n',
  );
  const service = run(["door.js"], folder, { ORDERS_DATABASE_URL: orders.serviceUrl, STOCK_DATABASE_URL: stock.serviceUrl });
  const place = (id: string, sku: string) => service.stdin!.write(`${id} ${sku}\n`);
  const { ctx } = await makeOperator(store.db, Date.now(), { name: "Jo", role: "administrator" });
  const zone = async () => (await readZone({ ...ctx, now: Date.now() }, { zoneId: "reservations" })).zone;

  place("ORD-1", "SKU-1");
  await until(async () => (await reserved()).includes("ORD-1"));
  place("ORD-2", "SKU-2");
  const letter = await until(
    async () =>
      (
        await rows<{ id: number; error: string }>(
          store.db,
          sql`select d.id, g.template as error from dead_letter d join dead_letter_group g using (group_id)`,
        )
      )[0],
  );
  expect(letter.error).toMatch(/^There is no shelf for /);
  await until(async () => (await zone()).parkedN === 1 && (await zone()).verdict === "at_risk");

  // Retried before anything was mended it fails again, and is parked as it was.
  expect(await retried(ctx, letter.id, "to see whether it still fails")).toMatchObject({ failed_again: 1, total: 1 });
  await stock.pool.query("insert into stock values ('SKU-2', 10)");
  await until(async () => (await rows(store.db, sql`select 1 from dead_letter where state = 'parked'`)).length === 1);
  expect(await retried(ctx, letter.id, "the shelf is there now")).toMatchObject({ succeeded: 1, total: 1 });

  await until(async () => (await zone()).verdict === "healthy" && (await zone()).keysN === 0, { withinMs: 60_000 });
  expect(await reserved()).toEqual(["ORD-1", "ORD-2"]);
  expect((await stock.pool.query("select sku, on_hand from stock order by sku")).rows).toEqual([
    { sku: "SKU-1", on_hand: 98 },
    { sku: "SKU-2", on_hand: 8 },
  ]);
  service.kill("SIGTERM");
  expect(await new Promise((resolve) => service.once("exit", (code) => resolve(code)))).toBe(0);
  await files.remove();
});

const reserved = async (): Promise<string[]> =>
  (await stock.pool.query("select order_id from reservation order by order_id")).rows.map(({ order_id }) => order_id);

/** Presses retry and waits for the outcome. */
async function retried(ctx: Ctx, id: number, reason: string) {
  const { operationId } = await requestRetry(
    { ...ctx, now: Date.now() },
    parseAct({ selection: { messages: [id] }, reason, key: reason.replaceAll(" ", "-") }),
  );
  return until(
    async () => {
      const { operation } = await readOperation({ ...ctx, now: Date.now() }, { operationId: Number(operationId) });
      return operation.state === "done" && operation.counts;
    },
    { withinMs: 30_000 },
  );
}
