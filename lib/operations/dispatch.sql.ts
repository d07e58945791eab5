import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched } from "../db/rows";
import type { Instant } from "../time";
import { room, tokens } from "./guards.sql";
import { limits, type OperationKind } from "./rules";

export type Chunk = {
  operationId: number;
  chunk: number;
  sourceId: string;
  claim: number;
  kind: OperationKind;
  reason: string;
  code: string | null;
  requestedByName: string;
  /** Its operation was cancelled meanwhile: nothing more is written for it. */
  cancelled: boolean;
  /** What is changed in each message before it is sent; null: nothing. */
  patch: string | null;
};

const patchOf = sql`(select e.patch from operation_edit e where e.operation_id = c.operation_id) as patch`;
const claimed = sql`c.operation_id as "operationId", c.chunk, c.source_id as "sourceId", c.claim, o.kind, o.reason, o.code, o.requested_by_name as "requestedByName", o.state = 'cancelled' as cancelled, ${patchOf}`;

/**
 * Claims a chunk of these sources whose worker has been silent too long, of whatever state its operation is: it may have been sent. Else the
 * next that its plan lets go. Null: nothing to do.
 */
export const claimChunk = async (db: Db, sourceIds: readonly string[], workerId: string): Promise<Chunk | null> =>
  (await claimSilent(db, sourceIds, workerId)) ?? (await claimNext(db, sourceIds, workerId));

async function claimSilent(db: Db, sourceIds: readonly string[], workerId: string): Promise<Chunk | null> {
  return firstRow<Chunk>(
    db,
    sql`with next as materialized (
          select c.operation_id, c.chunk from operation_chunk c
            where c.source_id = any(${list(sourceIds, "text")}) and c.state = 'claimed' and c.claimed_at < clock_timestamp() - ${limits.chunkLeaseMs}::float8 * interval '1 ms'
            order by c.operation_id, c.chunk limit 1 for update of c skip locked)
        update operation_chunk c set claimed_by = ${workerId}, claimed_at = clock_timestamp(), claim = c.claim + 1 from next, operation o
          where c.operation_id = next.operation_id and c.chunk = next.chunk and o.operation_id = c.operation_id returning ${claimed}`,
  );
}

// Looked up item by item: as a join, all outcomes of a large operation would be read for each chunk.
const outcomeOf = (item: string) =>
  sql.raw(`(select r.outcome from operation_outcome r where r.operation_id = i.operation_id and r.item = ${item})`);

// A chunk whose items follow others of their keys waits until each of these has ended.
const behindOpen = sql`select 1 from operation_item i where i.operation_id = c.operation_id and i.item between c.item_from and c.item_to and i.after_item is not null
  and ${outcomeOf("i.after_item")} is null`;

/**
 * Claims as much of the next chunk as its operation's plan lets go, and leaves the rest as a chunk of its own. The operation's row is held
 * while its room is read and taken, so that whoever claims, pauses, stops or changes the pace at the same moment has their turn after. What
 * waits is put in order before it is looked at, so that nobody asks of all that waits whether it may go.
 */
async function claimNext(db: Db, sourceIds: readonly string[], workerId: string): Promise<Chunk | null> {
  return firstRow<Chunk>(
    db,
    sql`with next as materialized (
          select c.operation_id, c.chunk, c.source_id, c.item_from, c.item_to, c.ordered, o.per_second, ${room} as room, ${tokens} as tokens
            from (select operation_id, chunk from operation_chunk where state = 'waiting' and source_id = any(${list(sourceIds, "text")}) order by 1, 2 offset 0) w
              join operation o on o.operation_id = w.operation_id join operation_chunk c on c.operation_id = w.operation_id and c.chunk = w.chunk
            where o.state = 'running' and o.ended_at is null and (o.opens_at is null or o.opens_at <= clock_timestamp()) and ${room} > 0
              and c.state = 'waiting' and (not c.ordered or not exists (${behindOpen}))
            order by w.operation_id, w.chunk limit 1 for update of o for update of c skip locked),
        cut as materialized (select next.*, least(item_to - item_from + 1, room) as n from next),
        counted as (update operation o set released_n = o.released_n + cut.n, tokens = case when cut.per_second is null then o.tokens else cut.tokens - cut.n end, tokens_at = clock_timestamp()
          from cut where o.operation_id = cut.operation_id),
        rest as (insert into operation_chunk (operation_id, chunk, source_id, item_from, item_to, ordered, state)
          select operation_id, item_from + n, source_id, item_from + n, item_to, ordered, 'waiting' from cut where n < item_to - item_from + 1)
        update operation_chunk c set state = 'claimed', claimed_by = ${workerId}, claimed_at = clock_timestamp(), claim = c.claim + 1, item_to = cut.item_from + cut.n - 1 from cut, operation o
          where c.operation_id = cut.operation_id and c.chunk = cut.chunk and o.operation_id = c.operation_id returning ${claimed}`,
  );
}

export type Item = {
  item: number;
  deadLetter: number;
  sourceDeadLetterId: string;
  consumer: string;
  messageId: string;
  mark: string | null;
};
/** An item that waits for its turn; `behind`: its key has an earlier item that did not get through. */
export type OpenItem = Item & { behind: boolean };

/** Items of a chunk that have no outcome yet. */
export async function selectOpenItems(db: Db, operationId: number, chunk: number): Promise<OpenItem[]> {
  return rows<OpenItem>(
    db,
    sql`select i.item, i.dead_letter as "deadLetter", i.source_seq as "sourceDeadLetterId", i.consumer, i.message_id as "messageId", i.source_mark as mark,
            coalesce(${outcomeOf("i.after_item")} in ('failed_again', 'behind', 'cancelled'), false) as behind from operation_chunk c
          join operation_item i on i.operation_id = c.operation_id and i.item between c.item_from and c.item_to
        where c.operation_id = ${operationId} and c.chunk = ${chunk} and ${outcomeOf("i.item")} is null order by i.item`,
  );
}

/** The chunk is with its source. Nothing happens when the claim went to another worker, who will find the same. */
export async function markSent(
  tx: Db,
  { operationId, chunk, claim }: Pick<Chunk, "operationId" | "chunk" | "claim">,
  now: Instant,
): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation_chunk set state = case when ended_n = item_to - item_from + 1 then 'settled' else 'sent' end, sent_at = coalesce(sent_at, ${instant(now)}), error = null
            where operation_id = ${operationId} and chunk = ${chunk} and state = 'claimed' and claim = ${claim}`,
    )) === 1
  );
}

/** The source did not answer: why, for the page; the claim runs out and somebody tries again. */
export async function markFailed(db: Db, { operationId, chunk, claim }: Chunk, error: string): Promise<void> {
  await db.execute(
    sql`update operation_chunk set error = ${error} where operation_id = ${operationId} and chunk = ${chunk} and claim = ${claim} and state = 'claimed'`,
  );
}

/** `movedAt`: when anything of its operation, or of what else is with its source, was last taken or ended. */
export type SentChunk = {
  operationId: number;
  chunk: number;
  uncertain: number[];
  requestedByName: string;
  cancelled: boolean;
  patch: string | null;
  zones: string[];
  sentAt: Instant | null;
  movedAt: Instant | null;
};

/** Chunks that are with their source and lack outcomes, in their order after a place. */
export async function selectSentChunks(
  db: Db,
  sourceId: string,
  after: { operationId: number; chunk: number } | null,
  most: number,
): Promise<SentChunk[]> {
  return rows<SentChunk>(
    db,
    sql`select c.operation_id as "operationId", c.chunk, c.uncertain, o.requested_by_name as "requestedByName", o.state = 'cancelled' as cancelled, ${patchOf}, o.zones, c.sent_at as "sentAt",
            greatest((select max(x.moved_at) from operation_chunk x where x.operation_id = c.operation_id and x.source_id = c.source_id), (select max(y.moved_at) from operation_chunk y where y.source_id = c.source_id and y.state = 'sent')) as "movedAt"
          from operation_chunk c join operation o using (operation_id) where c.source_id = ${sourceId} and c.state = 'sent' and (c.operation_id, c.chunk) > (${after?.operationId ?? 0}, ${after?.chunk ?? 0}) order by c.operation_id, c.chunk limit ${most}`,
  );
}

/** Something of the chunk is being worked on. */
export async function markMoved(db: Db, operationId: number, chunk: number, now: Instant): Promise<void> {
  await db.execute(
    sql`update operation_chunk set moved_at = ${instant(now)} where operation_id = ${operationId} and chunk = ${chunk} and state = 'sent'`,
  );
}

export async function markUncertain(db: Db, operationId: number, chunk: number, uncertain: readonly number[]): Promise<void> {
  await db.execute(
    sql`update operation_chunk set uncertain = ${list(uncertain, "int")} where operation_id = ${operationId} and chunk = ${chunk} and state = 'sent'`,
  );
}
