import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { list, rows } from "../db/rows";
import { inZones, overlaps, type Scope } from "./scope.sql";

// Rows of one id that are looked at; an id that everything has is told by some of them.
const ROWS_MAX = 500;
// Of these the payloads are read.
const MASKED_MAX = 20;

/** Zones whose contracts mask something; `named`: the text could be shown there without a payload that tells. */
type Masked = { zones: readonly string[]; named: boolean };

/** What a correlation id ties together, a row for each letter and saga, where nothing is masked. */
export function selectCorrelated(
  db: Db,
  correlationId: string,
  scope: Scope,
  masked: Masked,
): Promise<{ businessKey: string; letters: number; sagas: number }[]> {
  const open = sql`not g.zones && ${list(masked.zones, "text")} and ${overlaps(sql`g.zones`, scope)}`;
  return rows(
    db,
    sql`(select d.business_key as "businessKey", 1 as letters, 0 as sagas from dead_letter_body b join dead_letter d using (id) join dead_letter_group g using (group_id)
           where b.correlation_id = ${correlationId} and ${open} limit ${ROWS_MAX}) union all
        (select h.business_key, 1, 0 from dead_letter_history h join dead_letter_group g using (group_id) where h.body ->> 'correlation_id' = ${correlationId} and ${open} limit ${ROWS_MAX}) union all
        (select business_key, 0, 1 from saga where correlation_id = ${correlationId} and (${masked.named} or zone_id <> all(${list(masked.zones, "text")})) and ${inZones(sql`zone_id`, scope)} limit ${ROWS_MAX})`,
  );
}

/** Letters of a correlation id in zones that mask, with the payload that says whether it may be shown there; some. */
export function selectCorrelatedMasked(
  db: Db,
  correlationId: string,
  scope: Scope,
  zones: readonly string[],
): Promise<{ businessKey: string; zones: string[]; payload: string | null }[]> {
  const inMasked = (of: SQL): SQL => sql`${of} && ${list(zones, "text")} and ${overlaps(of, scope)}`;
  return rows(
    db,
    sql`(select d.business_key as "businessKey", g.zones, b.payload::text as payload from dead_letter_body b join dead_letter d using (id) join dead_letter_group g using (group_id)
           where b.correlation_id = ${correlationId} and ${inMasked(sql`g.zones`)} limit ${MASKED_MAX}) union all
        (select h.business_key, g.zones, nullif(h.body -> 'payload', 'null')::text from dead_letter_history h join dead_letter_group g using (group_id)
           where h.body ->> 'correlation_id' = ${correlationId} and ${inMasked(sql`g.zones`)} limit ${MASKED_MAX})`,
  );
}
