import type { Service } from "./definition";

const KEPT = "6 hours";
const BATCH = 2_000;

/** Deletes a batch of events that were published long ago, oldest first; answers how many. */
export async function forgetPublished(service: Service): Promise<number> {
  const { rowCount } = await service.pool.query(
    `with oldest as (select position from messaging.outbox order by position limit $1)
     delete from messaging.outbox o using oldest
     where o.position = oldest.position and o.published_at < clock_timestamp() - $2::interval`,
    [BATCH, KEPT],
  );
  return rowCount ?? 0;
}
