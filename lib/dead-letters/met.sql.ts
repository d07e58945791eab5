import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import type { Instant } from "../time";

/** A letter as its row was read when it was opened or followed last. */
type Met = { id: number; sourceDeadLetterId: string; messageId: string; parkedAt: Instant; attempts: number };
/** One that is open. */
export type Open = Met & { met: "open"; mark: null };
/** One that an operator closed. */
export type AsRead = Met & { met: "closed"; mark: string | null };
/** One that an operation is just taking back. */
export type Returning = { met: "returning"; id: number; sourceDeadLetterId: string; messageId: string };

/** What the store has of a page of letters. One may be met in several ways. */
export async function selectMet(
  tx: Db,
  sourceId: string,
  sourceDeadLetterIds: readonly string[],
): Promise<(Open | AsRead | Returning)[]> {
  if (sourceDeadLetterIds.length === 0) return [];
  const page = sql`source_id = ${sourceId} and source_seq = any(${list(sourceDeadLetterIds, "text")})`;
  return rows<Open | AsRead | Returning>(
    tx,
    sql`select 'open' as met, id, source_seq as "sourceDeadLetterId", message_id as "messageId", parked_at as "parkedAt", attempts, null::text as mark from dead_letter where ${page}
        union all select 'closed', dead_letter, source_seq, message_id, parked_at, attempts, source_mark from dead_letter_closed where ${page}
        union all select 'returning', i.dead_letter, i.source_seq, i.message_id, null, null, null from operation o join operation_item i using (operation_id)
          where o.ended_at is null and o.kind = 'take_back' and ${page}`,
  );
}
