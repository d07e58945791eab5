import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery } from "./broker";
import { isOutage, transaction } from "./cluster";
import type { Backoff, Service } from "./definition";
import { attemptOf, failureOf } from "./failure";
import { releaseHeld } from "./held";
import { receive, turnOf } from "./inbox";
import { inLanes } from "./lanes";
import { park } from "./parking";

const BATCH = 40;
// Few enough that the fault is over when it is stopped, and not a batch later.
const SLOW_BATCH = 4;
const OUTAGE_RETRY_MS = 1_000;

/** Takes a batch from the broker and handles each message in a transaction of its own. What was handled is acknowledged together. */
export async function consume(service: Service): Promise<number> {
  if (service.faults.has("stopped-consumer") && service.name === "notification-service") return 0;
  // Asked before taking anything: messages wait better in the broker than in a service without a database.
  await service.pool.query("select 1");
  const slow = service.faults.has("slow-consumer") && service.name === "notification-service";
  const deliveries = await service.broker.take(service.name, slow ? SLOW_BATCH : BATCH);
  const done: number[] = [];
  await inLanes(
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

async function handled(service: Service, delivery: Delivery): Promise<boolean> {
  const { message } = delivery;
  const attempts = delivery.attempts + 1;
  const startedAt = Date.now();
  try {
    const outcome = await transaction(
      service.pool,
      (tx) => receive(tx, service, message, { attempts }),
      turnOf(service, message.business_key),
    );
    if (outcome === "applied") await releaseHeld(service, message.business_key);
    return true;
  } catch (error) {
    if (isOutage(error)) {
      await service.broker.retryLater(delivery.id, OUTAGE_RETRY_MS, null);
      return false;
    }
    const failure = failureOf(error);
    const log = [...delivery.attempt_log, attemptOf(failure, startedAt)];
    if (attempts >= service.backoff.attempts) {
      await park(service, message, failure, log);
      return true;
    }
    await service.broker.retryLater(delivery.id, waitAfter(attempts, service.backoff), log.at(-1)!);
    return false;
  }
}

/** How long to wait after this many failed attempts: exponential, with a ceiling. */
export function waitAfter(attempts: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(firstMs * 2 ** (attempts - 1), maxMs);
}
