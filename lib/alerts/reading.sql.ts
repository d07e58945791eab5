import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import { type Instant, minutes, seconds } from "../time";
import type { Counts, GroupNews, ReasonCount } from "./reading.rules";

/** Cases that are open and overdue, and messages parked in groups that somebody muted: of every zone, each by an index of what is open. */
export const selectCounts = (db: Db, zoneIds: readonly string[], now: Instant): Promise<Counts[]> =>
  rows<Counts>(
    db,
    sql`select z as "zoneId", coalesce(c.n, 0)::int as cases, coalesce(c.overdue, 0)::int as "casesOverdue", coalesce(m.n, 0)::int as "mutedN" from unnest(${list(zoneIds, "text")}) z
          left join (select zone_id, count(*) as n, count(*) filter (where due_at < ${instant(now)}) as overdue from case_file where resolved_at is null group by 1) c on c.zone_id = z
          left join (select zone, sum(g.open_n) as n from group_triage t join dead_letter_group g using (group_id), unnest(g.zones) zone where t.state = 'muted' and g.open_n > 0 group by 1) m on m.zone = z`,
  );

/** Groups of each zone that nobody muted and that began, or came back after somebody had resolved them, since a moment. */
export const selectGroupNews = (db: Db, since: Instant): Promise<GroupNews[]> =>
  rows<GroupNews>(
    db,
    sql`select zone as "zoneId", g.group_id as "groupId", g.first_at >= ${instant(since)} as "isNew", coalesce(t.regressed_at >= ${instant(since)}, false) as "isBack"
          from (select group_id from dead_letter_group where first_at >= ${instant(since)} and open_n > 0 union select group_id from group_triage where regressed_at >= ${instant(since)}) n
          join dead_letter_group g using (group_id) left join group_triage t using (group_id), unnest(g.zones) zone
        where g.open_n > 0 and t.state is distinct from 'muted' and t.state is distinct from 'resolved' order by 1, 2`,
  );

/** Open facts of some zones by reason: asked only where a condition names one. */
export const selectReasons = (db: Db, zoneIds: readonly string[]): Promise<ReasonCount[]> =>
  rows<ReasonCount>(
    db,
    sql`select zone_id as "zoneId", reason, count(distinct business_key)::int as n from unresolved where zone_id = any(${list(zoneIds, "text")}) and confirmed group by 1, 2`,
  );

export type GroupGrowth = { zoneId: string; groupId: number; perMinute: number };

// What grows faster comes first; in a storm of more a reading would hold a list that nobody reads.
const GROWING_MOST = 2_000;

/** How fast groups of each zone grow that nobody muted, by the last two minutes: every group, however small beside others. */
export const selectGrowth = (db: Db, now: Instant): Promise<GroupGrowth[]> =>
  rows<GroupGrowth>(
    db,
    sql`select zone as "zoneId", g.group_id as "groupId", greatest(a.n / greatest(extract(epoch from ${instant(now)} - greatest(a.first_at, g.first_at)) / 60, 1), 1)::float8 as "perMinute"
          from (select group_id, sum(n) as n, min(bucket) as first_at from group_arrival where level_s = 60 and bucket >= date_trunc('minute', ${instant(now - minutes(2))}) group by 1) a
          join dead_letter_group g using (group_id) left join group_triage t using (group_id), unnest(g.zones) zone
        where g.open_n > 0 and g.last_at >= ${instant(now - seconds(30))} and t.state is distinct from 'muted' order by 3 desc, 1, 2 limit ${GROWING_MOST}`,
  );
