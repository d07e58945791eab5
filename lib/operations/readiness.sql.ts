import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { ReadyGroup } from "./readiness.rules";

/** Above this it is not told whether a version failed before: a group's closed letters are read by no index of versions. */
const CLOSED_MOST = 20_000;

/**
 * What is known of groups before a retry; each by its key, with its consumer's newest mark. What was closed counts with what is merged into
 * it, and says that a version never failed only where all of it is kept.
 */
export async function selectReadyGroups(db: Db, groupIds: readonly number[]): Promise<ReadyGroup[]> {
  return rows<ReadyGroup>(
    db,
    sql`select g.group_id as "groupId", g.consumer, g.last_at as "lastAt", w.observed_at as "seenAt", l.version as live, t.waits_for as "waitsFor", coalesce(t.ready_at is not null, false) as ready,
          case when l.version is null then null when g.versions ? l.version then true when k.closed_n > ${CLOSED_MOST} then null
            else (select case when bool_or(h.consumer_version = l.version) then true when count(*) >= k.closed_n then false end from dead_letter_history h where h.group_id = any(k.ids)) end as "failsOnLive"
        from dead_letter_group g left join group_triage t on t.group_id = g.group_id and t.state = 'waiting'
          left join source_status w on w.source_id = g.source_id and not w.backlog
          left join lateral (select d.version from deploy d where d.source_id = g.source_id and d.consumer = g.consumer order by d.at desc limit 1) l on true
          cross join lateral (select array_agg(o.group_id) as ids, sum(o.total_n - o.open_n) as closed_n from dead_letter_group o
            where o.group_id = g.group_id or o.group_id in (select r.from_id from group_route r where r.to_id = g.group_id and r.rule is null and r.ended_at is null)) k
        where g.group_id = any(${list(groupIds, "bigint")})`,
  );
}

/** How many messages lately had their effect twice, by source. */
export async function selectTwice(db: Db, consumers: readonly string[]): Promise<{ sourceId: string; n: number }[]> {
  return rows(
    db,
    sql`select source_id as "sourceId", sum(n)::float8 as n from recent_count where measure = 'semantic_duplicate' and consumer = any(${list(consumers, "text")}) group by 1`,
  );
}
