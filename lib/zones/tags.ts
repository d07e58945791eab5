import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { ZoneTag } from "../dead-letters/views";
import type { Instant } from "../time";
import { type ZoneFacts, zoneVerdict } from "./rules";

/** Titles and verdicts of some zones, judged as of now; a zone without a judgement is unknown. */
export async function zoneTags(db: Db, zoneIds: readonly string[], now: Instant): Promise<ZoneTag[]> {
  if (zoneIds.length === 0) return [];
  const found = await rows<{ zoneId: string; title: string; facts: ZoneFacts | null }>(
    db,
    sql`select z.zone_id as "zoneId", z.title, s.facts from zone z left join zone_status s using (zone_id) where z.zone_id = any(${list(zoneIds, "text")}) order by z.position`,
  );
  return found.map(({ zoneId, title, facts }) => ({
    zoneId,
    title,
    verdict: facts === null ? "unknown" : zoneVerdict(facts, now).verdict,
  }));
}
