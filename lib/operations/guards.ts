import { appendAudit } from "../audit/service";
import type { Db } from "../db/pool";
import type { Instant } from "../time";
import { addAnswers, markStopped, passCanaries, selectSpoiled } from "./guards.sql";
import { ANSWERED, FAILED, stopReason } from "./plan.rules";
import type { ItemOutcome } from "./rules";
import { insertEvent } from "./sql";

// What was never sent says nothing of the consumer.
const UNSENT: readonly string[] = ["cancelled", "behind"] satisfies ItemOutcome[];

/** Judges an operation by its new answers, in their transaction: whoever claims next finds it stopped, or its canary answered. */
export async function judgeAnswers(
  tx: Db,
  operationId: number,
  fresh: readonly { outcome: string }[],
  now: Instant,
): Promise<void> {
  const answers = fresh.filter(({ outcome }) => !UNSENT.includes(outcome));
  const failed = answers.filter(({ outcome }) => outcome === "failed_again");
  const letters = answers.map(({ outcome }) => (outcome === "failed_again" ? FAILED : ANSWERED)).join("");
  const judged = await addAnswers(tx, operationId, { judgedN: answers.length, failedN: failed.length, recent: letters }, now);
  // What has ended cannot stop.
  if (judged === null || judged.endedN === judged.itemsN) return;
  const reason = stopReason(judged, judged);
  if (reason !== null) await stop(tx, { operationId, zones: judged.zones }, reason, now);
}

/** Lets go on whose canary was watched without a new failure of its keys, and stops the others. */
export async function openGates(db: Db, now: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    for (const operationId of await passCanaries(tx))
      await insertEvent(tx, operationId, now, "The canary passed; the rest follows");
  });
  for (const spoiled of await selectSpoiled(db))
    await db.transaction((tx) => stop(tx, spoiled, "a message of the canary's keys was parked while it was watched", now));
}

async function stop(
  tx: Db,
  { operationId, zones }: { operationId: number; zones: string[] },
  reason: string,
  now: Instant,
): Promise<void> {
  if (!(await markStopped(tx, operationId, reason))) return;
  await insertEvent(tx, operationId, now, `Stopped by itself: ${reason}`);
  await appendAudit(tx, {
    at: now,
    actor: { kind: "worker", workerId: "worker" },
    action: "operation.pause",
    target: { kind: "operation", id: String(operationId), zones },
    result: "result",
    detail: { stopped: reason },
  });
}
