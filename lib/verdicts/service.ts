import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { zoneVerdict } from "./rules";
import { selectTags } from "./sql";
import type { ZoneTag } from "./views";

/** Titles and verdicts of some zones, judged as of now; a zone without a judgement is unknown. */
export async function zoneTags(db: Db, zoneIds: readonly string[], now: Instant): Promise<ZoneTag[]> {
  if (zoneIds.length === 0) return [];
  return (await selectTags(db, zoneIds)).map(({ zoneId, title, facts }) => ({
    zoneId,
    title,
    verdict: facts === null ? "unknown" : zoneVerdict(facts, now).verdict,
  }));
}
