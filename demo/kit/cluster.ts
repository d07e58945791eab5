import { createHmac } from "node:crypto";
import pg from "pg";

export type Tx = pg.PoolClient;

// The demo's versions and counters are far below 2^53. Said per pool, because other code in this process may think otherwise.
const types = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};

/** The same cluster, another of its databases. */
export function databaseUrl(adminUrl: string, database: string, login?: { user: string; password: string }): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (login) {
    url.username = login.user;
    url.password = login.password;
  }
  return url.href;
}

/** A login's password, the same at every install and no easier to guess than the administrator's own. */
export function passwordFor(adminUrl: string, user: string): string {
  return createHmac("sha256", new URL(adminUrl).password).update(user).digest("hex").slice(0, 32);
}

/** A small pool that outlives its database's absence: a broken connection is replaced at the next use. */
export function openPool(url: string, most: number, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: most,
    types,
    application_name: name,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  pool.on("error", () => {});
  // A client that is checked out tells its end by an event of its own, beside the query that fails.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** Runs statements as administrator on one database of the cluster, on a connection of its own. */
export async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
