import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import { limits } from "../sources/rules";
import type { Instant } from "../time";

/** One consumer of one source: what a mark stands on. */
export type Place = { sourceId: string; consumer: string };
export type ReportedMark = Place & { version: string; kind: "deploy" | "rollback"; at: Instant };

const places = (of: readonly Place[]) =>
  sql`unnest(${list(
    of.map(({ sourceId }) => sourceId),
    "text",
  )}, ${list(
    of.map(({ consumer }) => consumer),
    "text",
  )}) p(source_id, consumer)`;

/** Sets a mark at each place and gives them; what was made out about the same version around that time gives way. Means something only under `lockVersions`. */
export async function insertReported(
  tx: Db,
  of: readonly Place[],
  mark: { version: string; kind: "deploy" | "rollback"; at: Instant; reportedBy: string },
): Promise<ReportedMark[]> {
  await tx.execute(
    sql`delete from deploy d using ${places(of)} where d.source_id = p.source_id and d.consumer = p.consumer and d.version = ${mark.version}
        and d.reported_by is null and d.kind <> 'first' and abs(extract(epoch from d.at - ${instant(mark.at)})) * 1000 <= ${limits.toldForMs}::int`,
  );
  return rows<ReportedMark>(
    tx,
    sql`with set as (insert into deploy (source_id, consumer, version, at, kind, reported_by)
          select p.source_id, p.consumer, ${mark.version}, ${instant(mark.at)}, ${mark.kind}, ${mark.reportedBy}::uuid from ${places(of)}
          on conflict (source_id, consumer, at) do update set version = excluded.version, kind = excluded.kind, reported_by = excluded.reported_by
          returning source_id as "sourceId", consumer, version, kind, at)
        select * from set order by 1, 2`,
  );
}
