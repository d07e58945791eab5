import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { ZoneFacts } from "./rules";

export type StoredTag = { zoneId: string; title: string; facts: ZoneFacts | null };

/** Titles of some zones with the facts that they were judged by last, in the order of the files. */
export async function selectTags(db: Db, zoneIds: readonly string[]): Promise<StoredTag[]> {
  return rows<StoredTag>(
    db,
    sql`select z.zone_id as "zoneId", z.title, s.facts from zone z left join zone_status s using (zone_id)
          where z.zone_id = any(${list(zoneIds, "text")}) order by z.position, z.zone_id`,
  );
}
