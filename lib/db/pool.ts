import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";

/** The store, or a transaction on it: both answer the same queries. */
export type Db = Pick<NodePgDatabase, "execute" | "transaction" | "select" | "insert" | "update" | "delete">;

/** A pool on Accord's own store. `most` bounds its connections; a broken idle connection is replaced, never fatal. */
export function openStore(
  url: string,
  most = 10,
  applicationName = "accord",
): { db: Db; pool: pg.Pool; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: most,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
  });
  pool.on("error", () => {});
  // One that is checked out tells its end by an event of its own, beside the query that fails; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return { db: drizzle(pool), pool, close: () => pool.end() };
}
