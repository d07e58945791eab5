import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { rows } from "../db/rows";

const GROUPS_MAX = 50;
const BYTES_MAX = 16_384;

/** Payloads of a zone's newest messages that Accord has, parked ones first, then those that were; long ones are left out. */
export async function selectPayloads(db: Db, zoneId: string, most: number): Promise<string[]> {
  const found = await rows<{ payload: string }>(
    db,
    sql`select p.payload from (select group_id from dead_letter_group where ${zoneId} = any(zones) order by last_at desc limit ${GROUPS_MAX}) g cross join lateral (
          (select 0 as closed, d.parked_at, b.payload::text as payload from dead_letter d join dead_letter_body b using (id)
            where d.group_id = g.group_id and b.payload is not null and b.payload_bytes <= ${BYTES_MAX} order by d.parked_at desc, d.id desc limit ${most}) union all
          (select 1, h.parked_at, h.body ->> 'payload' from dead_letter_history h
            where h.group_id = g.group_id and jsonb_typeof(h.body -> 'payload') <> 'null' and (h.body ->> 'payload_bytes')::bigint <= ${BYTES_MAX} order by h.parked_at desc, h.id desc limit ${most})) p
        order by p.closed, p.parked_at desc limit ${most}`,
  );
  return found.map(({ payload }) => payload);
}
