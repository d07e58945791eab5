import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { Handled } from "./headroom.rules";

/** How many messages consumers handled within two hours, five minutes a row. */
export const selectHandled = (db: Db, consumers: readonly string[]): Promise<Handled[]> =>
  rows<Handled>(
    db,
    sql`select consumer, at, sum(n)::float8 as n from recent_count where measure = 'processed' and consumer = any(${list(consumers, "text")}) group by 1, 2 order by 1, 2`,
  );
