import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import type { Answers, Limits, Plan } from "./plan.rules";

// More than any operation has: a limit that is not there.
const UNLIMITED = sql`2147483647`;

/** What may be sent at once at this pace: what gathered since the last claim, a second's worth at most. Of `operation o`. */
export const tokens: SQL = sql`least(greatest(1, o.per_second), o.tokens + coalesce(extract(epoch from clock_timestamp() - o.tokens_at), 0)::float8 * o.per_second)`;

/** How many items the plan lets go now: cap in flight, canary and pace. Every figure stands on `operation o`, whose row the claim holds. */
export const room: SQL = sql`least(coalesce(o.in_flight_max - (o.released_n - o.ended_n), ${UNLIMITED}),
  case when o.canary_passed_at is null then coalesce(o.canary_n - o.released_n, ${UNLIMITED}) else ${UNLIMITED} end,
  case when o.per_second is null then ${UNLIMITED} else floor(${tokens})::int end)`;

export type Judged = Answers &
  Pick<Plan, "stopPercent" | "stopWindow" | "canaryN"> & { itemsN: number; endedN: number; releasedN: number; zones: string[] };

/** Adds answers to what the stop rule looks at, and notes when the canary's last came. Null for an operation without stop limit and canary. */
export async function addAnswers(tx: Db, operationId: number, answers: Answers, now: Instant): Promise<Judged | null> {
  return firstRow<Judged>(
    tx,
    sql`update operation set judged_n = judged_n + ${answers.judgedN}, failed_n = failed_n + ${answers.failedN}, recent = right(recent || ${answers.recent}, stop_window),
          canary_ended_at = case when canary_ended_at is null and ended_n >= least(canary_n, items_n) then ${instant(now)} else canary_ended_at end
        where operation_id = ${operationId} and (stop_percent is not null or canary_n is not null)
        returning judged_n as "judgedN", failed_n as "failedN", recent, stop_percent as "stopPercent", stop_window as "stopWindow", canary_n as "canaryN", items_n as "itemsN", ended_n as "endedN", released_n as "releasedN", zones`,
  );
}

/** Pauses an operation by its own rule; false when it was stopped before, or is not under way. */
export async function markStopped(tx: Db, operationId: number, reason: string): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation set state = 'paused', stop_reason = ${reason} where operation_id = ${operationId} and state in ('running', 'paused') and stop_reason is null and ended_at is null`,
    )) === 1
  );
}

// Canaries that were answered and watched for as long as was asked.
const watched = sql`o.state = 'running' and o.ended_at is null and o.canary_n is not null and o.canary_passed_at is null and o.canary_ended_at + o.watch_ms * interval '1 ms' <= clock_timestamp()`;
// What was parked of the canary's keys after its message had been applied.
const parkedAfter = sql`select 1 from operation_outcome r join operation_item i using (operation_id, item) join dead_letter d on d.business_key = i.business_key and d.id <> i.dead_letter
  where r.operation_id = o.operation_id and r.outcome = 'succeeded' and i.business_key <> '' and d.state = 'parked' and d.parked_at > r.finished_at`;

/** Lets go on what was watched and showed nothing. Answers which. */
export async function passCanaries(db: Db): Promise<number[]> {
  const passed = await rows<{ operationId: number }>(
    db,
    sql`update operation o set canary_passed_at = clock_timestamp() where ${watched} and o.canary_then = 'go' and not exists (${parkedAfter}) returning o.operation_id as "operationId"`,
  );
  return passed.map(({ operationId }) => operationId);
}

/** Operations whose canary was applied, and had its keys parked again within the watch. */
export async function selectSpoiled(db: Db): Promise<{ operationId: number; zones: string[] }[]> {
  return rows(
    db,
    sql`select o.operation_id as "operationId", o.zones from operation o where ${watched} and o.stop_reason is null and exists (${parkedAfter})`,
  );
}

/** Opens the canary's gate at somebody's word; false while it has no answer, or when it is open. */
export async function openGate(tx: Db, operationId: number): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation set canary_passed_at = clock_timestamp() where operation_id = ${operationId} and state = 'running' and canary_n is not null and canary_ended_at is not null and canary_passed_at is null`,
    )) === 1
  );
}

/** Goes on after a pause. After a stop: judged from here on, and past a canary that was answered, since a person saw what it showed. */
export async function resumeState(tx: Db, operationId: number): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation set state = 'running', stop_reason = null, judged_n = case when stop_reason is null then judged_n else 0 end,
            canary_passed_at = case when stop_reason is not null and canary_ended_at is not null then coalesce(canary_passed_at, clock_timestamp()) else canary_passed_at end,
            failed_n = case when stop_reason is null then failed_n else 0 end, recent = case when stop_reason is null then recent else '' end
          where operation_id = ${operationId} and state = 'paused' and ended_at is null`,
    )) === 1
  );
}

/** Takes an operation back of which nothing has left, within its time. */
export async function undoState(tx: Db, operationId: number, now: Instant): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation set state = 'cancelled' where operation_id = ${operationId} and state in ('running', 'paused') and released_n = 0 and undo_until > ${instant(now)}`,
    )) === 1
  );
}

/** Changes what is held to from now on; nothing gathered under the old pace is spent under the new one. */
export async function updateLimits(tx: Db, operationId: number, limits: Limits): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation set per_second = ${limits.perSecond}::float8, in_flight_max = ${limits.inFlightMax}::int, stop_percent = ${limits.stopPercent}::int,
            tokens = case when per_second is not distinct from ${limits.perSecond}::float8 then tokens else 0 end, tokens_at = case when per_second is not distinct from ${limits.perSecond}::float8 then tokens_at else clock_timestamp() end
          where operation_id = ${operationId} and state in ('running', 'paused') and ended_at is null`,
    )) === 1
  );
}
