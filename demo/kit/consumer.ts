import { setTimeout as sleep } from "node:timers/promises";
import { consumeOnce, inLanes } from "../../client/src";
import type { Delivery } from "./broker";
import type { Service } from "./definition";

const BATCH = 40;
// Few enough that the fault is over when it is stopped, and not a batch later.
const SLOW_BATCH = 4;
const OUTAGE_RETRY_MS = 1_000;

/** Takes a batch from the broker and handles each message in a transaction of its own. What was handled is acknowledged together. */
export async function consume(service: Service): Promise<number> {
  // Asked before taking anything: messages wait better in the broker than in a service without a database.
  await service.pool.query("select 1");
  const slow = service.faults.has("slow-consumer") && service.name === "notification-service";
  const deliveries = await service.broker.take(service.name, slow ? SLOW_BATCH : BATCH);
  const done: number[] = [];
  await inLanes(
    service.lanes!,
    deliveries,
    (each) => each.message.business_key,
    async (delivery) => {
      if (slow) await sleep(service.slowMs);
      if (await handled(service, delivery)) done.push(delivery.id);
    },
  );
  if (done.length > 0) await service.broker.acknowledge(done);
  return deliveries.length;
}

async function handled(service: Service, { id, message, attempt_log }: Delivery): Promise<boolean> {
  // It throws while the database is away, which is no attempt.
  const attempted = await consumeOnce(service, message, attempt_log).catch(() => null);
  if (attempted === null) await service.broker.retryLater(id, OUTAGE_RETRY_MS, null);
  else if (attempted.outcome === "failed") await service.broker.retryLater(id, attempted.againInMs, attempted.log.at(-1)!);
  else return true;
  return false;
}
