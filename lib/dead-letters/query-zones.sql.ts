import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow } from "../db/rows";
import type { Instant } from "../time";
import type { Query } from "./query.rules";
import { groupsWhere } from "./query.sql";
import type { Scope } from "./scope.sql";

/** Every zone in which a group stands that the queries mean. */
export async function selectZonesMeant(db: Db, queries: readonly Query[], scope: Scope, now: Instant): Promise<string[]> {
  const found = await firstRow<{ zones: string[] }>(
    db,
    sql`select coalesce(array_agg(distinct z.zone), '{}') as zones from dead_letter_group g cross join lateral unnest(g.zones) z(zone) where ${groupsWhere(queries, scope, now)}`,
  );
  return found!.zones;
}
