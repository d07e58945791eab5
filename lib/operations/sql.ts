import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, rows, touched, unnestOf } from "../db/rows";
import { inGroups, lettersWhere } from "../dead-letters/query.sql";
import type { Instant } from "../time";
import type { OperationKind, OperationState, Selection } from "./rules";

/** A group of which a selection means something, and the zones that it stands in. `held`: an operation holds some of the group. */
export type SelectedGroup = {
  groupId: number;
  title: string;
  sourceId: string;
  consumer: string;
  eventType: string;
  zones: string[];
  held: boolean;
};

/** How much of a group a selection means now: rows that are open, and those of them that are held or under way. */
export type Selected = SelectedGroup & { openN: number; claimedN: number; redeliveringN: number };

// Either names what it means, or is all that its queries mean.
function named({ messages, groups, queries }: Selection): SQL {
  if (queries && messages.length + groups.length === 0) return sql`true`;
  const each = sql`d.id = any(${list(messages, "bigint")})`;
  const whole = sql`d.group_id = any(${list(groups, "bigint")})`;
  // A list alone is found by its index, and its rows come in the order of that.
  return groups.length === 0 ? each : messages.length === 0 ? whole : sql`(${each} or ${whole})`;
}

// By the same rules as the list that showed it, and as of when it was shown.
function asked({ queries, scope, asOf }: Selection): SQL {
  if (!queries) return sql`true`;
  const at = asOf ?? 0;
  return lettersWhere(queries, "open", at, inGroups(queries, scope ?? null, at));
}

const able = ({ notOf = [] }: Selection): SQL =>
  notOf.length === 0 ? sql`true` : sql`d.source_id <> all(${list(notOf, "text")})`;

/** Dead letters `d` of a selection. */
export const chosen = (selection: Selection): SQL =>
  sql`${named(selection)} and ${asked(selection)} and ${able(selection)} and (${selection.asOf}::float8 is null or d.seen_at <= ${instant(selection.asOf)})
    and (${!selection.scope} or exists (select 1 from dead_letter_group seen where seen.group_id = d.group_id and seen.zones && ${list(selection.scope ?? [], "text")}))`;

const groupColumns = sql.raw(
  `g.group_id as "groupId", g.error_type || ': ' || left(g.template, 120) as title, g.source_id as "sourceId", g.consumer, g.event_type as "eventType", g.zones,
    exists (select 1 from dead_letter_claim c where c.group_id = g.group_id) as held`,
);

/** The groups that a selection means something of, the largest first. Nothing is counted: of a whole group one row is read. */
export async function selectGroups(db: Db, selection: Selection): Promise<SelectedGroup[]> {
  return rows<SelectedGroup>(
    db,
    sql`select ${groupColumns} from dead_letter_group g where exists (select 1 from dead_letter d where d.group_id = g.group_id and ${chosen(selection)}) order by g.open_n desc, 1`,
  );
}

/** Per group: how many of the selection are open, and how many of these an operation holds. */
export async function selectSelected(db: Db, selection: Selection): Promise<Selected[]> {
  return rows<Selected>(
    db,
    sql`select ${groupColumns}, n."openN", n."claimedN", n."redeliveringN"
        from (select d.group_id, count(*)::int as "openN", count(c.dead_letter)::int as "claimedN", count(*) filter (where d.state = 'redelivering' and c.dead_letter is null)::int as "redeliveringN"
            from dead_letter d left join dead_letter_claim c on c.dead_letter = d.id where ${chosen(selection)} group by 1) n
          join dead_letter_group g using (group_id) order by n."openN" desc, 1`,
  );
}

export async function countKeys(db: Db, selection: Selection): Promise<number> {
  return (await firstRow<{ n: number }>(
    db,
    sql`select count(distinct d.business_key)::int as n from dead_letter d left join dead_letter_claim c on c.dead_letter = d.id where ${chosen(selection)} and c.dead_letter is null`,
  ))!.n;
}

/** Who holds some of the selection; for the words of a conflict. */
export async function selectHolders(
  db: Db,
  selection: Selection,
): Promise<{ operationId: number; requestedByName: string; n: number }[]> {
  return rows(
    db,
    sql`select o.operation_id as "operationId", o.requested_by_name as "requestedByName", count(*)::int as n from dead_letter_claim c join dead_letter d on d.id = c.dead_letter join operation o using (operation_id)
          where ${chosen(selection)} group by 1, 2 order by 3 desc limit 3`,
  );
}

/** Moves the operation from one of the states; false when it is in none of them (any more). */
export async function moveState(
  tx: Db,
  operationId: number,
  from: readonly OperationState[],
  to: OperationState,
): Promise<boolean> {
  return (
    (await touched(
      tx,
      sql`update operation set state = ${to} where operation_id = ${operationId} and state = any(${list(from, "text")}) and ended_at is null`,
    )) === 1
  );
}

/** Notes a step. */
export async function insertEvent(tx: Db, operationId: number, at: Instant, text: string): Promise<void> {
  await tx.execute(sql`insert into operation_event (operation_id, at, text) values (${operationId}, ${instant(at)}, ${text})`);
}

/** Cancels what no worker has claimed: those items end as cancelled, and their dead letters are free. What is on its way goes on. */
export async function cancelWaiting(tx: Db, operationId: number, now: Instant): Promise<number> {
  const chunks = await rows<{ chunk: number; from: number; to: number }>(
    tx,
    sql`update operation_chunk set state = 'cancelled', ended_n = item_to - item_from + 1 where operation_id = ${operationId} and state = 'waiting' returning chunk, item_from as from, item_to as to`,
  );
  let cancelled = 0;
  for (const { chunk, from, to } of chunks) {
    const items = Array.from({ length: to - from + 1 }, (_, i) => ({
      item: from + i,
      outcome: "cancelled" as const,
      detail: null,
    }));
    cancelled += (await endItems(tx, operationId, chunk, items, now)).length;
  }
  return cancelled;
}

export type Ended = { item: number; outcome: string; detail: string | null };

/** Writes outcomes, once each, with the release of their claims and the counts of chunk and operation, in one transaction that holds the chunk. Answers those that were new. */
export async function endItems(
  tx: Db,
  operationId: number,
  chunk: number,
  ended: readonly Ended[],
  now: Instant,
): Promise<{ item: number; outcome: string }[]> {
  if (ended.length === 0) return [];
  const fresh = await rows<{ item: number; outcome: string }>(
    tx,
    // Claims by their letters: the index by operation, which the `+ 0` keeps out, would bring all of an operation's for each chunk.
    sql`with held as materialized (select 1 from operation_chunk where operation_id = ${operationId} and chunk = ${chunk} for update),
        fresh as (insert into operation_outcome (operation_id, item, outcome, detail, finished_at) select ${operationId}, i, o, d, ${instant(now)}
            from held, ${unnestOf("e", ended, { i: ["int", (e) => e.item], o: ["text", (e) => e.outcome], d: ["text", (e) => e.detail] })} order by i
          on conflict (operation_id, item) do nothing returning item, outcome),
        freed as (delete from dead_letter_claim c where c.dead_letter = any(array(
          select (select i.dead_letter from operation_item i where i.operation_id = ${operationId} and i.item = f.item) from fresh f)) and c.operation_id + 0 = ${operationId})
        select item, outcome from fresh`,
  );
  if (fresh.length === 0) return [];
  const counts: Record<string, number> = {};
  for (const { outcome } of fresh) counts[outcome] = (counts[outcome] ?? 0) + 1;
  // Counted anew: another worker may have ended others of the chunk before it was held.
  await tx.execute(
    sql`with c as (update operation_chunk set moved_at = ${instant(now)}, ended_n = e.n, state = case when state = 'sent' and e.n = item_to - item_from + 1 then 'settled' else state end,
            uncertain = case when state = 'sent' and e.n = item_to - item_from + 1 then '{}' else uncertain end
          from (select x.item_from as low, count(o.item)::int as n from operation_chunk x left join operation_outcome o on o.operation_id = x.operation_id and o.item between x.item_from and x.item_to
            where x.operation_id = ${operationId} and x.chunk = ${chunk} group by 1) e
          where operation_id = ${operationId} and chunk = ${chunk})
        update operation set ended = add_counts(ended, ${JSON.stringify(counts)}::jsonb), ended_n = ended_n + ${fresh.length} where operation_id = ${operationId}`,
  );
  return fresh;
}

export type EndedOperation = {
  operationId: number;
  kind: OperationKind;
  state: OperationState;
  title: string;
  zones: string[];
  ended: Record<string, number>;
  itemsN: number;
  edited: boolean;
};

/** Ends operations of which every item has an outcome; each once. Answers those that ended by this call. */
export async function endOperations(tx: Db, now: Instant): Promise<EndedOperation[]> {
  return rows<EndedOperation>(
    tx,
    sql`update operation set ended_at = ${instant(now)}, state = case when state = 'cancelled' then state else 'done' end where ended_at is null and ended_n = items_n and items_n > 0
        returning operation_id as "operationId", kind, state, title, zones, ended, items_n as "itemsN", exists (select from operation_edit e where e.operation_id = operation.operation_id) as edited`,
  );
}
