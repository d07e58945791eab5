import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/pool";
import { firstRow, instant, rows } from "../../db/rows";
import type { Instant } from "../../time";
import type { ClosedCounts, Ending } from "./rules";

/** What a failure came to since it began, or began again. */
export async function selectEpisode(
  tx: Db,
  groupId: number,
): Promise<ClosedCounts & { beganAt: Instant; operationId: number | null }> {
  const found = await firstRow<ClosedCounts & { beganAt: Instant; operationId: number | null }>(
    tx,
    sql`with last as (select max(ended_at) as at from group_ending where group_id = ${groupId}),
        h as (select closed_as, parked_at from dead_letter_history where group_id = ${groupId} and closed_at > coalesce((select at from last), '-infinity'))
        select coalesce((select min(parked_at) from h where (select at from last) is not null), g.first_at) as "beganAt",
          (select (count(*) filter (where closed_as = 'resolved'))::int from h) as "processedN", (select (count(*) filter (where closed_as in ('discarded', 'by_hand')))::int from h) as "discardedN",
          (select (count(*) filter (where closed_as = 'gone'))::int from h) as "goneN",
          (select max(i.operation_id) from operation_item i join operation o using (operation_id) where i.group_id = g.group_id and o.requested_at > coalesce((select at from last), '-infinity')) as "operationId"
        from dead_letter_group g where g.group_id = ${groupId}`,
  );
  return found!;
}

type NewEnding = Ending & { sourceId: string; consumer: string; frame: string | null };

export async function insertEnding(tx: Db, one: NewEnding): Promise<void> {
  await tx.execute(
    sql`insert into group_ending (group_id, n, source_id, consumer, frame, began_at, ended_at, by_name, reason, operation_id, version, processed_n, discarded_n, gone_n)
        values (${one.groupId}, ${one.n}, ${one.sourceId}, ${one.consumer}, ${one.frame}, ${instant(one.beganAt)}, ${instant(one.endedAt)}, ${one.byName}, ${one.reason}, ${one.operationId}, ${one.version},
          ${one.processedN}, ${one.discardedN}, ${one.goneN})`,
  );
}

const columns: SQL = sql.raw(
  `e.group_id as "groupId", e.n, e.began_at as "beganAt", e.ended_at as "endedAt", e.by_name as "byName", e.reason, e.operation_id as "operationId", e.version, e.processed_n as "processedN", e.discarded_n as "discardedN", e.gone_n as "goneN"`,
);

/** When the same failure ended before, and what failed at the same call of the same consumer; the newest first. */
export const selectEndings = (
  db: Db,
  group: { groupId: number; sourceId: string; consumer: string; frame: string | null },
  most: number,
): Promise<(Ending & { errorType: string; zones: string[] })[]> =>
  rows<Ending & { errorType: string; zones: string[] }>(
    db,
    sql`select ${columns}, g.error_type as "errorType", g.zones from group_ending e join dead_letter_group g using (group_id)
          where e.source_id = ${group.sourceId} and e.consumer = ${group.consumer} and (e.group_id = ${group.groupId} or e.frame = ${group.frame}) order by e.ended_at desc limit ${most}`,
  );
