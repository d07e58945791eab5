import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows } from "../db/rows";
import type { CallAnswer } from "../platform/answer.rules";
import type { Instant } from "../time";
import type { Item } from "./dispatch.sql";

/** What a service was asked for one item: how often, and what it last said. `nextAt` null: it is not asked again. */
export type Call = {
  calls: number;
  calledAt: Instant;
  answer: CallAnswer["answer"];
  words: string;
  answeredAt: Instant | null;
  /** When its tables first showed that it was taken up. */
  seenAt: Instant | null;
  nextAt: Instant | null;
};

export type DueCall = Item & { operationId: number; chunk: number; requestedByName: string; zones: string[] };

/** Items of running operations that a source's service is to be asked for now: those that it was never asked for first. */
export async function selectDueCalls(db: Db, sourceId: string, most: number): Promise<DueCall[]> {
  return rows<DueCall>(
    db,
    sql`select o.operation_id as "operationId", c.chunk, o.requested_by_name as "requestedByName", o.zones, i.item, i.dead_letter as "deadLetter", i.source_seq as "sourceDeadLetterId", i.consumer, i.message_id as "messageId", i.source_mark as mark
          from operation_chunk c join operation o using (operation_id) join operation_item i on i.operation_id = c.operation_id and i.item between c.item_from and c.item_to
            left join operation_outcome r on r.operation_id = i.operation_id and r.item = i.item left join operation_call k on k.operation_id = i.operation_id and k.item = i.item
          where c.source_id = ${sourceId} and c.state = 'sent' and o.state = 'running' and o.kind = 'retry' and r.item is null and (k.item is null or k.next_at <= clock_timestamp())
          order by coalesce(k.calls, 0), i.operation_id, i.item limit ${most}`,
  );
}

/**
 * Notes that a service is being asked, before it is: whoever dies on the way leaves it as what it is, a request without a known answer. Null:
 * another worker asks just now, or nobody is to ask any more.
 */
export async function claimCall(db: Db, operationId: number, item: number, leaseMs: number): Promise<number | null> {
  const claimed = await firstRow<{ calls: number }>(
    db,
    sql`insert into operation_call (operation_id, item, calls, called_at, answer, words, next_at)
          select o.operation_id, ${item}, 1, clock_timestamp(), 'unanswered', 'was asked, and no answer is known', clock_timestamp() + ${leaseMs}::float8 * interval '1 ms' from operation o
            where o.operation_id = ${operationId} and o.state = 'running' and not exists (select 1 from operation_outcome r where r.operation_id = o.operation_id and r.item = ${item})
        on conflict (operation_id, item) do update set calls = operation_call.calls + 1, called_at = excluded.called_at, answer = excluded.answer, words = excluded.words, answered_at = null, next_at = excluded.next_at
          where operation_call.next_at <= clock_timestamp() returning calls`,
  );
  return claimed?.calls ?? null;
}

/** What the service said to the call of that number. Nothing happens when it was asked again meanwhile. */
export async function noteCall(
  tx: Db,
  { operationId, item, calls }: { operationId: number; item: number; calls: number },
  { answer, words }: Pick<CallAnswer, "answer" | "words">,
  at: { answeredAt: Instant; againAfterMs: number | null },
): Promise<void> {
  await tx.execute(
    sql`update operation_call set answer = ${answer}, words = ${words}, answered_at = ${instant(at.answeredAt)}, next_at = clock_timestamp() + ${at.againAfterMs}::float8 * interval '1 ms'
          where operation_id = ${operationId} and item = ${item} and calls = ${calls}`,
  );
}

/** The service's tables show of these that they were taken up. */
export async function markSeen(db: Db, operationId: number, items: readonly number[], now: Instant): Promise<void> {
  await db.execute(
    sql`update operation_call set seen_at = ${instant(now)} where operation_id = ${operationId} and item = any(${list(items, "int")}) and seen_at is null`,
  );
}

/** What was asked for the open items of a chunk, by item. */
export async function selectCalls(db: Db, operationId: number, chunk: number): Promise<Map<number, Call>> {
  const found = await rows<Call & { item: number }>(
    db,
    sql`select k.item, k.calls, k.called_at as "calledAt", k.answer, k.words, k.answered_at as "answeredAt", k.seen_at as "seenAt", k.next_at as "nextAt"
          from operation_chunk c join operation_call k on k.operation_id = c.operation_id and k.item between c.item_from and c.item_to where c.operation_id = ${operationId} and c.chunk = ${chunk}`,
  );
  return new Map(found.map(({ item, ...call }) => [item, call]));
}
