import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows, unnestOf } from "../db/rows";
import type { Instant } from "../time";
import type { Origin, ProducerChange } from "./origins.rules";

// Enough to tell what all have in common, and few enough to ask in every round.
const SAMPLED = 50;

/** How a sample of each group's messages came, with their producer's last deploy just before the first of them. */
export async function selectOrigins(
  db: Db,
  groups: readonly { as: string; groupId: number; sourceId: string; service: string; began: Instant }[],
): Promise<(Origin & { as: string })[]> {
  if (groups.length === 0) return [];
  return rows<Origin & { as: string }>(
    db,
    sql`select g.asked as "as", g.group_id as "groupId", s.schemas, s.versions, (select jsonb_build_object('version', d.version, 'at', (extract(epoch from d.at) * 1000)::float8,
              'before', (select o.version from deploy o where o.source_id = d.source_id and o.consumer = d.consumer and o.at < d.at order by o.at desc limit 1))
            from deploy d where d.source_id = g.source and d.consumer = g.service and d.kind <> 'first' and d.at between to_timestamp(g.began / 1000) - interval '30 minutes' and to_timestamp(g.began / 1000) + interval '30 seconds' order by d.at desc limit 1) as deploy
        from ${unnestOf("g", groups, { asked: ["text", (one) => one.as], group_id: ["bigint", (one) => one.groupId], source: ["text", (one) => one.sourceId], service: ["text", (one) => one.service], began: ["float8", (one) => one.began] })}
          cross join lateral (select coalesce(to_jsonb(array_agg(distinct b.schema_version)), '[]') as schemas, coalesce(to_jsonb(array_agg(distinct b.headers->>'producer_version')), '[]') as versions
            from (select d.id from dead_letter d where d.group_id = g.group_id order by d.parked_at desc, d.id desc limit ${SAMPLED}) d join dead_letter_body b using (id)) s`,
  );
}

/** What some groups' failures began with at their producers, as their zones were judged last: small reads, also for a list that is looked at all day. */
export async function selectProducers(
  db: Db,
  groupIds: readonly number[],
  zoneIds: readonly string[],
): Promise<{ groupId: number; producer: ProducerChange; service: string }[]> {
  if (groupIds.length === 0 || zoneIds.length === 0) return [];
  return rows(
    db,
    sql`select distinct on (1) (c->>'groupId')::bigint as "groupId", c->'producer' as producer, coalesce(o.service, c->'producer'->>'sourceId') as service
        from zone_status s cross join lateral jsonb_array_elements(s.causes->'parked') c left join source o on o.source_id = c->'producer'->>'sourceId'
        where s.zone_id = any(${list(zoneIds, "text")}) and (c->>'groupId')::bigint = any(${list(groupIds, "bigint")}) and jsonb_typeof(c->'producer') = 'object' order by 1, s.zone_id`,
  );
}
