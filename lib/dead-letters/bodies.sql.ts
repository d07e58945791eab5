import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { Instant } from "../time";

/** What a file tells of a letter beside its row; the payload as JSON in text. */
export type FileBody = {
  id: number;
  errorMessage: string;
  payload: string | null;
  payloadBytes: number;
  payloadRemovedAt: Instant | null;
  payloadRemovedUnder: string | null;
  zones: string[];
};

const ofAll = (ids: readonly number[]) => list(ids, "bigint");

/** The wide parts of open letters. */
export async function selectBodies(db: Db, ids: readonly number[]): Promise<FileBody[]> {
  return rows<FileBody>(
    db,
    sql`select d.id, b.error_message as "errorMessage", b.payload::text as payload, b.payload_bytes as "payloadBytes", b.payload_removed_at as "payloadRemovedAt", b.payload_removed_under as "payloadRemovedUnder", g.zones
          from dead_letter d join dead_letter_body b using (id) join dead_letter_group g using (group_id) where d.id = any(${ofAll(ids)})`,
  );
}

/** Those of closed letters; one that was closed twice has the later. */
export async function selectClosedBodies(db: Db, ids: readonly number[]): Promise<FileBody[]> {
  return rows<FileBody>(
    db,
    sql`select distinct on (h.id) h.id, coalesce(h.body ->> 'error_message', '') as "errorMessage", nullif(h.body -> 'payload', 'null')::text as payload, coalesce((h.body ->> 'payload_bytes')::bigint, 0) as "payloadBytes",
            (h.body ->> 'payload_removed_at')::timestamptz as "payloadRemovedAt", h.body ->> 'payload_removed_under' as "payloadRemovedUnder", g.zones
          from dead_letter_history h join dead_letter_group g using (group_id) where h.id = any(${ofAll(ids)}) order by h.id, h.closed_at desc`,
  );
}
