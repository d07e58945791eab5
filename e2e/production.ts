import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { expect } from "vitest";
import { consume, emit, type Message, nextVersion, pgDatabase, redeliver, relay, type Service } from "../client/src";
import { testPool, until } from "../lib/db/testing";
import { freePort } from "../lib/platform/port";
import { type Caller, signIn } from "./caller";
import { startServer } from "./debian";
import { packProduct } from "./packed";
import { pages } from "./setup";
import { OWN_PASSWORD } from "./story";
import { openShell, type Shell, typedBlocks } from "./typed";

export const passwords = {
  owner: "own3r-pw",
  app: "4pp-pw",
  observer: "obs3rver-pw",
  actor: "act0r-pw",
  orders: "0rders-pw",
  service: "s3rvice-pw",
};

/** A server with nothing of ours but the service's database, whose owner is no superuser and may make no roles. */
async function freshServer(folder: string): Promise<Awaited<ReturnType<typeof startServer>>> {
  const data = mkdtempSync(path.join(folder, "server-"));
  const server = await startServer(data);
  await sql(
    server.url,
    `create role orders_owner login password '${passwords.orders}'; create role order_service login password '${passwords.service}'`,
  );
  await sql(server.url, "create database orders owner orders_owner");
  await sql(
    at(server.url, "orders_owner", passwords.orders, "orders"),
    `create table messaging_version (business_key text primary key, version bigint not null);
     grant select, insert, update on messaging_version to order_service`,
  );
  return server;
}

async function sql(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let last: pg.QueryResult | undefined;
    for (const statement of text.split(/;\s*\n/).filter((one) => one.trim() !== "")) last = await client.query(statement);
    return last!;
  } finally {
    await client.end();
  }
}

const at = (url: string, username: string, password: string, database: string): string =>
  Object.assign(new URL(url), { username, password, pathname: `/${database}` }).href;

/** The service of the docs: what it writes, and a handler that fails while it is broken. */
function orderService(url: string) {
  const pool = testPool(at(url, "order_service", passwords.service, "orders"), 2);
  const state = { broken: true };
  const database = pgDatabase(pool);
  const service: Service<pg.PoolClient> = {
    ...{ name: "order-service", version: "1.0.0", database, backoff: { attempts: 2, firstMs: 1, maxMs: 1 } },
    handlers: {
      async OrderPlaced() {
        if (state.broken) throw new RangeError("no such shelf");
        return "applied";
      },
    },
  };
  /** An order is placed, its event travels, and the consumer deals with it. */
  const place = async (key: string) => {
    await database.transaction(async (tx) =>
      emit(tx, service, { event: "OrderPlaced", aggregate: "order", key, version: await nextVersion(tx, key), payload: { key } }),
    );
    const sent: Message[] = [];
    await relay(database, async (messages) => void sent.push(...messages));
    return Promise.all(sent.map((message) => consume(service, message)));
  };
  return { state, place, redeliver: () => redeliver(service), close: () => pool.end() };
}

async function typeEverything(shell: Shell, server: string, values: Record<string, string>): Promise<string> {
  const blocks = typedBlocks("docs/operating.md", values);
  expect(blocks.map(({ language, on }) => on ?? language)).toEqual(["store", "sh", "sh", "service", "sh", "sh"]);
  let printed = "";
  for (const { language, text } of blocks.slice(0, -1))
    if (language === "sql") await sql(server, text);
    else printed += await shell.type(text);
  shell.leave(blocks.at(-1)!.text);
  return printed;
}

async function signedIn(shell: Shell, url: string): Promise<Caller> {
  const password = await until(async () => /shown this once: (\S+)/.exec(shell.said())?.[1], patience);
  await until(async () => (await fetch(`${url}/api/health/ready`)).ok, patience);
  const caller = await signIn(url, { email: "ada@example.com", password });
  expect(await caller.get("/api/v1/me")).toMatchObject({ actor: { role: "administrator", zones: null } });
  // What was printed is for one use.
  await expect(caller.get("/api/v1/sources")).rejects.toThrow("Choose a password of your own first");
  await caller.post("/api/v1/me/password", { current: password, next: OWN_PASSWORD });
  return caller;
}

const patience = { withinMs: 60_000, everyMs: 100 };

type Groups = { groups: { groupId: number; openN: number }[] };
type Standing = { operation: { state: string; counts: Record<string, number> } };

/** What leads to a server: directly, or through something that stands before it. */
export type Way = { through: (url: string) => string; stop: () => Promise<void> };

/** Everything from an empty directory and the first word typed to a message that was retried and taken; `before` gives the way to a server. */
export async function freshProduction(before: (server: string) => Promise<Way>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "accord-production-"));
  // PostgreSQL runs as somebody else, who has to get through.
  chmodSync(folder, 0o755);
  const product = path.join(folder, "accord");
  mkdirSync(product);
  await pages();
  packProduct(product);
  const server = await freshServer(folder);
  const way = await before(server.url);
  const shell = openShell(product);
  const service = orderService(server.url);
  try {
    await story(shell, service, server.url, way);
    expect(shell.said()).not.toContain("Warning");
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\nThe shell said:\n${shell.said().slice(-4_000)}`, { cause: error });
  } finally {
    await service.close();
    await shell.stop();
    await way.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function story(shell: Shell, service: ReturnType<typeof orderService>, server: string, way: Way): Promise<void> {
  const host = new URL(way.through(server)).host;
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const printed = await typeEverything(shell, server, {
    ...Object.fromEntries(Object.entries(passwords).map(([who, password]) => [`${who} password`, password])),
    ...{ "store host": host, "service host": host, "orders owner": "orders_owner", "orders owner password": passwords.orders },
    ...{ "service role": "order_service", address: url, port: String(port), "you@example.com": "ada@example.com" },
  });
  expect(printed).toContain("1 source, 1 contract: 0 errors, 0 warnings.");
  const caller = await signedIn(shell, url);
  const live = async () => (await caller.get<{ sources: { state: string }[] }>("/api/v1/sources")).sources[0]?.state === "live";
  await until(live, patience);

  expect(await service.place("ORD-1")).toEqual(["parked"]);
  const group = await until(
    async () => (await caller.get<Groups>("/api/v1/dead-letters/groups?zone=orders")).groups[0],
    patience,
  );
  service.state.broken = false;
  const retry = { selection: { groups: [String(group.groupId)] }, reason: "the shelf is back in its place" };
  const { operationId } = await caller.post<{ operationId: string }>("/api/v1/dead-letters/retry", retry);
  await until(async () => (await service.redeliver()) > 0, patience);
  const operation = async () => (await caller.get<Standing>(`/api/v1/operations/${operationId}`)).operation;
  await until(async () => (await operation()).state === "done", patience);
  expect((await operation()).counts).toMatchObject({ succeeded: 1 });
  const { rows } = await sql(at(server, "orders_owner", passwords.orders, "orders"), "select state from messaging.dead_letter");
  expect(rows).toEqual([{ state: "resolved" }]);
}
