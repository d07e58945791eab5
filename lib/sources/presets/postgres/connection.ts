import pg from "pg";
import { connectionOf } from "../../../platform/tls";

// On production's database a slow answer is worse than none: what takes longer is given up and shown as failing.
const STATEMENT_TIMEOUT_MS = 5_000;

/** One connection to a service's database, opened when it is first needed; `applicationName` tells the service's people whose it is. */
export function poolOf(url: string, applicationName: string): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOf(url),
    max: 1,
    application_name: applicationName,
    connectionTimeoutMillis: 3_000,
    // Above statement_timeout, so it fires only when the server never answers.
    query_timeout: STATEMENT_TIMEOUT_MS + 2_000,
    keepAlive: true,
  });
  pool.on("error", () => {});
  // One that is checked out tells its end by an event of its own, beside the query that fails; unheard, it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/**
 * The settings of each transaction of ours: what shapes the text of a value, or what a name means, is the same on every connection, whatever
 * the database, the role or a pooler sets. Without row_security a policy that hides rows is an error instead of fewer rows.
 */
export const pinnedSettings: Readonly<Record<string, string | number>> = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: 10_000,
  jit: "off",
  timezone: "UTC",
  datestyle: "ISO, MDY",
  intervalstyle: "postgres",
  extra_float_digits: 1,
  bytea_output: "hex",
  xmloption: "content",
  xmlbinary: "base64",
  quote_all_identifiers: "off",
  lc_monetary: "C",
  standard_conforming_strings: "on",
  row_security: "off",
};
const PINNED = Object.entries(pinnedSettings)
  .map(([name, value]) => `set local ${name} = '${value}'`)
  .concat(`set local search_path = "$user", public`)
  .join("; ");

/** Works in one transaction with the limits that hold on a service's database; `more` are further settings of it. */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.ClientBase) => Promise<T>,
  more = "set local lock_timeout = 1000",
): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query(`${begin}; ${PINNED}; ${more}`);
    const value = await work(client);
    await client.query("commit");
    return value;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    // A connection that failed in an unknown state is not given to the next poll.
    client.release(failure && !("code" in failure && /^[0-9A-Z]{5}$/.test(String(failure.code))) ? failure : undefined);
  }
}
