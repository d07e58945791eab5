import { transaction } from "./cluster";
import type { Service } from "./definition";
import { messageOf, selectMessage } from "./message";

const BATCH = 100;

/** Publishes what waits in the outbox. Published first, marked afterwards: a crash between the two sends a message twice, never not at all. */
export async function relay(service: Service): Promise<number> {
  if (service.faults.has("stopped-relay") && service.name === "order-service") return 0;
  let positions: number[] = [];
  try {
    return await transaction(service.pool, async (tx) => {
      const { rows } = await tx.query(
        `select position, ${selectMessage("o")} from messaging.outbox o
         where published_at is null order by position limit $1 for update skip locked`,
        [BATCH],
      );
      positions = rows.map((row) => row.position);
      if (rows.length === 0) return 0;
      await service.broker.publish(rows.map(messageOf), service.faults);
      await tx.query(
        "update messaging.outbox set published_at = clock_timestamp(), attempts = attempts + 1, last_error = null where position = any($1)",
        [positions],
      );
      return rows.length;
    });
  } catch (error) {
    if (positions.length > 0)
      await service.pool.query(
        "update messaging.outbox set attempts = attempts + 1, last_error = $2 where position = any($1) and published_at is null",
        [positions, error instanceof Error ? error.message : String(error)],
      );
    throw error;
  }
}
