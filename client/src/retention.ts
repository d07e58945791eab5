import type { Producer } from "./service.js";
import { type Database, rowsOf } from "./sql.js";

/** How long rows are kept, as PostgreSQL writes it: `7 days`, `36 hours`. */
export type Kept = {
  /** Published events. */
  outbox: string;
  /** What was handled. A message whose row is gone is no longer known as a copy: keep longer than a broker may repeat. */
  inbox: string;
};

/** What counts where a service says nothing. */
export const usuallyKept: Kept = { outbox: "7 days", inbox: "30 days" };

const BATCH = 2_000;

/** Deletes a batch of what is older than is kept, and answers how much; the oldest events first. Accord needs none of it once it has seen it. */
export async function forget(
  { database, name }: Pick<Producer, "name"> & { database: Database },
  kept: Kept = usuallyKept,
): Promise<number> {
  const outbox = await rowsOf(
    database,
    `with oldest as (select position from messaging.outbox order by position limit ${BATCH})
     delete from messaging.outbox o using oldest
     where o.position = oldest.position and o.published_at < clock_timestamp() - $1::text::interval returning 1`,
    [kept.outbox],
  );
  const inbox = await rowsOf(
    database,
    `delete from messaging.inbox where (consumer, message_id) in (
       select consumer, message_id from messaging.inbox
        where consumer = $1::text and processed_at < now() - $2::text::interval order by processed_at limit ${BATCH}) returning 1`,
    [name, kept.inbox],
  );
  const duplicates = await rowsOf(
    database,
    `delete from messaging.inbox_duplicate where ctid in (
       select ctid from messaging.inbox_duplicate
        where consumer = $1::text and seen_at < now() - $2::text::interval order by seen_at limit ${BATCH}) returning 1`,
    [name, kept.inbox],
  );
  return outbox.length + inbox.length + duplicates.length;
}
