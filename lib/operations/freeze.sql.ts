import { type SQL, sql } from "drizzle-orm";
import { StoreFault } from "../db/fault";
import type { Db } from "../db/pool";
import { firstRow, instant, list } from "../db/rows";
import type { Instant } from "../time";
import { capOf, type Opening, type Plan } from "./plan.rules";
import { limits, type OperationKind, type Selection } from "./rules";
import { chosen } from "./sql";

export type NewOperation = {
  operationId: number;
  kind: OperationKind;
  requestedBy: string;
  requestedByName: string;
  requestedAt: Instant;
  reason: string;
  ticket: string | null;
  scope: string;
  zones: string[];
  consumers: string[];
  code: string | null;
  evidence: string | null;
  plan: Plan;
  retryOf: number | null;
};

export async function nextOperationId(db: Db): Promise<number> {
  return (await firstRow<{ id: number }>(db, sql`select nextval('operation_operation_id_seq') as id`))!.id;
}

/** Makes the operation, empty, with the limits it keeps to; its title comes when it begins. */
export async function insertOperation(tx: Db, o: NewOperation): Promise<void> {
  const { plan } = o;
  await tx.execute(
    sql`insert into operation (operation_id, kind, state, requested_by, requested_by_name, requested_at, reason, ticket, code, evidence, title, scope, zones, consumers, items_n, keys_n,
          canary_n, watch_ms, canary_then, stop_percent, stop_window, per_second, in_flight_max, retry_of)
        overriding system value values (${o.operationId}, ${o.kind}, 'running', ${o.requestedBy}, ${o.requestedByName}, ${instant(o.requestedAt)}, ${o.reason}, ${o.ticket}, ${o.code}, ${o.evidence},
          '', ${o.scope}, ${list(o.zones, "text")}, ${list(o.consumers, "text")}, 0, 0,
          ${plan.canaryN}::int, ${plan.watchMs}, ${plan.canaryThen}, ${plan.stopPercent}::int, ${plan.stopWindow}, ${plan.perSecond}::float8, ${capOf(plan)}::int, ${o.retryOf}::bigint)`,
  );
}

const letterColumns = sql.raw(
  "d.id, d.source_id, d.source_seq, d.group_id, g.consumer, d.message_id, d.business_key, d.source_mark, d.version, d.since",
);

/** What is parked of a selection. */
const parkedOf = (selection: Selection): SQL =>
  sql`select ${letterColumns} from dead_letter d join dead_letter_group g using (group_id) where ${chosen(selection)} and d.state = 'parked'`;

/** Closed letters by their numbers, or what an operation closed. */
export type Closed = { messages: readonly number[]; operationId: number | null };

/** What an operator closed, named by number or by the operation that did, and that is open nowhere: its last closing counts. */
export const closedOf = ({ messages, operationId }: Closed): SQL => {
  // One or the other: with an `or` between them no index of the history is used.
  const meant =
    operationId === null
      ? sql`id = any(${list(messages, "bigint")})`
      : sql`id in (select dead_letter from operation_item where operation_id = ${operationId}::bigint)`;
  return sql`select h.id, h.source_id, h.source_seq, h.group_id, g.consumer, h.message_id, h.business_key, null::text as source_mark, h.version, coalesce(h.occurred_at, h.parked_at) as since
      from (select distinct on (id) * from dead_letter_history where ${meant} order by id, closed_at desc) h
        join dead_letter_group g using (group_id)
      where h.closed_by is not null and (${operationId}::bigint is null or h.closed_by = ${operationId}::bigint) and not exists (select 1 from dead_letter d where d.id = h.id or d.source_id = h.source_id and d.source_seq = h.source_seq)`;
};

export type Frozen = { itemsN: number; keysN: number; zones: string[]; outside: number };

/** What is parked of a selection, or what was closed by hand. */
type Which = { selection: Selection } | { closed: Closed };

/**
 * Freezes the list: claims every letter meant that is free, and writes one item for each. First what is the first of its
 * consumer and key, oldest first; then what follows it, after the item it waits for; and so on. Only a retry has an order to keep. What another
 * operation claims at the same moment is decided by the claim's key; claims are taken in the order of their key, so that two overlapping
 * selections never wait for each other in a circle. Answers how many, over how many keys, and the zones they stand in.
 *
 * As a rule nobody else holds any of them, and then a claim costs less than half when nothing is said of conflicts: so it is tried first, and
 * where somebody does, what was begun is undone and done again past them. `held`: that somebody does is known already.
 */
export async function freezeItems(tx: Db, operationId: number, kind: OperationKind, which: Which, held = false): Promise<Frozen> {
  const freeze = async (db: Db, claims: SQL) =>
    (await firstRow<Frozen>(db, frozenBy(operationId, kind === "retry", which, claims)))!;
  const past = sql`claimed as (${claimsOf(operationId)} on conflict (dead_letter) do nothing returning dead_letter),
        free as materialized (select found.* from found join claimed on dead_letter = id)`;
  if (held) return freeze(tx, past);
  try {
    const all = sql`claimed as (${claimsOf(operationId)}), free as not materialized (select * from found)`;
    return await tx.transaction((part) => freeze(part, all));
  } catch (error) {
    if (!isHeld(error)) throw error;
    return freeze(tx, past);
  }
}

const claimsOf = (operationId: number): SQL =>
  sql`insert into dead_letter_claim (dead_letter, operation_id, group_id) select id, ${operationId}::bigint, group_id from found order by id`;

/** Whether a statement ended because another operation holds one of its letters: nothing else that it writes was there before. */
const isHeld = (error: unknown): boolean => error instanceof StoreFault && error.code === "23505";

/** The list of what is `free` among what was `found`, as `claims` says, written down. */
function frozenBy(operationId: number, inOrder: boolean, which: Which, claims: SQL): SQL {
  return sql`with found as materialized (${"closed" in which ? closedOf(which.closed) : parkedOf(which.selection)}),
        ${claims},
        per_key as materialized (select business_key, count(*) as n from free group by 1),
        ranked as (select id, row_number() over (partition by source_id, consumer, business_key order by version, since, id) as place from free join per_key using (business_key) where ${inOrder} and n > 1 and business_key <> ''),
        numbered as materialized (select free.*, place, coalesce(place, 1) as wave, row_number() over (order by coalesce(place, 1), source_id, since, id) as item from free left join ranked using (id)),
        items as (insert into operation_item (operation_id, item, dead_letter, source_id, source_seq, group_id, consumer, message_id, business_key, source_mark, after_item)
          select ${operationId}::bigint, item, id, source_id, source_seq, group_id, consumer, message_id, business_key, source_mark, null from numbered where place is null
          union all select ${operationId}::bigint, item, id, source_id, source_seq, group_id, consumer, message_id, business_key, source_mark, lag(item) over (partition by source_id, consumer, business_key order by item) from numbered where place is not null),
        parts as (select source_id, wave, min(item) as first, max(item) as last, case when wave = 1 then ${limits.chunkSize}::int else ${limits.chunkSizeOrdered}::int end as size from numbered group by source_id, wave),
        chunks as (insert into operation_chunk (operation_id, chunk, source_id, item_from, item_to, ordered, state)
          select ${operationId}::bigint, s, source_id, s, least(s + size - 1, last), wave > 1, 'waiting' from parts cross join generate_series(first, last, size) s),
        touched as materialized (select zones from dead_letter_group where group_id = any(array(select distinct group_id from free))),
        z as (select distinct unnest(zones) as zone from touched)
        select (select coalesce(sum(n), 0)::int from per_key) as "itemsN", (select count(*)::int from per_key) as "keysN", coalesce((select array_agg(zone order by zone) from z), '{}') as zones,
          (select count(*)::int from touched where cardinality(zones) = 0) as outside`;
}

/** Says of the operation what was frozen, which may be less than what was selected, and lets it begin: when its plan says, or when it is approved. */
export async function beginOperation(
  tx: Db,
  operationId: number,
  { title, frozen, state }: { title: string; frozen: Frozen; state: "awaiting" | "running" },
  { opensAt, undoUntil }: Opening,
): Promise<void> {
  await tx.execute(
    sql`update operation set title = ${title}, zones = ${list(frozen.zones, "text")}, items_n = ${frozen.itemsN}, keys_n = ${frozen.keysN}, state = ${state},
          opens_at = ${instant(opensAt)}, undo_until = ${instant(undoUntil)} where operation_id = ${operationId}`,
  );
}
