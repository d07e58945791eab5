import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";

// Instants are numbers everywhere: timestamptz leaves the driver as epoch milliseconds, int8 as a number while it is safe, else as a string.
const OID = { int8: 20, timestamptz: 1184 } as const;
function parse(oid: number, format?: "text" | "binary") {
  if (oid === OID.timestamptz && format !== "binary") return (text: string) => Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
  if (oid === OID.int8 && format !== "binary") return (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
  return pg.types.getTypeParser(oid, format as "text");
}
export const typeParsers: pg.CustomTypesConfig = { getTypeParser: parse as pg.CustomTypesConfig["getTypeParser"] };

/** The store, or a transaction on it: both answer the same queries. */
export type Db = Pick<NodePgDatabase, "execute" | "transaction" | "select" | "insert" | "update" | "delete">;

/** A pool on Accord's own store. `most` bounds its connections; a broken idle connection is replaced, never fatal. */
export function openStore(url: string, most = 10, applicationName = "accord"): { db: Db; pool: pg.Pool; close: () => Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: most,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    types: typeParsers,
  });
  pool.on("error", () => {});
  return { db: drizzle(pool), pool, close: () => pool.end() };
}
