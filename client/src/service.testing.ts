import { readFileSync } from "node:fs";
import type pg from "pg";
import { testDatabase, testPool } from "../../lib/db/testing";
import { schemaFile } from "../schema";
import { type Fact, type Message, nextVersion, pgDatabase, relay, type Service, versionTable } from "./index.js";
import { emit } from "./outbox.js";

/** Fails three times within some milliseconds. */
export const hasty = { attempts: 3, firstMs: 1, maxMs: 2 };

export type StockService = Service<pg.PoolClient>;

/** A database with the tables of this package and a business table, and a service that counts what it handled by key. */
export async function testClient(name: string) {
  const database = await testDatabase(name);
  const pool = testPool(database.url, 6);
  await pool.query(readFileSync(schemaFile, "utf8"));
  await pool.query(`${versionTable} create table effect (key text primary key, n int not null default 0)`);
  const all = async (text: string, values: unknown[] = []) => (await pool.query(text, values)).rows;
  const orders = { name: "order-service", version: "1.0.0" };
  return {
    url: database.url,
    pool,
    all,
    orders,
    /** A service whose handler takes what `handle` answers, after it had its effect. */
    service(more: Partial<StockService> = {}): StockService {
      return {
        name: "stock-service",
        version: "2.1.0",
        database: pgDatabase(pool),
        backoff: hasty,
        handlers: {
          Placed: async (tx, message) => {
            await effect(tx, message);
            return "applied";
          },
        },
        ...more,
      };
    },
    /** Emits events of one key and answers them as its relay published them, versions 1, 2, … */
    async published(n: number, key = "ORD-1", fact: Partial<Fact> = {}): Promise<Message[]> {
      const out: Message[] = [];
      for (let i = 0; i < n; i++)
        await pgDatabase(pool).transaction(async (tx) => {
          const version = await nextVersion(tx, key);
          await emit(tx, orders, { event: "Placed", aggregate: "order", key, version, payload: { i }, ...fact });
        });
      await relay(pgDatabase(pool), async (messages) => out.push(...messages));
      return out;
    },
    /** How often each key was handled to the end. */
    effects: async (): Promise<Record<string, number>> =>
      Object.fromEntries((await all("select key, n from effect order by key")).map(({ key, n }) => [key, n])),
    async empty(): Promise<void> {
      const tables = await all("select relname from pg_class where relkind = 'r' and relnamespace = 'messaging'::regnamespace");
      await pool.query(
        `truncate ${tables.map(({ relname }) => `messaging.${relname}`).join(", ")}, messaging_version, effect restart identity`,
      );
    },
    /** What an operator's retry writes. */
    ask: (more = "null, null") =>
      pool.query(`insert into messaging.redelivery (redelivery_id, dead_letter_id, consumer, message_id, requested_by, payload, edited_message_id)
        select gen_random_uuid(), dead_letter_id, consumer, message_id, 'Ada', ${more} from messaging.dead_letter`),
    async close(): Promise<void> {
      await pool.end();
      await database.drop();
    },
  };
}

export type TestClient = Awaited<ReturnType<typeof testClient>>;

/** One more for the key of a message. */
export async function effect(tx: pg.PoolClient, { business_key }: Message): Promise<void> {
  await tx.query("insert into effect as e (key, n) values ($1, 1) on conflict (key) do update set n = e.n + 1", [business_key]);
}
