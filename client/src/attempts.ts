import { setTimeout as sleep } from "node:timers/promises";
import { attemptOf, endedIn, failureOf } from "./failure.js";
import type { Message } from "./message.js";
import { park } from "./parking.js";
import { type Attempt, type Outcome, type Service, usualBackoff, waitAfter } from "./service.js";
import type { Sql } from "./sql.js";

/** How one attempt ended: as the handler said, parked since it was the last one, or failed and to be made again after a while. */
export type Attempted = { outcome: Outcome | "parked" } | { outcome: "failed"; log: Attempt[]; againInMs: number };

/** What is attempted, in a transaction of its own; `alsoWhenParked` goes into the transaction that puts the message aside. */
export type Work<Tx extends Sql> = {
  message: Message;
  run: (tx: Tx, attempts: number) => Promise<Outcome>;
  alsoWhenParked?: (tx: Sql) => Promise<unknown>;
};

/** Makes one attempt; `log` holds the failed ones before it. Throws when the database is away, which counts as no attempt. */
export async function attemptOnce<Tx extends Sql>(service: Service<Tx>, work: Work<Tx>, log: Attempt[]): Promise<Attempted> {
  const startedAt = Date.now();
  const ended = await endedIn(service.database, (tx) => work.run(tx, log.length + 1));
  if (ended.ok) return { outcome: ended.value };
  const failure = failureOf(ended.error);
  const attempts = [...log, attemptOf(failure, startedAt)];
  const backoff = service.backoff ?? usualBackoff;
  if (attempts.length < backoff.attempts)
    return { outcome: "failed", log: attempts, againInMs: waitAfter(attempts.length, backoff) };
  await service.database.transaction(async (tx) => {
    await park(tx, service, work.message, failure, attempts);
    await work.alsoWhenParked?.(tx);
  });
  return { outcome: "parked" };
}

/** Makes attempts until one succeeds or the last has failed, waiting in this process between them; throws when `signal` ends a wait. */
export async function attemptAll<Tx extends Sql>(
  service: Service<Tx>,
  work: Work<Tx>,
  signal?: AbortSignal,
): Promise<Outcome | "parked"> {
  let log: Attempt[] = [];
  for (;;) {
    const attempted = await attemptOnce(service, work, log);
    if (attempted.outcome !== "failed") return attempted.outcome;
    log = attempted.log;
    await sleep(attempted.againInMs, undefined, { signal });
  }
}
