import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, rows, touched } from "../db/rows";
import type { Kind } from "../facts/rules";
import type { Instant } from "../time";
import type { Detail, DivergenceState, FieldDifference, Moment, Resolution } from "./rules";

/** A divergence as it is stored, without what only the worker judges it by. */
export type Divergence = {
  divergenceId: number;
  zoneId: string;
  rule: string;
  businessKey: string;
  key: string;
  kind: Kind;
  detail: Detail | null;
  state: DivergenceState;
  since: Instant;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  confirmedAt: Instant | null;
  resolvedAt: Instant | null;
  resolution: Resolution | null;
  acceptedUntil: Instant | null;
  explainedBy: string | null;
  seenN: number;
  dueAt: Instant;
  version: string | null;
  changedAt: string | null;
  fields: FieldDifference[];
  history: Moment[];
};

/** One divergence with both sides and what became of it; null when there is none of that id. */
export function selectDivergence(db: Db, divergenceId: number): Promise<Divergence | null> {
  return firstRow<Divergence>(
    db,
    sql`select divergence_id as "divergenceId", zone_id as "zoneId", rule, business_key as "businessKey", key, kind, detail, state, since, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt",
          confirmed_at as "confirmedAt", resolved_at as "resolvedAt", resolution, accepted_until as "acceptedUntil", explained_by as "explainedBy", seen_n as "seenN", due_at as "dueAt", version, changed_at as "changedAt", fields, history
        from divergence where divergence_id = ${divergenceId}`,
  );
}

/** An open divergence is accepted until then; false when it is not open (any more). */
export const markAccepted = async (tx: Db, divergenceId: number, until: Instant): Promise<boolean> =>
  (await touched(
    tx,
    sql`update divergence set state = 'accepted', accepted_until = ${instant(until)} where divergence_id = ${divergenceId} and state = 'open'`,
  )) === 1;

/** Takes a divergence out of what keeps its key open; answers the key that changed. */
export const deleteFact = (
  tx: Db,
  { zoneId, rule, key }: Pick<Divergence, "zoneId" | "rule" | "key">,
): Promise<{ zoneId: string; businessKey: string }[]> =>
  rows(
    tx,
    sql`delete from unresolved where reason = 'divergence' and zone_id = ${zoneId} and ref = ${`${zoneId}/${rule}/${key}`} returning zone_id as "zoneId", business_key as "businessKey"`,
  );

/** Has a divergence looked at at once, and its rule tried again at once; false when it is settled. */
export async function markDue(tx: Db, divergenceId: number, now: Instant): Promise<boolean> {
  const found = await firstRow(
    tx,
    sql`with d as (update divergence set due_at = least(due_at, ${instant(now)}) where divergence_id = ${divergenceId} and state <> 'resolved' returning zone_id, rule),
          r as (update reconciliation_rule r set retry_at = null from d where r.zone_id = d.zone_id and r.rule = d.rule)
        select 1 from d`,
  );
  return found !== null;
}
