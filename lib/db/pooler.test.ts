import { sql } from "drizzle-orm";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownTables } from "../contracts/testing";
import { heartbeat } from "../leases/service";
import { checkDueSources, checkSource } from "../sources/check";
import { installNative } from "../sources/presets/native/install";
import { nativeSource } from "../sources/presets/native/native";
import { readSourceCheck } from "../sources/service";
import { replaceSources } from "../sources/sql";
import { listen } from "./listen";
import { boundStatements, migrateStore } from "./migrate";
import { openStore } from "./pool";
import { hasPooler, startPooler } from "./pooler.testing";
import { rows } from "./rows";
import { testDatabase } from "./testing";

// Skipped where PgBouncer is not installed: nothing else behaves like it.
describe.skipIf(!hasPooler)("C9: PgBouncer in transaction mode", () => {
  let database: { url: string; drop: () => Promise<void> };
  let pooler: Awaited<ReturnType<typeof startPooler>>;
  let runtimeUrl: string;

  beforeAll(async () => {
    database = await testDatabase("pooler");
    const { username, password } = new URL(database.url);
    pooler = await startPooler(database.url, {
      [username]: password,
      accord_app: password,
      pooler_observer: "o",
      pooler_actor: "a",
    });
    runtimeUrl = Object.assign(new URL(database.url), { username: "accord_app" }).href;
  });
  afterAll(async () => {
    await pooler.stop();
    await database.drop();
  });

  async function direct<T>(url: string, text: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows as T[];
    } finally {
      await client.end();
    }
  }

  test("the store is migrated through it by three at once, leaves no lock behind, and its statements are bounded", async () => {
    const { password } = new URL(database.url);
    const once = () => migrateStore(pooler.through(database.url), { runtimePassword: password });
    await Promise.all([once(), once(), once()]);
    await once();
    expect(
      await direct(
        database.url,
        "select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
      ),
    ).toEqual([]);
    await boundStatements(pooler.through(runtimeUrl));
    await boundStatements(pooler.through(runtimeUrl));
    expect(await direct(runtimeUrl, "show statement_timeout")).toEqual([{ statement_timeout: "15s" }]);
  });

  test("web and worker work on a store behind it", async () => {
    const store = openStore(pooler.through(runtimeUrl), 3);
    try {
      await heartbeat(store.db, "w", Date.now());
      await store.db.transaction(async (tx) => void (await tx.execute(sql`update worker set started_at = now()`)));
      expect(await rows(store.db, sql`select worker_id as "workerId" from worker`)).toEqual([{ workerId: "w" }]);
    } finally {
      await store.close();
    }
  });

  test("a connection that listens says that it cannot, and what to do, and works around it", async () => {
    const down = await new Promise<unknown>((resolve) => {
      const listener = listen(pooler.through(runtimeUrl), "c9", "accord test", {
        onTold: () => {},
        onUp: () => resolve("up"),
        onDown: (error) => resolve(listener.close().then(() => error)),
      });
    });
    expect((down as Error).message).toContain("DATABASE_DIRECT_URL");
    const up = await new Promise<string>((resolve) => {
      const listener = listen(runtimeUrl, "c9", "accord test", {
        onTold: () => {},
        onUp: () => resolve(listener.close().then(() => "up")),
        onDown: () => resolve("down"),
      });
    });
    expect(up).toBe("up");
  });

  test("a source behind it is polled as any other, and its check says that there is one", async () => {
    const service = await testDatabase("pooled");
    await installNative(service.url, {
      observer: { user: "pooler_observer", password: "o" },
      actor: { user: "pooler_actor", password: "a" },
    });
    const as = (username: string, password: string) =>
      pooler.through(Object.assign(new URL(service.url), { username, password }).href);
    const config = {
      ...{ sourceId: "orders", service: "order-service", preset: "native", consumers: [], schema: "messaging" },
      ...{
        url: as("pooler_observer", "o"),
        actUrl: as("pooler_actor", "a"),
        observeEveryMs: 2_000,
        act: true,
        timeZone: "UTC",
        ...ownTables,
      },
    };
    const source = nativeSource(config);
    const poll = await source.poll(null, 100);
    expect((await source.poll(poll.cursor, 100)).reread).toBeNull();
    await source.close();
    const checks = await checkSource(config);
    expect(checks.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(checks.find(({ check }) => check === "pooler")?.sentence).toContain("the observer's and the actor's connection");
    const store = openStore(pooler.through(runtimeUrl), 2);
    const ctx = { db: store.db, actor: { kind: "worker", workerId: "w" } as const, now: Date.now() };
    await replaceSources(store.db, [config], ctx.now);
    await checkDueSources(store.db, [config], [], Date.now());
    expect((await readSourceCheck(ctx, { sourceId: "orders" })).checks).toHaveLength(checks.length);
    await store.close();
    await service.drop();
  });
});
