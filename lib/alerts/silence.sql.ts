import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Silence } from "./silence.rules";

const columns = sql.raw(
  `silence_id as "silenceId", kind, zone_id as "zoneId", condition, cause, starts_at as "startsAt", ends_at as "endsAt", reason, by_name as "byName", created_at as "createdAt", ended_at as "endedAt", ended_by_name as "endedByName"`,
);

/** Silences and maintenance that are not over, whoever's zones they are about; the first to begin first. */
export const selectSilences = (db: Db, now: Instant): Promise<Silence[]> =>
  rows<Silence>(
    db,
    sql`select ${columns} from silence where ends_at > ${instant(now)} and ended_at is null order by starts_at, silence_id`,
  );

/** The last that were over, of some zones; null is every zone. */
export const selectPastSilences = (db: Db, zones: readonly string[] | null, now: Instant, most: number): Promise<Silence[]> =>
  rows<Silence>(
    db,
    sql`select ${columns} from silence where (ends_at <= ${instant(now)} or ended_at is not null) and (zone_id is null or ${zones === null ? sql`true` : sql`zone_id = any(${list(zones, "text")})`})
          order by ends_at desc, silence_id desc limit ${most}`,
  );

export const selectSilence = (db: Db, silenceId: number): Promise<Silence | null> =>
  firstRow<Silence>(db, sql`select ${columns} from silence where silence_id = ${silenceId}`);

export type NewSilence = Omit<Silence, "silenceId" | "endedAt" | "endedByName"> & { byId: string };

export async function insertSilence(tx: Db, one: NewSilence): Promise<number> {
  const row = await firstRow<{ silenceId: number }>(
    tx,
    sql`insert into silence (kind, zone_id, condition, cause, starts_at, ends_at, reason, by_id, by_name, created_at)
        values (${one.kind}, ${one.zoneId}, ${one.condition}, ${one.cause}, ${instant(one.startsAt)}, ${instant(one.endsAt)}, ${one.reason}, ${one.byId}::uuid, ${one.byName}, ${instant(one.createdAt)}) returning silence_id as "silenceId"`,
  );
  return row!.silenceId;
}

/** Ends a silence before its time; false when it is over already. */
export const markSilenceEnded = async (tx: Db, silenceId: number, now: Instant, byName: string): Promise<boolean> =>
  (await touched(
    tx,
    sql`update silence set ended_at = ${instant(now)}, ended_by_name = ${byName} where silence_id = ${silenceId} and ended_at is null and ends_at > ${instant(now)}`,
  )) === 1;

/** Forgets silences that were over long ago. */
export const deleteOldSilences = (db: Db, before: Instant): Promise<number> =>
  touched(db, sql`delete from silence where ends_at < ${instant(before)}`);
