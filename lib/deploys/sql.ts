import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { instant, list, rows } from "../db/rows";
import { limits } from "../sources/rules";
import type { Instant } from "../time";

/** One consumer of one source: what a mark stands on. */
export type Place = { sourceId: string; consumer: string };
export type ToldMark = Place & { version: string; kind: "deploy" | "rollback"; at: Instant };

const places = (of: readonly Place[]) =>
  sql`unnest(${list(
    of.map(({ sourceId }) => sourceId),
    "text",
  )}, ${list(
    of.map(({ consumer }) => consumer),
    "text",
  )}) p(source_id, consumer)`;

/** The marks that somebody told under a key. */
export function selectTold(db: Db, toldBy: string, requestKey: string): Promise<ToldMark[]> {
  return rows(
    db,
    sql`select source_id as "sourceId", consumer, version, kind, at from deploy where told_by = ${toldBy}::uuid and request_key = ${requestKey} order by source_id, consumer`,
  );
}

/** Sets a mark at each place; what was made out about the same version around that time gives way. Means something only under `lockVersions`. */
export async function insertTold(
  tx: Db,
  of: readonly Place[],
  mark: { version: string; kind: "deploy" | "rollback"; at: Instant; toldBy: string; requestKey: string },
): Promise<void> {
  await tx.execute(
    sql`delete from deploy d using ${places(of)} where d.source_id = p.source_id and d.consumer = p.consumer and d.version = ${mark.version}
        and d.told_by is null and d.kind <> 'first' and abs(extract(epoch from d.at - ${instant(mark.at)})) * 1000 <= ${limits.toldForMs}::int`,
  );
  await tx.execute(
    sql`insert into deploy (source_id, consumer, version, at, kind, told_by, request_key)
        select p.source_id, p.consumer, ${mark.version}, ${instant(mark.at)}, ${mark.kind}, ${mark.toldBy}::uuid, ${mark.requestKey} from ${places(of)}
        on conflict (source_id, consumer, at) do update set version = excluded.version, kind = excluded.kind, told_by = excluded.told_by, request_key = excluded.request_key`,
  );
}
