import { sql } from "drizzle-orm";
import { StoreFault } from "../db/fault";
import type { Db } from "../db/pool";
import { Refusal } from "../refusal";

/** What somebody waits for at most; what takes longer would be slow for everybody. */
const QUERY_MS_MAX = 3_000;
const QUERY_CANCELED = "57014";

/** Runs what somebody asked for with a time of its own; what is given up is said, with what to narrow. */
export async function withinTime<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql`set local statement_timeout = ${sql.raw(String(QUERY_MS_MAX))}`);
      const answer = await work(tx);
      // Within a transaction of its caller the setting would stay for what is written after it.
      await tx.execute(sql`set local statement_timeout to default`);
      return answer;
    });
  } catch (error) {
    if (error instanceof StoreFault && error.code === QUERY_CANCELED)
      throw new Refusal(
        "unavailable",
        `This was given up after ${QUERY_MS_MAX / 1000} s. Narrow it to a zone, a consumer, an event or an error, or to a shorter time such as parked:>2026-11-27.`,
        { field: "query" },
      );
    throw error;
  }
}
