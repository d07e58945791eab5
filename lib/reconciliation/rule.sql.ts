import { sql } from "drizzle-orm";
import type { Db } from "../db/pool";
import { firstRow, instant, list, oneOf, rows } from "../db/rows";
import type { ZoneKey } from "../facts/rules";
import type { Instant } from "../time";
import { limits, type RunCursor, type ShapeNote } from "./rules";

export type RuleId = { zoneId: string; rule: string };
export type FollowedRule = RuleId & { everyMs: number; contractHash: string };

const idsOf = (rules: readonly RuleId[]) =>
  sql`unnest(${list(
    rules.map((one) => one.zoneId),
    "text",
  )}, ${list(
    rules.map((one) => one.rule),
    "text",
  )})`;

/** Makes the store's rules those of the contracts: a new one, or one that compares something else now, runs soon, spread over a while. */
export async function upsertRules(tx: Db, rules: readonly FollowedRule[], now: Instant): Promise<void> {
  await tx.execute(
    sql`with r as (select * from jsonb_to_recordset(${JSON.stringify(rules)}::jsonb) r("zoneId" text, rule text, "everyMs" float8, "contractHash" text)),
        changed as (delete from divergence d using r, reconciliation_rule old where old.zone_id = r."zoneId" and old.rule = r.rule and old.contract_hash <> r."contractHash"
          and d.zone_id = old.zone_id and d.rule = old.rule and d.state = 'candidate')
        insert into reconciliation_rule (zone_id, rule, contract_hash, next_run_at)
        select "zoneId", rule, "contractHash", ${instant(now)} + random() * least("everyMs", ${limits.firstRunWithinMs}::float8) * interval '1 ms' from r order by 1, 2
        on conflict (zone_id, rule) do update set contract_hash = excluded.contract_hash,
          next_run_at = case when reconciliation_rule.contract_hash <> excluded.contract_hash then excluded.next_run_at
            else least(reconciliation_rule.next_run_at, ${instant(now)} + (select "everyMs" from r where r."zoneId" = excluded.zone_id and r.rule = excluded.rule) * interval '1 ms') end,
          cursor = case when reconciliation_rule.contract_hash = excluded.contract_hash then reconciliation_rule.cursor end,
          retry_at = case when reconciliation_rule.contract_hash = excluded.contract_hash then reconciliation_rule.retry_at end`,
  );
}

/** The zones in which something of a rule that is not among these stands. */
export async function selectGoneZones(tx: Db, rules: readonly RuleId[]): Promise<string[]> {
  const found = await rows<{ zoneId: string }>(
    tx,
    sql`select zone_id as "zoneId" from reconciliation_rule where (zone_id, rule) not in (select * from ${idsOf(rules)})
        union select zone_id from divergence where state <> 'resolved' and (zone_id, rule) not in (select * from ${idsOf(rules)})`,
  );
  return found.map(({ zoneId }) => zoneId);
}

/** Ends what rules found that are not among these; answers the keys whose facts went. */
export async function endGoneRules(tx: Db, rules: readonly RuleId[], now: Instant): Promise<ZoneKey[]> {
  await tx.execute(sql`delete from reconciliation_rule where (zone_id, rule) not in (select * from ${idsOf(rules)})`);
  await tx.execute(
    sql`delete from divergence where state = 'candidate' and (zone_id, rule) not in (select * from ${idsOf(rules)})`,
  );
  return rows<ZoneKey>(
    tx,
    sql`with ended as (update divergence set state = 'resolved', resolution = 'rule gone', resolved_at = ${instant(now)}
          where state in ('open', 'accepted') and (zone_id, rule) not in (select * from ${idsOf(rules)}) returning zone_id, rule, key)
        delete from unresolved u using ended e where u.reason = 'divergence' and u.zone_id = e.zone_id and u.ref = e.zone_id || '/' || e.rule || '/' || e.key
        returning u.zone_id as "zoneId", u.business_key as "businessKey"`,
  );
}

/** Rules that have something to do: a run that is due or under way, or keys to be looked at again. The one that waits longest first. */
export async function selectDueRules(db: Db, now: Instant): Promise<RuleId[]> {
  return rows<RuleId>(
    db,
    sql`select r.zone_id as "zoneId", r.rule from reconciliation_rule r
          cross join lateral (select min(d.due_at) as due_at from divergence d where d.zone_id = r.zone_id and d.rule = r.rule and d.state <> 'resolved') d
        where (r.retry_at is null or r.retry_at <= ${instant(now)}) and (r.cursor is not null or r.next_run_at <= ${instant(now)} or d.due_at <= ${instant(now)})
        order by least(r.next_run_at, d.due_at)`,
  );
}

export type RuleRow = RuleId & {
  nextRunAt: Instant;
  cursor: RunCursor | null;
  ranAt: Instant | null;
  coveredAt: Instant | null;
  runMs: number | null;
  authorityN: number | null;
  projectionN: number | null;
  matchedN: number | null;
  candidatesN: number | null;
  coverage: number | null;
  sourceMs: number | null;
  bytesN: number | null;
  error: string | null;
  errorSince: Instant | null;
  notes: ShapeNote[];
  bulkSince: Instant | null;
  bulkN: number | null;
};

const ruleColumns = sql.raw(
  `zone_id as "zoneId", rule, next_run_at as "nextRunAt", cursor, ran_at as "ranAt", covered_at as "coveredAt", run_ms as "runMs", authority_n as "authorityN", projection_n as "projectionN", matched_n as "matchedN",
   candidates_n as "candidatesN", coverage, source_ms as "sourceMs", bytes_n as "bytesN", error, error_since as "errorSince", notes, bulk_since as "bulkSince", bulk_n as "bulkN"`,
);

export function selectRule(db: Db, { zoneId, rule }: RuleId): Promise<RuleRow | null> {
  return firstRow<RuleRow>(db, sql`select ${ruleColumns} from reconciliation_rule where zone_id = ${zoneId} and rule = ${rule}`);
}

/** When the last run that compared every key began: what it did not find differing agreed then. Null when no run reached its end. */
export async function selectAgreedAt(db: Db, { zoneId, rule }: RuleId): Promise<Instant | null> {
  const row = await firstRow<{ agreedAt: Instant | null }>(
    db,
    sql`select ran_at - run_ms * interval '1 millisecond' as "agreedAt" from reconciliation_rule where zone_id = ${zoneId} and rule = ${rule} and coverage = 1 and bulk_since is null`,
  );
  return row?.agreedAt ?? null;
}

/** How the rules of some zones go; null is every zone. */
export async function selectRules(db: Db, zones: readonly string[] | null): Promise<RuleRow[]> {
  return rows<RuleRow>(
    db,
    sql`select ${ruleColumns} from reconciliation_rule where ${oneOf(sql`zone_id`, zones)} order by zone_id, rule`,
  );
}

/** Where a run stands. */
export async function markPlace(tx: Db, { zoneId, rule }: RuleId, cursor: RunCursor): Promise<void> {
  await tx.execute(
    sql`update reconciliation_rule set cursor = ${JSON.stringify(cursor)}::jsonb where zone_id = ${zoneId} and rule = ${rule}`,
  );
}

/** A run has reached its end, or was stopped because more differs than is read one by one. */
export async function markRan(
  tx: Db,
  { zoneId, rule }: RuleId,
  cursor: RunCursor,
  end: { now: Instant; everyMs: number; coverage: number | null; bulk: boolean },
): Promise<void> {
  await tx.execute(
    sql`update reconciliation_rule set cursor = null, ran_at = ${instant(end.now)}, covered_at = case when ${end.coverage === 1} then ${instant(end.now)} else covered_at end, run_ms = ${Math.round(end.now - cursor.startedAt)}, authority_n = ${cursor.authorityN}, projection_n = ${cursor.projectionN},
          matched_n = ${cursor.matchedN}, candidates_n = ${cursor.candidatesN}, coverage = ${end.coverage}, source_ms = ${Math.round(cursor.sourceMs)}, bytes_n = ${cursor.bytesN},
          bulk_since = case when ${end.bulk} then coalesce(bulk_since, ${instant(end.now)}) end, bulk_n = case when ${end.bulk} then ${cursor.oldN}::int end,
          next_run_at = greatest(${instant(end.now)}, ${instant(cursor.startedAt + end.everyMs)})
        where zone_id = ${zoneId} and rule = ${rule}`,
  );
}

/** What its relations are like, and that it can be run. */
export async function markDescribed(db: Db, { zoneId, rule }: RuleId, notes: readonly ShapeNote[]): Promise<void> {
  await db.execute(
    sql`update reconciliation_rule set error = null, error_since = null, retry_at = null, notes = ${JSON.stringify(notes)}::jsonb
        where zone_id = ${zoneId} and rule = ${rule} and (error is not null or retry_at is not null or notes <> ${JSON.stringify(notes)}::jsonb)`,
  );
}

/** Why it cannot be run, in words; it is tried again later. */
export async function markFailed(
  db: Db,
  { zoneId, rule }: RuleId,
  error: string,
  retryInMs: number,
  now: Instant,
): Promise<void> {
  await db.execute(
    sql`update reconciliation_rule set error = ${error}, error_since = coalesce(error_since, ${instant(now)}), retry_at = ${instant(now + retryInMs)} where zone_id = ${zoneId} and rule = ${rule}`,
  );
}

/** A run is due now. */
export async function markRequested(tx: Db, { zoneId, rule }: RuleId, now: Instant): Promise<void> {
  await tx.execute(
    sql`update reconciliation_rule set next_run_at = least(next_run_at, ${instant(now)}), retry_at = null where zone_id = ${zoneId} and rule = ${rule}`,
  );
}
