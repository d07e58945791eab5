import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Db, openStore } from "./pool";

/** The names that the test run shares: its superuser's address, and the migrated database that every store is copied from. */
export const testEnv = { adminUrl: "ACCORD_TEST_ADMIN_URL", template: "ACCORD_TEST_TEMPLATE" } as const;

export type TestStore = { db: Db; pool: pg.Pool; url: string; ownerUrl: string; close: () => Promise<void> };

/** A store of its own: migrated, empty, opened as the runtime role. `ownerUrl` is for what that role may not do. */
export async function testStore(most = 5): Promise<TestStore> {
  const { url: ownerUrl, drop } = await createDatabase(`t_store_${suffix()}`, fromEnv(testEnv.template));
  const runtime = new URL(ownerUrl);
  runtime.username = "accord_app";
  const store = openStore(runtime.href, most, "accord test");
  const close = async () => {
    await store.close();
    await drop();
  };
  return { db: store.db, pool: store.pool, url: runtime.href, ownerUrl, close };
}

/** An empty database, opened as superuser; `name` only helps a reader of the server's log. On the run's server, or on one of the caller's own. */
export function testDatabase(name = "plain", server?: string): Promise<{ url: string; drop: () => Promise<void> }> {
  return createDatabase(`t_${name.replace(/[^a-z0-9_]/gi, "_")}_${suffix()}`, "template0", server);
}

/**
 * A pool whose connections may be lost. `pg.Pool.end()` does not wait for their last words, so that a database dropped right after it ends
 * them by force; an error that nobody listens for would end the process of whatever test runs then.
 */
export function testPool(url: string, most: number, more: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ ...more, connectionString: url, max: most });
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** Asks again and again until there is an answer, and gives it; fails when there was none in time. An error counts as no answer. */
export async function until<T>(
  fact: () => Promise<T | null | undefined | false>,
  { withinMs = 20_000, everyMs = 20 } = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      last = await fact();
      if (last !== null && last !== undefined && last !== false) return last as T;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline)
      throw new Error(
        `Not so within ${withinMs} ms: ${fact.toString()}; the last answer was ${last instanceof Error ? last.message : JSON.stringify(last)}.`,
        { cause: last },
      );
    await sleep(everyMs);
  }
}

async function createDatabase(
  name: string,
  template: string,
  server = fromEnv(testEnv.adminUrl),
): Promise<{ url: string; drop: () => Promise<void> }> {
  await admin(server, `create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => admin(server, `drop database if exists ${pg.escapeIdentifier(name)} with (force)`) };
}

async function admin(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function fromEnv(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(
      `${name} is not set: run this test with vitest, whose projects start the database in lib/db/testing.setup.ts.`,
    );
  return value;
}

const suffix = () => randomBytes(6).toString("hex");
