import type { SQL } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { connectionOf } from "../platform/tls";
import { storeFault } from "./fault";

/** The store, or a transaction on it: both answer the same queries, and fail with a `StoreFault`. */
export type Db = {
  execute(query: SQL): Promise<pg.QueryResult>;
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
};

type Raw = Pick<NodePgDatabase, "execute" | "transaction">;

// Errors are made plain here, where statements run: whoever logs one later cannot know what a query builder put into it.
function guarded(raw: Raw): Db {
  return {
    async execute(query) {
      try {
        return await raw.execute(query);
      } catch (error) {
        throw storeFault(error);
      }
    },
    async transaction(work) {
      let ofWork: { error: unknown } | null = null;
      try {
        return await raw.transaction(async (tx) => {
          try {
            return await work(guarded(tx));
          } catch (error) {
            ofWork = { error };
            throw error;
          }
        });
      } catch (error) {
        throw (ofWork as { error: unknown } | null)?.error === error ? error : storeFault(error);
      }
    },
  };
}

/** A pool on Accord's own store. `most` bounds its connections; a broken idle connection is replaced, never fatal. */
export function openStore(
  url: string,
  most = 10,
  applicationName = "accord",
): { db: Db; pool: pg.Pool; close: () => Promise<void> } {
  const pool = new pg.Pool({
    ...connectionOf(url),
    max: most,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // No setting comes with the connection: a pooler refuses it. How long a statement may take is the role's own (boundStatements).
  });
  pool.on("error", () => {});
  // One that is checked out tells its end by an event of its own, beside the query that fails; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return { db: guarded(drizzle(pool)), pool, close: () => pool.end() };
}
