import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { hasOneOf, list, oneOf, rows } from "../db/rows";
import type { Instant } from "../time";
import { type ProofReason, type ProofState, worstFirst } from "./rules";

// A key that stands in several zones is as far as the one that is furthest behind.
const rank = sql`array_position(${list(worstFirst, "text")}, k.state)`;
const ofOperation = (operationId: number, zones: string[] | null): SQL =>
  sql`operation_key k where k.operation_id = ${operationId} and ${oneOf(sql`k.zone_id`, zones)}`;

/** How many delivered keys of an operation stand where, within the zones given. */
export async function selectProofCounts(
  db: Db,
  operationId: number,
  zones: string[] | null,
): Promise<{ state: ProofState; n: number }[]> {
  return rows<{ state: ProofState; n: number }>(
    db,
    sql`select (${list(worstFirst, "text")})[worst] as state, count(*)::int as n
          from (select min(${rank}) as worst from ${ofOperation(operationId, zones)} group by k.business_key) w group by worst`,
  );
}

/** How many keys an operation has within some zones, delivered or not. */
export async function countKeys(db: Db, operationId: number, zones: string[]): Promise<number> {
  const [total] = await rows<{ n: number }>(
    db,
    sql`select count(distinct i.business_key)::int as n from operation_item i left join dead_letter_group g using (group_id)
          where i.operation_id = ${operationId} and ${hasOneOf(sql`g.zones`, zones)}`,
  );
  return total!.n;
}

/** The state of every key in the order of their messages, a character each by `letters`; `.` for a key that nothing was delivered for. */
export async function selectProofGrid(
  db: Db,
  operationId: number,
  zones: string[] | null,
  letters: Record<ProofState, string>,
): Promise<string> {
  const [row] = await rows<{ grid: string | null }>(
    db,
    sql`select string_agg(coalesce((${list(
      worstFirst.map((state) => letters[state]),
      "text",
    )})[p.worst], '.'), '' order by i.first) as grid
          from (select i.business_key, min(i.item) as first from operation_item i left join dead_letter_group g using (group_id)
            where i.operation_id = ${operationId} and ${hasOneOf(sql`g.zones`, zones)} group by 1) i
          left join (select k.business_key, min(${rank}) as worst from ${ofOperation(operationId, zones)} group by 1) p using (business_key)`,
  );
  return row?.grid ?? "";
}

export type StoredProof = {
  zoneId: string;
  businessKey: string;
  state: ProofState;
  why: ProofReason | null;
  deliveredAt: Instant;
  checkedAt: Instant | null;
};

/** Keys in one of the states, in the order of their names. */
export async function selectProofs(
  db: Db,
  operationId: number,
  zones: string[] | null,
  wanted: { states: readonly ProofState[]; after: { businessKey: string; zoneId: string } | null },
  most: number,
): Promise<StoredProof[]> {
  return rows<StoredProof>(
    db,
    sql`select k.zone_id as "zoneId", k.business_key as "businessKey", k.state, k.why, k.delivered_at as "deliveredAt", k.checked_at as "checkedAt"
          from ${ofOperation(operationId, zones)} and ${oneOf(sql`k.state`, [...wanted.states])}
            and (${wanted.after?.businessKey ?? null}::text is null or (k.business_key, k.zone_id) > (${wanted.after?.businessKey ?? ""}, ${wanted.after?.zoneId ?? ""}))
          order by k.business_key, k.zone_id limit ${most}`,
  );
}
